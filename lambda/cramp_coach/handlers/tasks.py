"""Custom tasks: what a routine, a quick link or another skill can start without a word being spoken.

A task is called after its event, and is declared in skill-package/tasks/ and in the manifest. Amazon's "Implement
Custom Tasks in Your Skill": it arrives as a LaunchRequest that names it, and ends with a Tasks.CompleteTask directive.
Ours is a conversation like any other, so it is complete when the skill closes the session; someone who falls asleep
in the middle leaves it incomplete, which is true.
"""

from __future__ import annotations

from typing import Any

from ask_sdk_core.handler_input import HandlerInput

from ..conversation import MUSCLES, Event
from .reading import request_of

# A task takes one input, which is enough for a routine and what a quick link asks for: its name, and what it may be.
TASKS = {"CrampNow": ("muscle", MUSCLES), "BedtimeStretch": ("position", ("sitting", "lying"))}

# The session attribute, beside those of the state, that says that a task is under way.
TASK = "task"


def task_of(handler_input: HandlerInput) -> Event | None:
    """The event of the task that a launch names; None if it names none of ours: the first step is never wrong."""
    task = getattr(request_of(handler_input), "task", None)
    # Alexa puts the skill's id before the name: "amzn1.ask.skill.1-2-3.CrampNow"
    name = str(task.name).rpartition(".")[2] if task else ""
    if task is None or name not in TASKS:
        return None
    slot, allowed = TASKS[name]
    value = (task.input or {}).get(slot)
    return Event(name, {slot: value}) if value in allowed else Event(name)


def began_with_task(handler_input: HandlerInput) -> bool:
    """Whether this session was started by a task, whichever one: whoever started it waits for its end."""
    session = handler_input.request_envelope.session
    launched = getattr(request_of(handler_input), "task", None) is not None
    return launched or bool(session and session.attributes and session.attributes.get(TASK))


def task_completed() -> Any:
    """The directive that tells whoever started the task that it is done."""
    from ask_sdk_model.interfaces.tasks import CompleteTaskDirective  # only at a task's end
    from ask_sdk_model.status import Status

    return CompleteTaskDirective(status=Status(code="200", message="OK"))

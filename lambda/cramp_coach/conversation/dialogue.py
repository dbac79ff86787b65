"""Which answer belongs to which event. Read this table first: it is the conversation's contents page."""

from __future__ import annotations

from collections.abc import Callable

from . import control, prevention, relief
from .cues import CUES
from .state import State
from .turn import Event, Lines, Turn

Answer = Callable[[State, Event, Lines], Turn]


def _yes(state: State, event: Event, lines: Lines) -> Turn:
    return _answer(state, CUES[state.asked].yes if state.asked else "CrampNow", lines)


def _no(state: State, event: Event, lines: Lines) -> Turn:
    return _answer(state, CUES[state.asked].no if state.asked else "Help", lines)


def _by_place(relief_answer: Answer, tips_answer: Answer) -> Answer:
    """The same word for two things: the next step while a cramp is under way, the next tip afterwards."""

    def answer(state: State, event: Event, lines: Lines) -> Turn:
        return (tips_answer if state.place in ("after", "tips") else relief_answer)(state, event, lines)

    return answer


def _answer(state: State, name: str, lines: Lines) -> Turn:
    return EVENTS[name](state, Event(name), lines)


EVENTS: dict[str, Answer] = {
    # a cramp is under way
    "Launch": relief.begin,
    "CrampNow": relief.begin,
    "CannotStand": relief.lying,
    "InBed": relief.lying,
    "Sitting": relief.sitting,
    "Standing": relief.standing,
    "NotBetter": relief.onward,
    "Again": _by_place(relief.onward, prevention.tip),
    "Worse": relief.worse,
    "Better": relief.let_go,
    "Rest": relief.rest,
    # the next one
    "Tip": prevention.tip,
    # steering
    "Next": _by_place(relief.onward, prevention.tip),
    "Previous": _by_place(relief.back, prevention.previous),
    "Repeat": control.repeat,
    "StartOver": _by_place(relief.restart, prevention.start_over),
    "Pause": control.pause,
    "Resume": control.resume,
    "Slower": control.slower,
    "Faster": control.faster,
    "Longer": control.longer,
    "Shorter": control.shorter,
    "Quieter": control.quieter,
    "Louder": control.louder,
    "Yes": _yes,
    "No": _no,
    "Help": control.help_,
    "Fallback": control.fallback,
    "Lost": control.lost,
    # leaving
    "Thanks": control.thanks,
    "Stop": control.stop,
    "Cancel": control.stop,
    "NavigateHome": control.stop,
    "Goodbye": control.goodbye,
}

# Events that no intent stands for: the launch, what a cue's yes or no means, and our own failures.
INTERNAL_EVENTS = frozenset({"Launch", "Rest", "Lost", "Goodbye"})


def respond(state: State, event: Event, lines: Lines) -> Turn:
    """What to say to `event` in `state`, given the names of the `lines` there are.

    Total: an event that is not in `EVENTS` counts as not understood, and references in the state
    that no line answers to (an older version wrote them, say) are forgotten.
    """
    state = state._replace(
        asked=state.asked if state.asked in CUES else "",
        said=_known(state.said, lines),
        silence=_known(state.silence, lines),
        here=_known(state.here, lines),
    )
    name = event.name if event.name in EVENTS else "Fallback"
    if name != "Fallback":
        state = state._replace(misses=0)
    return EVENTS[name](state, event, lines)


def _known(refs: tuple[str, ...], lines: Lines) -> tuple[str, ...]:
    return tuple(ref for ref in refs if ref in lines)

"""What someone says about themselves: it changes this answer, and the rest of the session (conditions.py)."""

from __future__ import annotations

from . import relief
from .conditions import age_group
from .cues import default_cue
from .state import State
from .turn import UNKNOWN, Event, Turn, disclaimer, say, step_reprompt


def about_me(state: State, event: Event) -> Turn:
    """Pregnant, diabetic, on a statin ..."""
    return _about(state, event, event.slots.get("condition", UNKNOWN))


def age(state: State, event: Event) -> Turn:
    """How old they, or whoever has the cramp, are."""
    return _about(state, event, age_group(event.slots.get("age", "")))


def _about(state: State, event: Event, who: str) -> Turn:
    line = f"person.{who}" if f"person.{who}" in event.lines else "person.unknown"
    if state.place in ("relief", "stuck"):
        if f"{line}.relief" in event.lines:
            position = "lying" if "no_standing" in state.flags else state.position
            return relief.step(state._replace(position=position, topic=line), f"{line}.relief")
        if state.place == "relief":  # what they go back to is the step that suits them now
            state = relief.step(state).state
        return say(state._replace(topic=line), line, ask=default_cue(state), reprompt=step_reprompt(state))
    asking = state.place in ("start", "asking")
    return say(
        state._replace(
            place="asking" if asking else state.place,
            here=(line,) if asking else state.here,
            topic=line,
            disclaimed=True,
        ),
        line,
        *disclaimer(state),
        ask="cramping" if asking else default_cue(state),
    )

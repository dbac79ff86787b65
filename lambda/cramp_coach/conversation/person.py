"""What someone says about themselves: it changes this answer, and the rest of the session (conditions.py)."""

from __future__ import annotations

from . import relief
from .conditions import of_age
from .cues import default_cue
from .state import State
from .turn import UNKNOWN, Event, Lines, Turn, disclaimer, step_silence, turn


def about_me(state: State, event: Event, lines: Lines) -> Turn:
    """Pregnant, diabetic, on a statin ..."""
    return _about(state, event.slots.get("condition", UNKNOWN), lines)


def age(state: State, event: Event, lines: Lines) -> Turn:
    """How old they, or whoever has the cramp, are."""
    return _about(state, of_age(event.slots.get("age", "")), lines)


def _about(state: State, who: str, lines: Lines) -> Turn:
    line = f"person.{who}" if f"person.{who}" in lines else "person.unknown"
    if state.place in ("relief", "stuck"):
        if f"{line}.relief" in lines:
            position = "lying" if "no_standing" in state.flags else state.position
            return relief.step(state._replace(position=position), lines, f"{line}.relief")
        if state.place == "relief":  # what they go back to is the step that suits them now
            state = relief.step(state, lines).state
        return turn(state._replace(topic=line), lines, line, ask=default_cue(state), silence=step_silence(state, lines))
    asking = state.place in ("start", "asking")
    return turn(
        state._replace(
            place="asking" if asking else state.place,
            here=(line,) if asking else state.here,
            topic=line,
            disclaimed=True,
        ),
        lines,
        line,
        *disclaimer(state),
        ask="cramping" if asking else default_cue(state),
    )

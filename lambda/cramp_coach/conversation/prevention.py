"""Prevention: tips, one a turn, the best supported first."""

from __future__ import annotations

from .state import State
from .turn import Event, Lines, Turn, turn

# In order of evidence: trials, then observational studies, then what experts advise.
TIPS = ("stretch", "breathe", "move", "alcohol", "medicines", "water", "warm_up", "covers", "shoes", "caffeine")


def tip(state: State, event: Event, lines: Lines) -> Turn:
    """The next tip; never the same twice in a session, and an end that says so."""
    for name in TIPS:
        if name not in state.told:
            return _tell(state, name, lines)
    return turn(state, lines, "tip.end", ask="anything", place="tips", here=("tip.end",))


def previous(state: State, event: Event, lines: Lines) -> Turn:
    """The tip before this one; the same again if it was the first."""
    told = [name for name in TIPS if name in state.told]
    name = told[-2] if len(told) > 1 else TIPS[0]
    return _tell(state._replace(told=tuple(told[:-1])), name, lines)


def start_over(state: State, event: Event, lines: Lines) -> Turn:
    """The tips from the first again."""
    return _tell(state._replace(told=()), TIPS[0], lines)


def _tell(state: State, name: str, lines: Lines) -> Turn:
    disclaimer = () if state.disclaimed else ("disclaimer",)
    told = state.told if name in state.told else (*state.told, name)
    line = f"tip.{name}"
    return turn(
        state,
        lines,
        line,
        *disclaimer,
        ask="another",
        silence=("after.doctor",),
        place="tips",
        here=(line,),
        told=told,
        disclaimed=True,
    )

"""Relief: the steps of a muscle in three positions, round by round, until it lets go."""

from __future__ import annotations

from .cues import usual_cue
from .state import ROUNDS, State
from .turn import UNKNOWN, Event, Lines, Turn, turn

# What to start with when nobody has chosen. The calf stands, because that is what the person who
# asked for this skill wanted first, with the way to stay in bed in the same breath. The others
# start where nobody can fall: the facts put lying and sitting first (docs/decisions.md).
USUAL_POSITION = {
    "calf": "standing",
    "foot": "sitting",
    "hamstring": "sitting",
    "quadriceps": "lying",
    "shin": "sitting",
    "other": "lying",
}


def begin(state: State, event: Event, lines: Lines) -> Turn:
    """The first step, at once: for the muscle named, or the one under way, or the calf."""
    muscle = event.slots.get("muscle", "")
    if not muscle and state.place == "relief":
        return onward(state, event, lines)
    if muscle == UNKNOWN:
        muscle = "other"
    return step(state._replace(muscle=muscle or state.muscle, round=1), lines)


def restart(state: State, event: Event, lines: Lines) -> Turn:
    """From the first round again, for the same muscle in the same position."""
    return step(state._replace(round=1), lines)


def lying(state: State, event: Event, lines: Lines) -> Turn:
    """The version for someone in bed, or who can't stand, at the same round."""
    return _move(state, "lying", lines)


def sitting(state: State, event: Event, lines: Lines) -> Turn:
    """The version for someone on a chair or the edge of the bed, at the same round."""
    return _move(state, "sitting", lines)


def standing(state: State, event: Event, lines: Lines) -> Turn:
    """The version for someone steady on their feet, at the same round."""
    return _move(state, "standing", lines)


def onward(state: State, event: Event, lines: Lines) -> Turn:
    """It has not let go: the next round, or after the last the warning signs and the ten-minute rule."""
    if state.place == "stuck":
        return step(state._replace(position="lying", round=1), lines)
    if state.place != "relief":
        return begin(state, event, lines)
    if state.round < ROUNDS:
        return step(state._replace(round=state.round + 1), lines)
    line = "relief.stuck_again" if state.sets else "relief.stuck"
    return _stay(state._replace(place="stuck", sets=1), line, lines)


def back(state: State, event: Event, lines: Lines) -> Turn:
    """The step before this one; before the first there is none, so the first again."""
    if state.place == "stuck":
        return step(state, lines)
    if state.place == "relief" and state.round > 1:
        return step(state._replace(round=state.round - 1), lines)
    return step(state._replace(round=1), lines, "relief.first")


def worse(state: State, event: Event, lines: Lines) -> Turn:
    """The stretch hurts more: off it, to the gentle version in bed, or to the warning signs."""
    if state.place == "relief" and state.position == "lying":
        return _stay(state._replace(place="stuck", sets=1), "relief.stuck", lines)
    return step(state._replace(position="lying", round=1), lines, "relief.ease")


def rest(state: State, event: Event, lines: Lines) -> Turn:
    """They don't want another round now: rest, and ask whether it has let go."""
    return turn(state, lines, "relief.rest", ask="let_go")


def let_go(state: State, event: Event, lines: Lines) -> Turn:
    """It is over: after-care, the one disclaimer of the session, and the doctor line if they say nothing."""
    upright = state.place in ("relief", "stuck") and state.position == "standing"
    care = "after.walk" if upright else "after.rub"
    disclaimer = () if state.disclaimed else ("disclaimer",)
    return turn(
        state,
        lines,
        care,
        *disclaimer,
        ask="tip",
        silence=("after.doctor",),
        place="after",
        here=(care,),
        disclaimed=True,
    )


def step(state: State, lines: Lines, *before: str) -> Turn:
    """The step of this muscle, position and round, with the lines `before` ahead of it."""
    position = state.position or USUAL_POSITION[state.muscle]
    line = f"{state.muscle}.{position}.{state.round}"
    if line not in lines:  # the rule of opposites is the same in every position
        line = f"{state.muscle}.{state.round}"
    return _stay(state._replace(place="relief", position=position), line, lines, *before)


def _move(state: State, position: str, lines: Lines) -> Turn:
    under_way = state.place == "relief"
    return step(state._replace(position=position, round=state.round if under_way else 1), lines)


def _stay(state: State, line: str, lines: Lines, *before: str) -> Turn:
    return turn(state, lines, *before, line, ask=usual_cue(state), here=(line,))

"""Prevention: tips, one a turn, the best supported first; and the bedtime stretch."""

from __future__ import annotations

from .cues import default_cue
from .state import State
from .turn import Event, Lines, Turn, disclaimer, if_silent, turn

# In order of evidence: trials, then observational studies, then what experts advise.
TIPS = ("stretch", "breathe", "move", "alcohol", "medicines", "water", "warm_up", "covers", "shoes", "caffeine")

LEGS = 2


def tip(state: State, event: Event, lines: Lines) -> Turn:
    """The next tip; never the same twice in a session, and an end that says so."""
    for name in TIPS:
        if name not in state.told:
            return _tell(state, name, lines)
    return turn(state._replace(place="asking", here=("tip.end",)), lines, "tip.end", ask="anything")


def previous_tip(state: State, event: Event, lines: Lines) -> Turn:
    """The tip before this one; the same again if it was the first."""
    told = [name for name in TIPS if name in state.told]
    name = told[-2] if len(told) > 1 else TIPS[0]
    return _tell(state._replace(told=tuple(told[:-1])), name, lines)


def tips_over(state: State, event: Event, lines: Lines) -> Turn:
    """The tips from the first again."""
    return _tell(state._replace(told=()), TIPS[0], lines)


def _tell(state: State, name: str, lines: Lines) -> Turn:
    line = f"tip.{name}"
    return turn(
        state._replace(
            place="tips",
            here=(line,),
            topic=f"topic.{TOPIC_OF_TIP.get(name, name)}",
            told=state.told if name in state.told else (*state.told, name),
            disclaimed=True,
        ),
        lines,
        line,
        *disclaimer(state),
        ask="another",
        silence=if_silent(state),
    )


# Where a tip and the answer about the same thing are called differently.
TOPIC_OF_TIP = {"stretch": "bedtime_stretch", "breathe": "breathing", "move": "activity"}


def how(state: State, event: Event, lines: Lines) -> Turn:
    """How long and how often, in the middle of the stretch."""
    return turn(state, lines, "stretch.how", ask=default_cue(state))


def stretch(state: State, event: Event, lines: Lines) -> Turn:
    """The bedtime stretch from the first leg: calf and back of the thigh, three holds of ten seconds each.

    The method of the trial it comes from (HALL). One leg a turn, about a minute and a half; what
    follows silence is the other leg, so that the whole of it takes one sentence. A routine that starts
    it may say in which position.
    """
    return _leg(state._replace(round=1, position=event.slots.get("position", state.position)), lines)


def next_leg(state: State, event: Event, lines: Lines) -> Turn:
    """The other leg; after it, the end."""
    if state.round < LEGS:
        return _leg(state._replace(round=state.round + 1), lines)
    if state.said[:1] == ("stretch.done",):
        return turn(state, lines, "goodbye.done")
    return turn(state._replace(disclaimed=True), lines, "stretch.done", *disclaimer(state), ask="enough")


def not_yet(state: State, event: Event, lines: Lines) -> Turn:
    """Not ready for the other leg: time to breathe, and the same question."""
    return turn(state, lines, "control.pause", ask=default_cue(state))


def previous_leg(state: State, event: Event, lines: Lines) -> Turn:
    """The leg before."""
    return _leg(state._replace(round=1), lines)


def this_leg(state: State, event: Event, lines: Lines) -> Turn:
    """The same leg again: after a pause, or because it felt good."""
    return _leg(state, lines)


def stretch_sitting(state: State, event: Event, lines: Lines) -> Turn:
    """The sitting version of the same leg; there is no standing one, so that nobody can fall."""
    return _leg(state._replace(position="sitting"), lines)


def stretch_lying(state: State, event: Event, lines: Lines) -> Turn:
    """The lying version of the same leg."""
    return _leg(state._replace(position="lying"), lines)


def _leg(state: State, lines: Lines) -> Turn:
    state = state._replace(place="stretch", round=min(state.round, LEGS))
    position = "lying" if state.position == "lying" else "sitting"
    line = f"stretch.{position}.{state.round}"
    other = (f"stretch.{position}.{LEGS}",) if state.round < LEGS else ()
    return turn(
        state._replace(here=(line,), topic="topic.bedtime_stretch"), lines, line, ask=default_cue(state), silence=other
    )

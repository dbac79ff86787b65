"""Prevention: tips, one a turn, the best supported first; and the bedtime stretch."""

from __future__ import annotations

from .cues import default_cue
from .state import State
from .turn import Event, Turn, disclaimer, if_silent, say

# In order of evidence: trials, then observational studies, then what experts advise.
TIPS = ("stretch", "breathe", "move", "alcohol", "medicines", "water", "warm_up", "covers", "shoes", "caffeine")

LEGS = 2


def tip(state: State, event: Event) -> Turn:
    """The next tip; never the same twice in a session, and an end that says so."""
    for name in TIPS:
        if name not in state.told:
            return _tell(state, name)
    return say(state._replace(place="asking", here=("tip.end",)), "tip.end", ask="anything")


def previous_tip(state: State, event: Event) -> Turn:
    """The tip before this one; the same again if it was the first."""
    told = [name for name in TIPS if name in state.told]
    name = told[-2] if len(told) > 1 else TIPS[0]
    return _tell(state._replace(told=tuple(told[:-1])), name)


def tips_over(state: State, event: Event) -> Turn:
    """The tips from the first again."""
    return _tell(state._replace(told=()), TIPS[0])


def _tell(state: State, name: str) -> Turn:
    line = f"tip.{name}"
    return say(
        state._replace(
            place="tips",
            here=(line,),
            topic=f"topic.{TOPIC_OF_TIP.get(name, name)}",
            told=state.told if name in state.told else (*state.told, name),
            disclaimed=True,
        ),
        line,
        *disclaimer(state),
        ask="another",
        reprompt=if_silent(state),
    )


# Where a tip and the answer about the same thing are called differently.
TOPIC_OF_TIP = {"stretch": "bedtime_stretch", "breathe": "breathing", "move": "activity"}


def how(state: State, event: Event) -> Turn:
    """How long and how often, in the middle of the stretch."""
    return say(state, "stretch.how", ask=default_cue(state))


def stretch(state: State, event: Event) -> Turn:
    """The bedtime stretch from the first leg: calf and back of the thigh, three holds of ten seconds each.

    The method of the trial it comes from (HALL). One leg a turn, about a minute and a half; what
    follows silence is the other leg, so that the whole of it takes one sentence. A routine that starts
    it may say in which position.
    """
    return _leg(state._replace(round=1, position=event.slots.get("position", state.position)))


def next_leg(state: State, event: Event) -> Turn:
    """The other leg; after it, the end."""
    if state.round < LEGS:
        return _leg(state._replace(round=state.round + 1))
    if state.said[:1] == ("stretch.done",):
        return say(state, "goodbye.done")
    return say(state._replace(disclaimed=True), "stretch.done", *disclaimer(state), ask="enough")


def not_yet(state: State, event: Event) -> Turn:
    """Not ready for the other leg: time to breathe, and the same question."""
    return say(state, "control.pause", ask=default_cue(state))


def previous_leg(state: State, event: Event) -> Turn:
    """The leg before."""
    return _leg(state._replace(round=1))


def this_leg(state: State, event: Event) -> Turn:
    """The same leg again: after a pause, or because it felt good."""
    return _leg(state)


def stretch_sitting(state: State, event: Event) -> Turn:
    """The sitting version of the same leg; there is no standing one, so that nobody can fall."""
    return _leg(state._replace(position="sitting"))


def stretch_lying(state: State, event: Event) -> Turn:
    """The lying version of the same leg."""
    return _leg(state._replace(position="lying"))


def _leg(state: State) -> Turn:
    state = state._replace(place="stretch", round=min(state.round, LEGS))
    position = "lying" if state.position == "lying" else "sitting"
    line = f"stretch.{position}.{state.round}"
    other = (f"stretch.{position}.{LEGS}",) if state.round < LEGS else ()
    return say(
        state._replace(here=(line,), topic="topic.bedtime_stretch"), line, ask=default_cue(state), reprompt=other
    )

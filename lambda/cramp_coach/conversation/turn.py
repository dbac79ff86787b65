"""What goes into the conversation and what comes out of it, and how a turn is put together."""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .state import Asked, State

# The names of the lines that exist ("calf.standing.1", "calf.standing.1#reprompt"): all that the
# conversation knows about the words.
Lines = Container[str]

# The one card, the same for everybody: what is kept in the Alexa app must say nothing about a person.
CARD = ("card.title", "card.1", "card.2", "card.3", "card.4", "card.5", "card.6")

NO_SLOTS: Mapping[str, str] = MappingProxyType({})

# The value of a slot in which something was said that is not on its list.
UNKNOWN = "?"


class Event(NamedTuple):
    """One thing the person did.

    `name` is a key of `EVENTS`. `slots` maps a slot's name to the id it resolved to, to Amazon's
    own value for a built-in type (a number, an ISO-8601 duration), or to `UNKNOWN`. `lines` are what
    it can be answered with, as `respond` is given them.
    """

    name: str
    slots: Mapping[str, str] = NO_SLOTS
    lines: Lines = ()


class Turn(NamedTuple):
    """One answer, as references into the words.

    `say` and `reprompt` are what is spoken and what is spoken if nothing comes back; `ask` is the
    cue that closes both. Without a cue nothing was asked, and the session ends.
    A reference is a line's name, with `#field` behind it for a text of the line other than `say`.
    `card` are the lines of a card for the Alexa app, its title first; usually none.
    """

    state: State
    say: tuple[str, ...]
    reprompt: tuple[str, ...]
    ask: Asked
    card: tuple[str, ...] = ()


def say(state: State, *refs: str, ask: Asked = "", reprompt: tuple[str, ...] | None = None) -> Turn:
    """Say the lines `refs`, then ask the cue `ask`; `state` is the one that the conversation is in then.

    Where `reprompt` is not given, each line's own `reprompt` text is what follows if nobody answers.
    """
    return Turn(state, refs, texts_of(refs, "reprompt") if reprompt is None else reprompt, ask)


def texts_of(refs: tuple[str, ...], field: str) -> tuple[str, ...]:
    """The texts called `field` of these lines; a line that has none is left out when the turn is worded."""
    return tuple(f"{ref}#{field}" for ref in refs)


def worded(turn: Turn, lines: Lines) -> Turn:
    """The turn in the wording for this person, of the texts that there are.

    What is said is kept in the state as references, so that Repeat needs no saved response.
    """
    say, reprompt = (
        tuple(ref for ref in (variant(turn.state.flags, ref, lines) for ref in refs) if "#" not in ref or ref in lines)
        for refs in (turn.say, turn.reprompt)
    )
    state = turn.state._replace(said=say, reprompt=reprompt, asked=turn.ask)
    return turn._replace(state=state, say=say, reprompt=reprompt)


def variant(flags: tuple[str, ...], ref: str, lines: Lines) -> str:
    """The wording of a line for this person: `heat.no_heat` instead of `heat` under flag `no_heat`.

    A variant may have variants of its own: `calf.lying.2.gentle.light_touch`.
    """
    line, mark, field = ref.partition("#")
    for flag in flags:
        if f"{line}.{flag}" in lines:
            return variant(flags, f"{line}.{flag}{mark}{field}", lines)
    return ref


def disclaimer(state: State) -> tuple[str, ...]:
    """The one disclaimer of the session, if it hasn't been spoken."""
    return () if state.disclaimed else ("disclaimer",)


def if_silent(state: State) -> tuple[str, ...]:
    """After-care and prevention: when frequent cramps are worth a doctor, unless that was said already."""
    return ("after.calm",) if state.nudged else ("after.doctor",)


def step_reprompt(state: State) -> tuple[str, ...]:
    """What would have followed the step: for silence after an answer in the middle of a cramp."""
    return texts_of(state.here, "reprompt")

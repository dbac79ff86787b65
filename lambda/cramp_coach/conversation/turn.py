"""What goes into the conversation and what comes out of it, and how a turn is put together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .state import Asked, State

# The names of the lines that exist ("calf.standing.1", "calf.standing.1#silence"): all that the
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
    own value for a built-in type (a number, an ISO-8601 duration), or to `UNKNOWN`.
    """

    name: str
    slots: Mapping[str, str] = NO_SLOTS


class Turn(NamedTuple):
    """One answer, as references into the words.

    `say` and `silence` are what is spoken and what is spoken if nothing comes back; `ask` is the
    cue that closes both. Without a cue nothing was asked, and the session ends.
    A reference is a line's name, with `#field` behind it for a text of the line other than `say`.
    `card` are the lines of a card for the Alexa app, its title first; usually none.
    """

    state: State
    say: tuple[str, ...]
    silence: tuple[str, ...]
    ask: Asked
    card: tuple[str, ...] = ()


def turn(
    state: State,
    lines: Lines,
    *say: str,
    ask: Asked = "",
    silence: tuple[str, ...] | None = None,
) -> Turn:
    """Say the lines named `say`, then ask the cue `ask`; `state` is the one that the conversation is in then.

    Where `silence` is not given, each line's own `silence` text is what follows if nobody answers.
    What is said is kept in the state as references, so that Repeat needs no saved response.
    """
    said = tuple(variant(state.flags, ref, lines) for ref in say)
    if silence is None:
        silence = fields_of(state, say, "silence", lines)
    else:
        silence = tuple(variant(state.flags, ref, lines) for ref in silence)
    after = state._replace(said=said, silence=silence, asked=ask)
    return Turn(after, said, silence, ask)


def variant(flags: tuple[str, ...], ref: str, lines: Lines) -> str:
    """The wording of a line for this person: `heat.no_heat` instead of `heat` under flag `no_heat`.

    A variant may have variants of its own: `calf.lying.2.gentle.light_touch`.
    """
    for flag in flags:
        if f"{ref}.{flag}" in lines:
            return variant(flags, f"{ref}.{flag}", lines)
    return ref


def fields_of(state: State, refs: Iterable[str], field: str, lines: Lines) -> tuple[str, ...]:
    """The texts called `field` of the wordings of these lines for this person, where there are any."""
    wordings = (variant(state.flags, ref, lines) for ref in refs)
    return tuple(f"{ref}#{field}" for ref in wordings if f"{ref}#{field}" in lines)


def disclaimer(state: State) -> tuple[str, ...]:
    """The one disclaimer of the session, if it hasn't been spoken."""
    return () if state.disclaimed else ("disclaimer",)


def if_silent(state: State) -> tuple[str, ...]:
    """After-care and prevention: when frequent cramps are worth a doctor, unless that was said already."""
    return ("after.calm",) if state.nudged else ("after.doctor",)


def step_silence(state: State, lines: Lines) -> tuple[str, ...]:
    """What would have followed the step: for silence after an answer in the middle of a cramp."""
    return fields_of(state, state.here, "silence", lines)

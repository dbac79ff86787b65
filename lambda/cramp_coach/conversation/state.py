"""Where a conversation stands: ids and numbers only, so that nothing about health is ever kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

PLACES = ("start", "relief", "stuck", "after", "tips")
MUSCLES = ("calf", "foot", "hamstring", "quadriceps", "shin", "other")
POSITIONS = ("standing", "sitting", "lying")
ROUNDS = 3  # facts: up to three rounds of a 20-second hold, then ask whether it has let go
LEVELS = 2  # how often "slower" or "quieter" still changes something

# Longer than any list the conversation writes itself; what is longer was not written by it.
MOST_REFS = 12


class State(NamedTuple):
    """The state of one session.

    place: what the conversation is about, one of `PLACES`.
    muscle, position, round: the relief step; position is "" until someone chooses one.
    sets: 1 once all rounds were done without letting go.
    asked: the cue that a yes or no answers.
    said, silence: references of the last answer, for Repeat.
    here: references of the last content (a step, a tip): what Resume and Fallback go back to.
    misses: how often in a row nothing was understood.
    slow, soft, long: pace and voice as asked for, in steps; `long` lengthens the holds.
    disclaimed: whether the one disclaimer of the session was spoken.
    told: the tips told so far.
    flags: names of variants in the words that this session should prefer.
    """

    place: str = "start"
    muscle: str = "calf"
    position: str = ""
    round: int = 1
    sets: int = 0
    asked: str = ""
    said: tuple[str, ...] = ()
    silence: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    misses: int = 0
    slow: int = 0
    soft: int = 0
    long: int = 0
    disclaimed: bool = False
    told: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def to_attributes(self) -> dict[str, Any]:
        """Session attributes: the fields that differ from a new session's, as JSON can hold them."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value, usual in zip(self._fields, self, State(), strict=True)
            if value != usual
        }

    @classmethod
    def from_attributes(cls, attributes: object) -> State:
        """Read session attributes, whoever wrote them: a field that makes no sense is as in a new session."""
        if not isinstance(attributes, Mapping):
            return cls()
        fields = {
            name: value
            for name, read in _READERS.items()
            if name in attributes and (value := read(attributes[name])) is not None
        }
        return cls(**fields)


def _one_of(*allowed: str) -> Any:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _within(least: int, most: int) -> Any:
    def read(value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return None

    return read


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or len(value) > MOST_REFS or not all(isinstance(item, str) for item in value):
        return None
    return tuple(value)


_READERS: dict[str, Any] = {
    "place": _one_of(*PLACES),
    "muscle": _one_of(*MUSCLES),
    "position": _one_of("", *POSITIONS),
    "round": _within(1, ROUNDS),
    "sets": _within(0, 1),
    "asked": lambda value: value if isinstance(value, str) else None,
    "said": _names,
    "silence": _names,
    "here": _names,
    "misses": _within(0, LEVELS),
    "slow": _within(0, LEVELS),
    "soft": _within(0, LEVELS),
    "long": _within(0, LEVELS),
    "disclaimed": _flag,
    "told": _names,
    "flags": _names,
}

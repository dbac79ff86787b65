"""Where a conversation stands: ids and numbers only, so that nothing about health is ever kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, get_args

Place = Literal["start", "relief", "stuck", "after", "tips", "stretch", "asking", "unsafe", "warned"]
PLACES: tuple[Place, ...] = get_args(Place)
# What a turn ends with; cues.py says what a yes and a no to each means.
Cue = Literal[
    "again",
    "where",
    "let_go",
    "cramping",
    "ready",
    "tip",
    "another",
    "anything",
    "more",
    "list",
    "other_leg",
    "enough",
    "say_again",
    "with_you",
    "which",
]
Asked = Cue | Literal[""]  # nothing was asked, and the session ends
MUSCLES = ("calf", "foot", "foot_top", "hamstring", "quadriceps", "shin", "thigh", "other")
POSITIONS = ("standing", "sitting", "lying")
ROUNDS = 3  # docs/evidence.md: up to three rounds of a 20-second hold, then ask whether it has let go
SETS = 2  # after that many rounds of rounds without letting go, no more stretching is offered
LEVELS = 2  # how often "slower" or "quieter" still changes something
# what a warning sign calls for: a doctor today, or at once, or an ambulance, or someone to talk to
URGENCIES = ("today", "now", "emergency", "crisis")
NUDGES = ("gentle", "clear")  # how plainly frequent cramps are said to be worth a doctor
DOCTOR_KNOWS = len(NUDGES) + 1  # beyond any nudge

# What someone volunteered about themselves, as what to leave out: the words have a variant for each.
# no_rub: no rubbing or heat before a doctor has looked at the leg; light_touch: steps without rubbing, otherwise a
# very light rub; gentle: slowly, on the side; for_child: it is a child's cramp; no_bend: nothing crossed, and no hip or
# knee past a right angle; no_raise: the leg stays level or down; maternity: no sign is answered as anybody else's.
FLAGS = (
    "for_child",
    "no_standing",
    "no_rub",
    "no_bend",
    "no_raise",
    "gentle",
    "light_touch",
    "no_heat",
    "no_alcohol",
    "no_fluids",
    "no_salt",
    "no_minerals",
    "no_painkillers",
    "maternity",
)

# Longer than any list the conversation writes itself; what is longer was not written by it.
MAX_REFS = 16


class State(NamedTuple):
    """The state of one session.

    place: what the conversation is about, one of `PLACES`; "unsafe" is at the wheel or in the water.
    muscle, position, round: the relief step; position is "" until someone chooses one. In the
        bedtime stretch, round counts the legs.
    sets: how often all rounds were done without letting go, up to `SETS`.
    asked: the cue that a yes or no answers.
    said, reprompt: references of the last answer, for Repeat.
    here: references of the last content (a step, a tip): what Resume and Fallback go back to.
    topic: the line that "tell me more" is about; one about the person also tells what a sign means for them.
    told: the tips told so far.
    misses: how often in a row nothing was understood.
    slow, soft, long: pace and voice as asked for, in steps; `long` lengthens the holds.
    disclaimed: whether the one disclaimer of the session was spoken.
    carded: whether a card was sent.
    urgency: what the warning signs called for; sign: the one in force; held: whether they were told so more than once;
        denied: whether they said after that that there is none; called: whether they have called for help.
    nudged: 1 or 2 once frequent cramps were said to be worth a doctor, gently or clearly; `DOCTOR_KNOWS` after that.
    due: the line about that which a cramp under way keeps from being said.
    flags: variants of the words that this session prefers, of `FLAGS`.
    """

    place: Place = "start"
    muscle: str = "calf"
    position: str = ""
    round: int = 1
    sets: int = 0
    asked: Asked = ""
    said: tuple[str, ...] = ()
    reprompt: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    topic: str = ""
    told: tuple[str, ...] = ()
    misses: int = 0
    slow: int = 0
    soft: int = 0
    long: int = 0
    disclaimed: bool = False
    carded: bool = False
    urgency: str = ""
    sign: str = ""
    held: bool = False
    denied: bool = False
    called: bool = False
    nudged: int = 0
    due: str = ""
    flags: tuple[str, ...] = ()

    def with_flags(self, *flags: str) -> State:
        """The state with more flags, in the order of `FLAGS`: the first that has a variant wins."""
        return self._replace(flags=tuple(flag for flag in FLAGS if flag in flags or flag in self.flags))

    def to_attributes(self) -> dict[str, Any]:
        """Session attributes: the fields that differ from a new session's, as JSON can hold them."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value, usual in zip(self._fields, self, NEW, strict=True)
            if value != usual
        }

    @classmethod
    def from_attributes(cls, attributes: object) -> State:
        """Read session attributes, whoever wrote them: a field that makes no sense is as in a new session."""
        if not isinstance(attributes, Mapping):
            return NEW
        fields = {
            name: value
            for name, read in _READERS.items()
            if name in attributes and (value := read(attributes[name])) is not None
        }
        return NEW._replace(**fields)


NEW = State()

_Reader = Callable[[object], Any]


def _one_of(*allowed: str) -> _Reader:
    return lambda value: value if isinstance(value, str) and value in allowed else None


def _within(least: int, most: int) -> _Reader:
    def read(value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return None

    return read


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or len(value) > MAX_REFS or not all(isinstance(item, str) for item in value):
        return None
    return tuple(value)


def _flags(value: object) -> tuple[str, ...] | None:
    return tuple(flag for flag in FLAGS if flag in value) if isinstance(value, list) else None


_READERS: dict[str, _Reader] = {
    "place": _one_of(*PLACES),
    "muscle": _one_of(*MUSCLES),
    "position": _one_of("", *POSITIONS),
    "round": _within(1, ROUNDS),
    "sets": _within(0, SETS),
    "asked": _text,
    "said": _names,
    "reprompt": _names,
    "here": _names,
    "topic": _text,
    "told": _names,
    "misses": _within(0, LEVELS),
    "slow": _within(0, LEVELS),
    "soft": _within(0, LEVELS),
    "long": _within(0, LEVELS),
    "disclaimed": _truth,
    "carded": _truth,
    "urgency": _one_of(*URGENCIES),
    "sign": _text,
    "held": _truth,
    "denied": _truth,
    "called": _truth,
    "nudged": _within(0, DOCTOR_KNOWS),
    "due": _text,
    "flags": _flags,
}

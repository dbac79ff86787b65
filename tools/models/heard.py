"""Whether two readings of a sentence come to the same: what counts is what the person hears, not the intent's name."""

from __future__ import annotations

from cramp_coach.conversation import Event, State, Turn, respond
from cramp_coach.conversation.signs import SIGNS
from cramp_coach.conversation.state import URGENCIES
from cramp_coach.handlers.reading import event_name, meanings
from cramp_coach.lexicon import placed
from cramp_coach.words import words_for
from simulator.languages import spoken
from simulator.matching import Match

# Built of parts: the same sentence may stand whole in another intent, if its answer is as good.
COMPOSED = frozenset({"SignIntent", "NoSignIntent", "NotNowIntent", "AboutSignIntent", "AsideIntent"})


def event_of(match: Match, locale: str) -> Event:
    """The event that the skill would make of what the matcher found."""
    heard = {name: (slot.resolved.id if slot.resolved else "", slot.value) for name, slot in match.slots.items()}
    return Event(event_name(match.intent), meanings(heard, locale))


def composed(sentence: str, locale: str) -> Event:
    """The event of a sentence that is taken for a composed warning sign, with what its words name."""
    return Event("Sign", placed("", spoken(locale).plain(sentence), locale) | placed("", sentence, locale))


def urgency(event: Event, locale: str) -> str:
    """How urgently an event is answered in the middle of a first step; "" if it is no warning."""
    words = words_for(locale)
    return respond(respond(State(), Event("Launch"), words).state, event, words).state.urgency


def as_good(wanted: Event, found: Event, locale: str) -> bool:
    """Whether `found` is answered as `wanted` is in the middle of a first step, or, for a warning, as urgently."""
    words = words_for(locale)
    state = respond(State(), Event("Launch"), words).state
    answer, best = respond(state, found, words), respond(state, wanted, words)
    if wanted.name in SIGNS or best.state.urgency:
        return _rank(answer) >= _rank(best)
    return answer.say == best.say


def _rank(turn: Turn) -> int:
    return ("", *URGENCIES).index(turn.state.urgency)

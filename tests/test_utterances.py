"""What people say is taken for what they mean, in every locale of the language."""

from __future__ import annotations

import pytest

from cramp_coach.conversation import Event
from cramp_coach.handlers.reading import event_name
from simulator.model import load_model, locales
from tests.conftest import matcher
from tools.cases import utterances
from tools.models.heard import as_good, event_of

# A language's utterances are tried in its first locale: the others have the same model and more.
LOCALE_OF = {locale.partition("-")[0]: locale for locale in sorted(locales(), reverse=True)}
CASES = [(LOCALE_OF.get(folder, folder), *case) for folder, *case in utterances()]


@pytest.mark.parametrize(("locale", "utterance", "intent", "slots"), CASES)
def test_utterance(locale: str, utterance: str, intent: str, slots: dict[str, str]) -> None:
    """Taken for the intent it stands under, with those slots; or in other words that are answered as well."""
    match = matcher(locale).match(utterance)
    heard = {name: slot.resolved.id if slot.resolved else slot.value for name, slot in match.slots.items()}
    if (match.intent, heard) != (intent, slots):
        wanted, found = Event(event_name(intent), slots), event_of(match, locale)
        assert as_good(wanted, found, locale), f"{match.intent} {heard}, {match.how}, {match.score:.0f}"


def test_every_locale_of_a_language_has_what_the_others_have() -> None:
    for locale in locales():
        model, first = load_model(locale), load_model(LOCALE_OF[locale.partition("-")[0]])
        assert (
            model.samples.items()
            >= {sample: intent for sample, intent in first.samples.items() if sample in model.samples}.items()
        )
        assert len(model.samples) >= 0.99 * len(first.samples)
        assert model.values == first.values


@pytest.mark.parametrize(
    "utterance",
    ["", " ", "?", "\x00", "x" * 1_000_000, "calf " * 200, "\ud83d\ude16", "{muscle}", "twenty twenty twenty minutes"],
)
def test_whatever_is_typed_is_matched_or_falls_back(utterance: str) -> None:
    assert matcher("en-US").match(utterance).intent

"""What people say is taken for what they mean, in every locale of the language."""

from __future__ import annotations

import pytest

from simulator.model import locales
from tests.conftest import matcher
from tests.data import utterances

CASES = [
    (locale, utterance, intent, slots)
    for folder, utterance, intent, slots in utterances()
    for locale in locales()
    if locale == folder or locale.startswith(f"{folder}-")
]


@pytest.mark.parametrize(("locale", "utterance", "intent", "slots"), CASES)
def test_utterance(locale: str, utterance: str, intent: str, slots: dict[str, str]) -> None:
    match = matcher(locale).match(utterance)
    heard = {name: slot.resolved.id if slot.resolved else slot.value for name, slot in match.slots.items()}
    assert (match.intent, heard) == (intent, slots), f"{match.how}, {match.score:.0f}"


@pytest.mark.parametrize(
    "utterance", ["", " ", "?", "\x00", "x" * 1_000_000, "calf " * 200, "\ud83d\ude16", "{muscle}"]
)
def test_whatever_is_typed_is_matched_or_falls_back(utterance: str) -> None:
    assert matcher("en-US").match(utterance).intent

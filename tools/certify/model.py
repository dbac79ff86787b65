"""The interaction models, as they are deployed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cramp_coach.handlers.requests import handles
from simulator.languages import spoken
from tools.certify.evidence import Evidence
from tools.certify.rules import Finding, rule
from tools.documents import Json
from tools.models.checks import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_CHARACTERS_OF_VALUE,
    MAX_INTENTS,
    MAX_VALUES,
    refused_in,
)
from tools.models.checks import drift as model_drift
from tools.models.sources import SOURCES, read_contract, read_head, read_languages
from tools.store import checks

MODEL = "Interaction Model Schema"
UTTERANCES = "Create Intents, Utterances, and Slots"

REQUIRED = {"AMAZON.CancelIntent", "AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.NavigateHomeIntent"}
# A slot of this type takes any phrase.
GREEDY = "AMAZON.SearchQuery"
WANTED = {"AMAZON.FallbackIntent", "AMAZON.RepeatIntent", "AMAZON.YesIntent", "AMAZON.NoIntent"}


@rule("model", "Every locale has a store page and a model", MODEL)
def locales(evidence: Evidence) -> Iterator[Finding]:
    """In both directions."""
    yield from checks.locales(evidence.package)


@rule("model", "The models are what interaction-models/ makes", MODEL)
def drift(evidence: Evidence) -> Iterator[Finding]:
    """Nothing edited by hand on the way."""
    contract = read_contract()
    yield from model_drift(contract, read_languages(contract), evidence.package.model_path("").parent)


@rule("model", "The intents that every skill needs are there, and every intent has a handler", MODEL)
def intents(evidence: Evidence) -> Iterator[Finding]:
    """Cancel, help, stop, home; and those that a conversation wants."""
    for locale, model in evidence.language_models.items():
        names = {intent["name"] for intent in model["intents"]}
        for name in sorted((REQUIRED | WANTED) - names):
            yield f"{locale}: {name} is missing"
        for name in sorted(names):
            if not handles(name):
                yield f"{locale}: {name} has no handler"


@rule("model", "Models are within Amazon's limits", "Interaction Model Schema (limits as developers know them)")
def limits(evidence: Evidence) -> Iterator[Finding]:
    """Bytes, intents, characters of a sample and of a slot value, values."""
    for locale, language in evidence.language_models.items():
        size = evidence.package.model_path(locale).stat().st_size
        words = [word for kind in language.get("types", []) for word in _words(kind)]
        longest = max((len(sample) for sample in _samples(language)), default=0)
        for what, count, most in (
            ("bytes", size, MAX_BYTES),
            ("intents", len(language["intents"]), MAX_INTENTS),
            ("characters in a sample", longest, MAX_CHARACTERS),
            ("characters in a slot value", max(map(len, words), default=0), MAX_CHARACTERS_OF_VALUE),
            ("slot values", len(words), MAX_VALUES),
        ):
            if count > most:
                yield f"{locale}: {count} {what}, more than {most}"


@rule("model", "Samples have only the characters that Amazon takes, and no wake word or launch phrase", UTTERANCES)
def samples(evidence: Evidence) -> Iterator[Finding]:
    """Letters, apostrophes, hyphens, periods, and slots in braces."""
    for locale, model in evidence.language_models.items():
        name = model["invocationName"]
        opening = spoken(locale).opening
        calls = "|".join((*opening["launch"], *opening["ask"]))
        wrong = refused_in(read_head(SOURCES / locale.partition("-")[0]).letters)
        for sample in _samples(model):
            if found := wrong.search(sample):
                yield f"{locale}: '{sample}' has '{found[0]}'"
            elif re.match(rf"(?:(?:{'|'.join(opening['wake_words'])})\b|(?:{calls}) {re.escape(name)}\b)", sample):
                yield f"{locale}: '{sample}' has a wake word or a launch phrase"


@rule("model", "No sample belongs to two intents, or shadows one of Alexa's own phrases", UTTERANCES)
def conflicts(evidence: Evidence) -> Iterator[Finding]:
    """Help and stop above all."""
    for locale, model in evidence.language_models.items():
        owners: dict[str, str] = {}
        intents = model["intents"]
        plain, phrases = spoken(locale).plain, spoken(locale).phrases(locale)
        own = {plain(phrase): intent["name"] for intent in intents for phrase in phrases.get(intent["name"], ())}
        for intent in intents:
            for sample in intent.get("samples", []):
                owner = owners.setdefault(sample, own.get(plain(sample), intent["name"]))
                if owner != intent["name"]:
                    yield f"{locale}: '{sample}' is in {intent['name']} and in {owner}"


@rule("model", "No slot takes any phrase", UTTERANCES)
def greedy_slots(evidence: Evidence) -> Iterator[Finding]:
    """A slot for any phrase swallows "help" and collects what people say about their health."""
    for locale, model in evidence.language_models.items():
        for intent in model["intents"]:
            for slot in intent.get("slots", []):
                if slot["type"] == GREEDY:
                    yield f"{locale}: {intent['name']} has {slot['type']}"


@rule("model", "Amazon's own classes read models and manifest, field for field", "ask-smapi-model")
def schema(evidence: Evidence) -> Iterator[Finding]:
    """What they can't read, Amazon won't."""
    yield from checks.schema(evidence.package)


def _samples(model: Json) -> Iterator[str]:
    for intent in model["intents"]:
        yield from intent.get("samples", [])


def _words(kind: Json) -> Iterator[str]:
    for value in kind["values"]:
        yield value["name"]["value"]
        yield from value["name"].get("synonyms", [])

"""The interaction models, as they are deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

from cramp_coach.handlers.requests import handles
from simulator.languages import spoken
from tools.certify.evidence import Evidence
from tools.certify.rules import Finding, rule, rule_of_package
from tools.documents import Json
from tools.errors import Problem, line_of
from tools.models.checks import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_CHARACTERS_OF_VALUE,
    MAX_INTENTS,
    MAX_VALUES,
    refused_in,
)
from tools.models.checks import drift as model_drift
from tools.models.sources import SOURCES, Contract, Language, read_contract, read_head, read_languages
from tools.store import checks

MODEL = "Interaction Model Schema"
UTTERANCES = "Create Intents, Utterances, and Slots"

REQUIRED = {"AMAZON.CancelIntent", "AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.NavigateHomeIntent"}
# A slot of this type takes any phrase.
GREEDY = "AMAZON.SearchQuery"
WANTED = {"AMAZON.FallbackIntent", "AMAZON.RepeatIntent", "AMAZON.YesIntent", "AMAZON.NoIntent"}


rule_of_package("model", "Every locale has a store page and a model", MODEL, checks.locales)


@rule("model", "The models are what interaction-models/ makes", MODEL)
def drift(evidence: Evidence) -> Iterator[Finding]:
    """Nothing edited by hand on the way."""
    yield from model_drift(*_sources(), evidence.package.model_path("").parent)


@rule("model", "The intents that every skill needs are there, and every intent has a handler", MODEL)
def intents(evidence: Evidence) -> Iterator[Finding]:
    """Cancel, help, stop, home; and those that a conversation wants."""
    contract = read_contract()
    for model in evidence.language_models.values():
        names = {intent["name"] for intent in model["intents"]}
        for name in sorted((REQUIRED | WANTED) - names):
            yield Problem(contract.path, contract.line(name), f"{name} is missing", "declare it, run make models")
        for name in sorted(names):
            if not handles(name):
                yield Problem(contract.path, contract.line(name), f"{name} has no handler", "drop it, run make models")


@rule("model", "Models are within Amazon's limits", "Interaction Model Schema (limits as developers know them)")
def limits(evidence: Evidence) -> Iterator[Finding]:
    """Bytes, intents, characters of a sample and of a slot value, values."""
    for locale, model in evidence.language_models.items():
        folder = SOURCES / locale.partition("-")[0]
        words = [word for kind in model.get("types", []) for word in _words(kind)]
        for path, what, count, most in (
            (folder / "language.toml", "bytes", evidence.package.model_path(locale).stat().st_size, MAX_BYTES),
            (SOURCES / "contract.toml", "intents", len(model["intents"]), MAX_INTENTS),
            (folder / "slots.toml", "slot values", len(words), MAX_VALUES),
        ):
            if count > most:
                yield Problem(path, 0, f"{count} {what}, more than {most}", "drop some")
        for word in words:
            if len(word) > MAX_CHARACTERS_OF_VALUE:
                path = folder / "slots.toml"
                line = line_of(path.read_text(encoding="utf-8"), word)
                yield Problem(path, line, f"'{word}' has more than {MAX_CHARACTERS_OF_VALUE} characters", "shorten it")
        for intent, sample in _samples(model):
            if (count := len(sample)) > MAX_CHARACTERS:
                what = f"{count} characters in the sample '{sample[:20]}...', more than {MAX_CHARACTERS}"
                yield _of_sample(evidence, locale, intent, sample, what)


@rule("model", "Samples have only the characters that Amazon takes, and no wake word or launch phrase", UTTERANCES)
def samples(evidence: Evidence) -> Iterator[Finding]:
    """Letters, apostrophes, hyphens, periods, and slots in braces."""
    for locale, model in evidence.language_models.items():
        name = model["invocationName"]
        opening = spoken(locale).opening
        calls = "|".join((*opening["launch"], *opening["ask"]))
        wrong = refused_in(read_head(SOURCES / locale.partition("-")[0]).letters)
        for intent, sample in _samples(model):
            if found := wrong.search(sample):
                yield _of_sample(evidence, locale, intent, sample, f"'{sample}' has '{found[0]}'")
            elif re.match(rf"(?:(?:{'|'.join(opening['wake_words'])})\b|(?:{calls}) {re.escape(name)}\b)", sample):
                what = f"'{sample}' has a wake word or a launch phrase"
                yield _of_sample(evidence, locale, intent, sample, what)


@rule("model", "No sample belongs to two intents, or shadows one of Alexa's own phrases", UTTERANCES)
def conflicts(evidence: Evidence) -> Iterator[Finding]:
    """Help and stop above all."""
    for locale, model in evidence.language_models.items():
        owners: dict[str, str] = {}
        plain, phrases = spoken(locale).plain, spoken(locale).phrases(locale)
        names = [intent["name"] for intent in model["intents"]]
        own = {plain(phrase): name for name in names for phrase in phrases.get(name, ())}
        for intent, sample in _samples(model):
            owner = owners.setdefault(sample, own.get(plain(sample), intent))
            if owner != intent:
                yield _of_sample(evidence, locale, intent, sample, f"'{sample}' is in {intent} and in {owner}")


@rule("model", "No slot takes any phrase", UTTERANCES)
def greedy_slots(evidence: Evidence) -> Iterator[Finding]:
    """A slot for any phrase swallows "help" and collects what people say about their health."""
    contract = read_contract()
    for model in evidence.language_models.values():
        for intent in model["intents"]:
            for slot in intent.get("slots", []):
                if slot["type"] == GREEDY:
                    what = f"{intent['name']} has {GREEDY}"
                    yield Problem(contract.path, line_of(contract.text, GREEDY), what, "give the slot a type of ours")


rule_of_package(
    "model", "Amazon's own classes read models and manifest, field for field", "ask-smapi-model", checks.schema
)


@cache
def _sources() -> tuple[Contract, list[Language]]:
    contract = read_contract()
    return contract, read_languages(contract)


def _of_sample(evidence: Evidence, locale: str, intent: str, sample: str, what: str) -> Problem:
    """A problem at the template that makes a sample; in the model itself where somebody has written it there."""
    for language in _sources()[1]:
        for template in language.templates_for(locale) if locale in language.locales else ():
            if template.intent == intent and sample in template.samples:
                return template.location.problem(what, "fix the template, run make models")
    path = evidence.package.model_path(locale)
    line = line_of(path.read_text(encoding="utf-8"), json.dumps(sample, ensure_ascii=False))
    return Problem(path, line, f"{what}, and no template makes it", "run make models")


def _samples(model: Json) -> Iterator[tuple[str, str]]:
    for intent in model["intents"]:
        for sample in intent.get("samples", []):
            yield intent["name"], sample


def _words(kind: Json) -> Iterator[str]:
    for value in kind["values"]:
        yield value["name"]["value"]
        yield from value["name"].get("synonyms", [])

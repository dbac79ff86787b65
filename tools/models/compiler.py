"""Compiling: the same sources always give the same bytes."""

from __future__ import annotations

import functools
import itertools
import json
import math
from pathlib import Path
from typing import Any

from cramp_coach.conversation.signs import SIGNS
from cramp_coach.handlers.reading import event_name
from tools.documents import write_changed
from tools.errors import ROOT
from tools.models.sources import Contract, Language, Template

# The smallest number that leaves the score as it is (docs/decisions.md): what is said in other words is composed.
MAX_PER_TEMPLATE = 14
MAX_PER_SIGN = 27  # of a warning sign that is said whole, because none may be missed
SHORT = 3  # words of a sentence that says little besides what is in it

COMPILED = ROOT / "skill-package" / "interactionModels" / "custom"
LEXICON = ROOT / "lambda" / "cramp_coach" / "lexicon"


def compile_all(contract: Contract, languages: list[Language]) -> dict[str, str]:
    """The text of every model file, by locale; locales without sentences of their own have one text."""
    texts: dict[str, str] = {}
    for language in languages:
        made: dict[str, str] = {}
        for locale in language.locales:
            own = locale if any(template.locale == locale for template in language.templates) else ""
            if own not in made:
                made[own] = _text(compile_locale(contract, language, locale))
            texts[locale] = made[own]
    return texts


def compile_lexicons(contract: Contract, languages: list[Language]) -> dict[str, str]:
    """The words of every slot of ours for the skill itself, by language: what lambda/cramp_coach/lexicon/ reads."""
    slots = {slot: kind for slot, kind in sorted(contract.slots.items()) if kind in contract.slot_types}
    return {
        language.name: _text(
            {"slots": slots, "types": {kind: dict(sorted(words.items())) for kind, words in language.words_of.items()}}
        )
        for language in languages
    }


def _text(document: dict[str, Any]) -> str:
    """A compiled file: compact, and a line for each item, so that a change shows as what it is."""
    return json.dumps(document, indent=0, separators=(",", ":"), ensure_ascii=False) + "\n"


def compile_locale(contract: Contract, language: Language, locale: str) -> dict[str, Any]:
    """The interaction model of one locale, as Amazon's schema has it: sorted and without duplicates."""
    samples: dict[str, set[str]] = {intent: set() for intent in contract.intents}
    for template in language.templates_for(locale):
        samples[template.intent].update(thinned(template))
    intents: list[dict[str, Any]] = []
    for intent in sorted(contract.intents):
        slots = [{"name": slot, "type": contract.slots[slot]} for slot in sorted(contract.slots_of(intent))]
        named = {"name": intent, **({"slots": slots} if slots else {})}
        intents.append({**named, "samples": sorted(samples[intent])})
    types = [
        {
            "name": kind,
            "values": [
                {"id": value.id, "name": {"value": value.words[0], "synonyms": sorted(value.words[1:])}}
                for value in sorted(language.values[kind], key=lambda value: value.id)
            ],
        }
        for kind in sorted(contract.slot_types)
    ]
    model = {"invocationName": language.invocation_name, "intents": intents, "types": types}
    return {"interactionModel": {"languageModel": model}}


@functools.cache
def thinned(template: Template) -> tuple[str, ...]:
    """At most so many samples of a template, and more only where a word or a short sentence would be lost.

    A template is written for readers and may stand for thousands of sentences; Amazon's training needs
    each word in its place, not every combination of them. The plainest come first, then the others,
    each spread evenly. Amazon's own intents keep all: they fire on exact phrases alone.
    """
    most = MAX_PER_SIGN if event_name(template.intent) in SIGNS else MAX_PER_TEMPLATE
    if template.intent.startswith("AMAZON.") or len(template.samples) <= most:
        return template.samples
    kept = dict.fromkeys((*spread(template.plainest), *spread(template.samples)))
    chosen = list(itertools.islice(kept, most))
    seen = {piece for sample in chosen for piece in _pieces(sample)}
    for sample in kept:
        if not seen.issuperset(_pieces(sample)):
            chosen.append(sample)
            seen.update(_pieces(sample))
    return tuple(chosen)


def _pieces(sample: str) -> list[str]:
    """What of a sample must not be lost: its words, and the whole of it where that is short."""
    words = sample.split()
    return [*words, f"{sample}."] if len(words) <= SHORT else words


def spread(samples: tuple[str, ...]) -> list[str]:
    """The samples in an order in which any first few of them are spread over the whole."""
    count = len(samples)
    stride = next((step for step in range(int(count * 0.618), count) if math.gcd(step, count) == 1), 1)
    return [samples[index * stride % count] for index in range(count)]


def write_all(texts: dict[str, str], folder: Path = COMPILED) -> list[str]:
    """Write the model files and remove those of locales that are gone; returns the names that changed."""
    gone = [path for path in sorted(folder.glob("*.json")) if path.stem not in texts]
    for path in gone:
        path.unlink()
    changed = [f"{locale}.json" for locale, text in texts.items() if write_changed(folder / f"{locale}.json", text)]
    return [*(path.name for path in gone), *changed]

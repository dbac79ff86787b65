"""A compiled interaction model, as it is deployed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.languages import UnknownLocaleError, spoken

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "skill-package" / "interactionModels" / "custom"


@dataclass(frozen=True)
class SlotValue:
    """What a word of a slot resolves to."""

    id: str
    name: str


@dataclass
class InteractionModel:
    """One locale's model.

    `samples` maps each sample to its intent, `slots` an intent to the types of its slots by name,
    `values` a slot type to its words, in lower case, with what they resolve to.
    """

    locale: str
    invocation_name: str
    samples: dict[str, str] = field(default_factory=dict)
    slots: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, SlotValue]] = field(default_factory=dict)


def load_model(locale: str) -> InteractionModel:
    """The model of a locale such as "en-US". Raises UnknownLocaleError."""
    if locale not in locales():
        raise UnknownLocaleError(f"no interaction model for locale {locale!r}; there are {', '.join(locales())}")
    return parse_model(locale, json.loads((MODELS / f"{locale}.json").read_text(encoding="utf-8")))


def locales() -> list[str]:
    """The locales that have a model."""
    return sorted(path.stem for path in MODELS.glob("*.json"))


def parse_model(locale: str, document: dict[str, Any]) -> InteractionModel:
    """A model from its JSON, with Alexa's own phrases added for the built-in intents that it declares."""
    language_model = document["interactionModel"]["languageModel"]
    model = InteractionModel(locale, language_model["invocationName"])
    for intent in language_model["intents"]:
        name = intent["name"]
        model.slots[name] = {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
        for sample in intent.get("samples", []):
            model.samples[sample] = name
    phrases = spoken(locale).phrases(locale)
    for name in model.slots:
        for phrase in phrases.get(name, []):
            model.samples.setdefault(phrase, name)  # a custom sample wins over Amazon's phrase
    for kind in language_model.get("types", []):
        words = model.values.setdefault(kind["name"], {})
        for value in kind["values"]:
            resolved = SlotValue(value.get("id", ""), value["name"]["value"])
            for word in [value["name"]["value"], *value["name"].get("synonyms", [])]:
                words[word.lower()] = resolved
    return model

"""Compiling: the same sources always give the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.errors import ROOT
from tools.models.sources import Contract, Language

COMPILED = ROOT / "skill-package" / "interactionModels" / "custom"


def compile_all(contract: Contract, languages: list[Language]) -> dict[str, str]:
    """The text of every model file, by locale."""
    return {
        locale: json.dumps(compile_locale(contract, language, locale), indent=1, ensure_ascii=False) + "\n"
        for language in languages
        for locale in language.locales
    }


def compile_locale(contract: Contract, language: Language, locale: str) -> dict[str, Any]:
    """The interaction model of one locale, as Amazon's schema has it: sorted and without duplicates."""
    samples: dict[str, set[str]] = {intent: set() for intent in contract.intents}
    for template in language.templates_for(locale):
        samples[template.intent].update(template.samples)
    intents = [
        {
            "name": intent,
            "slots": [{"name": slot, "type": contract.slots[slot]} for slot in sorted(contract.slots_of(intent))],
            "samples": sorted(samples[intent]),
        }
        for intent in sorted(contract.intents)
    ]
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
    for intent in intents:
        if not intent["slots"]:
            del intent["slots"]
    model = {"invocationName": language.invocation_name, "intents": intents, "types": types}
    return {"interactionModel": {"languageModel": model}}


def write_all(texts: dict[str, str], folder: Path = COMPILED) -> list[str]:
    """Write the model files and remove those of locales that are no more; returns the names that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for path in sorted(folder.glob("*.json")):
        if path.stem not in texts:
            path.unlink()
            changed.append(path.name)
    for locale, text in texts.items():
        path = folder / f"{locale}.json"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path.name)
    return changed

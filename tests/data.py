"""Test data: dialogs and utterances are TOML files that a person can read and add to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent


@dataclass(frozen=True)
class Dialog:
    """A conversation and what must be heard in it."""

    name: str
    path: Path
    locale: str
    turns: list[dict[str, Any]]


def dialogs() -> list[Dialog]:
    """Every dialog in tests/dialogs/."""
    return [
        Dialog(dialog["name"], path, dialog.get("locale", "en-US"), dialog["turn"])
        for path in sorted((TESTS / "dialogs").glob("*.toml"))
        for dialog in tomllib.loads(path.read_text(encoding="utf-8"))["dialog"]
    ]


def utterances() -> list[tuple[str, str, str, dict[str, str]]]:
    """Every test utterance as (folder, utterance, intent, slots); the folder is a language or a locale."""
    return [
        (path.parent.name, utterance, intent, slots)
        for path in sorted((TESTS / "utterances").glob("*/*.toml"))
        for intent, expected in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for utterance, slots in expected.items()
    ]

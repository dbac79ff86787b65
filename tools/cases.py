"""The test cases that are data: dialogs and utterances in TOML files that a person can read and add to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.documents import read_toml
from tools.errors import ROOT
from tools.models.sources import first_locale

TESTS = ROOT / "tests"


@dataclass(frozen=True)
class Dialog:
    """A conversation and what must be heard in it.

    begins: whether it is about the very first thing that is said, so that it can't follow a launch.
    """

    name: str
    path: Path
    locale: str
    turns: list[dict[str, Any]]
    begins: bool = False


def dialogs() -> list[Dialog]:
    """Every dialog in tests/dialogs/<language>/, in the language's first locale or its own. Raises SourceError."""
    return [
        Dialog(
            dialog["name"],
            path,
            dialog.get("locale", first_locale(folder.name)),
            dialog["turn"],
            dialog.get("begins", False),
        )
        for folder in sorted((TESTS / "dialogs").iterdir())
        for path in sorted(folder.glob("*.toml"))
        for dialog in read_toml(path)[0]["dialog"]
    ]


def utterances() -> list[tuple[str, str, str, dict[str, str]]]:
    """Every test utterance as (folder, utterance, intent, slots); the folder is a language or a locale.

    Raises SourceError.
    """
    return [
        (path.parent.name, utterance, intent, slots)
        for path in sorted((TESTS / "utterances").glob("*/*.toml"))
        for intent, expected in read_toml(path)[0].items()
        for utterance, slots in expected.items()
    ]

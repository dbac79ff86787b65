"""Everything said or shown, as data: `words/<language>/<file>.toml`, each line with its sources.

A line is a table with a `say` text; other texts of the line are fields beside it. The line
`[standing.1]` of `calf.toml` is called `calf.standing.1`, and its text for silence
`calf.standing.1#silence`. Files are read when a line of theirs is first wanted: a launch in the
night waits for the calf's steps, not for forty answers.
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Iterator
from typing import Any

# Paths are strings here: nothing else on the way to the first step needs pathlib, and it costs a millisecond.
FOLDER = os.path.dirname(__file__)
USUAL_LANGUAGE = "en"

# Fields of a line that say something about it and are never spoken.
NOT_SPOKEN = frozenset({"sources", "strength"})


class Words:
    """The lines of one language. `ref in words` and `words[ref]` take references such as `calf.standing.1#silence`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._names = frozenset(name.removesuffix(".toml") for name in os.listdir(folder))
        self._texts: dict[str, str] = {}
        self._read: set[str] = set()

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, str) and self._find(ref) is not None

    def __getitem__(self, ref: str) -> str:
        """The text behind `ref`; KeyError if there is no such line."""
        text = self._find(ref)
        if text is None:
            raise KeyError(ref)
        return text

    def _find(self, ref: str) -> str | None:
        name = ref.partition(".")[0]
        if name not in self._read and name in self._names:
            with open(os.path.join(self._folder, f"{name}.toml"), "rb") as file:
                self._texts.update(texts(name, tomllib.load(file)))
            self._read.add(name)
        return self._texts.get(ref)


def texts(name: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a words file with its reference; `name` is that of the file, then of each line within."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from texts(f"{name}.{key}", value)
        elif isinstance(value, str) and key not in NOT_SPOKEN:
            yield (name if key == "say" else f"{name}#{key}"), value


@functools.cache
def words_for(locale: str) -> Words:
    """The words for an Alexa locale such as "en-GB"; English where there are none for its language."""
    return _words_in(language_of(locale))


def language_of(locale: str) -> str:
    """The language that a locale such as "en-GB" is answered in; English where there are no words for its own."""
    language = locale.partition("-")[0].lower()
    return language if language in languages() else USUAL_LANGUAGE


def languages() -> list[str]:
    """The languages there are words for."""
    return sorted(entry.name for entry in os.scandir(FOLDER) if entry.is_dir() and entry.name != "__pycache__")


@functools.cache
def _words_in(language: str) -> Words:
    return Words(os.path.join(FOLDER, language))

"""Everything said or shown, as data: `words/<language>/<file>.toml`, each line with its sources.

A line is a table with a `say` text; other texts of the line are fields beside it. The line
`[standing.1]` of `calf.toml` is called `calf.standing.1`, and its text if nobody answers
`calf.standing.1#reprompt`. Files are read when a line of theirs is first wanted: a launch in the
night waits for the calf's steps, not for forty answers.

What a thing is called in one country and not in another ("water tablets", whom to ring at night)
stands in `words/<language>/locales/<locale>.toml`, all of them under the same names; a line says
`{nurse_line}`, and `words["local#nurse_line"]` is what that is here. `locales/<language>.toml` is for
everywhere else. That file, too, is only read when a line that needs it is spoken.
"""

from __future__ import annotations

import functools
import json
import os
import tomllib
from collections.abc import Iterator
from typing import Any

# Paths are strings here: nothing else on the way to the first step needs pathlib, and it costs a millisecond.
FOLDER = os.path.dirname(__file__)

LOCAL = "local"  # the line whose texts are the words that differ from country to country
LOCALES = "locales"  # the folder of those words within a language's

# Fields of a line that say something about it and are never spoken.
NOT_SPOKEN = frozenset({"sources", "strength"})


class Words:
    """The lines of one language as one country says them.

    `ref in words` and `words[ref]` take references such as `calf.standing.1#reprompt`. `folder` is the
    language's; `locale` names a file of its `locales/`, and "" is everywhere else.
    """

    def __init__(self, folder: str, locale: str = "") -> None:
        self._paths = {
            name.removesuffix(".toml"): os.path.join(folder, name)
            for name in os.listdir(folder)
            if name.endswith(".toml")
        }
        self._folder = folder
        self._paths[LOCAL] = os.path.join(folder, LOCALES, f"{locale or os.path.basename(folder)}.toml")
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

    @functools.cached_property
    def voice(self) -> dict[str, float]:
        """Seconds that a voice takes for a text between two pauses, at its usual pace, as `make voice` measured them.

        Only what a screen shows beside the voice asks for it; empty where nobody has measured.
        """
        try:
            with open(os.path.join(self._folder, "voice.json"), encoding="utf-8") as file:
                measured: dict[str, float] = json.load(file)
        except FileNotFoundError:
            return {}
        return measured

    def _find(self, ref: str) -> str | None:
        name = ref.partition("#")[0].partition(".")[0]
        if name not in self._read and name in self._paths:
            with open(self._paths[name], "rb") as file:
                self._texts.update(texts(name, tomllib.load(file)))
            self._read.add(name)
        return self._texts.get(ref)


def lines(name: str, table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every line of a words file with its fields; `name` is that of the file, then of each line within."""
    fields = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if fields:
        yield name, fields
    for key, value in table.items():
        if isinstance(value, dict):
            yield from lines(f"{name}.{key}", value)


def texts(name: str, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a words file with its reference."""
    for ref, fields in lines(name, table):
        for key, value in fields.items():
            if isinstance(value, str) and key not in NOT_SPOKEN:
                yield (ref if key == "say" else f"{ref}#{key}"), value


@functools.cache
def words_for(locale: str) -> Words:
    """The words for an Alexa locale such as "en-GB"; the default language's where there are none for its own."""
    language = language_of(locale)
    return _words_in(language, locale if locale in locales(language) else "")


def language_of(locale: str) -> str:
    """The language that a locale such as "en-GB" is answered in; the default one where there are no words for it."""
    language = locale.partition("-")[0].lower()
    return language if language in languages() else default_language()


@functools.cache
def default_language() -> str:
    """The language of a device whose own there are no words for. Only such a device waits for the file."""
    with open(os.path.join(FOLDER, "languages.toml"), "rb") as file:
        return str(tomllib.load(file)["default"])


def languages() -> list[str]:
    """The languages there are words for."""
    return sorted(entry.name for entry in os.scandir(FOLDER) if entry.is_dir() and entry.name != "__pycache__")


def locales(language: str) -> list[str]:
    """The locales of a language that have words of their own."""
    folder = os.path.join(FOLDER, language, LOCALES)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [name.removesuffix(".toml") for name in names if name != f"{language}.toml"]


@functools.cache
def _words_in(language: str, locale: str) -> Words:
    return Words(os.path.join(FOLDER, language), locale)

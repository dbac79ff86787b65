"""What the simulator knows of each language, as data: `<language>.toml`, read when a device of that language is made.

How Alexa is called and a skill opened, Amazon's own phrases, what the ear takes for one and the same sentence, and
numbers and durations (`amounts.py` reads those).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


class UnknownLocaleError(ValueError):
    """There is nothing for a locale: no interaction model, or no language."""


class SpokenLanguage:
    """One language as people speak it to Alexa; its words are those of `<language>.toml`."""

    def __init__(self, name: str, document: dict[str, Any]) -> None:
        self.name = name
        self.amounts: dict[str, Any] = document["amounts"]
        self.opening: dict[str, list[str]] = document["opening"]
        self.negations = frozenset(document["hearing"]["negations"])
        self._same: dict[str, str] = document["hearing"]["same"]
        self._endings: dict[str, str] = document["hearing"]["endings"]
        self._typed = str.maketrans(document["hearing"]["typed"])
        self._phrases: dict[str, list[str]] = document["phrases"]
        self._phrases_of: dict[str, dict[str, list[str]]] = document.get("phrases_of", {})
        self._calls = lru_cache(maxsize=64)(self._call)  # names are few, and looked for in every sentence
        self._written_out = lru_cache(maxsize=8192)(self._write_out)  # words are few, and asked for millions of times

    def phrases(self, locale: str = "") -> dict[str, list[str]]:
        """Amazon's own phrases by built-in intent, with those that a locale has besides."""
        own = self._phrases_of.get(locale, {})
        return {intent: [*phrases, *own.get(intent, ())] for intent, phrases in self._phrases.items()}

    def plain(self, text: str) -> str:
        """Lower case, contractions written out, no punctuation, single-spaced: "It's gone!" is "it is gone"."""
        folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
        words = re.sub(r"[^\w{}']+", " ", folded).split()
        return " ".join(" ".join(map(self._written_out, words)).replace("'", "").split())

    def folded(self, text: str) -> str:
        """A plain text as it is typed where a keyboard has no accents: "öffne" is "oeffne", "músculo" is "musculo"."""
        letters = unicodedata.normalize("NFD", text.translate(self._typed))
        return "".join(letter for letter in letters if not unicodedata.combining(letter))

    def opened(self, name: str, text: str) -> tuple[str, str] | None:
        """What a plain text asks of the skill called `name`: a connecting word and a space ("" for none), and the rest.

        Two empty strings if it only opens the skill; None if it doesn't call it.
        """
        opens, asks = self._calls(name)
        if opens.fullmatch(text):
            return "", ""
        asked = asks.fullmatch(text)
        return (asked["connector"] or "", asked["rest"]) if asked else None

    def _call(self, name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """What only opens the skill of this name, and what asks it something."""
        before, after = (self._one_of(kind) for kind in ("before_name", "after_name"))
        called = f"(?:{before} )*(?:{self._either(self.plain(name))})"
        asking = f"{self._one_of('launch', 'ask')} {called} (?P<connector>{self._one_of('connectors')} )?(?P<rest>.+)"
        return re.compile(f"(?:{self._one_of('launch')} )?{called}(?: {after})*"), re.compile(asking)

    def _one_of(self, *kinds: str) -> str:
        words = (self._either(self.plain(word)) for kind in kinds for word in self.opening[kind])
        return f"(?:{'|'.join(words)})"

    def _either(self, words: str) -> str:
        """Words with or without their accents, as a regular expression."""
        return "|".join(dict.fromkeys((re.escape(words), re.escape(self.folded(words)))))

    def _write_out(self, word: str) -> str:
        bare = word.replace("'", "")
        if bare in self._same:
            return self._same[bare]
        for ending, full in self._endings.items():
            if word.endswith(ending):
                return word.removesuffix(ending) + full
        return word


def languages(folder: Path = FOLDER) -> list[str]:
    """The languages that the simulator knows."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def spoken(locale: str) -> SpokenLanguage:
    """The language of a locale such as "en-US". Raises UnknownLocaleError."""
    return _read(locale.partition("-")[0])


@cache
def _read(name: str) -> SpokenLanguage:
    path = FOLDER / f"{name}.toml"
    if name not in languages():
        raise UnknownLocaleError(f"the simulator knows no language {name!r}: add simulator/languages/{path.name}")
    return SpokenLanguage(name, tomllib.loads(path.read_text(encoding="utf-8")))

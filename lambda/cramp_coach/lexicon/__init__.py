"""The words of the slots, for what Alexa heard but could not place.

A slot arrives without an id when its words are on no list (ER_SUCCESS_NO_MATCH), when resolving them took too long or
failed (ER_ERROR_TIMEOUT, ER_ERROR_EXCEPTION), and from tools that resolve nothing. The words are in it all the same, so
they are looked up here. `<language>.json` is compiled from interaction-models/ and read only when it is needed.
"""

from __future__ import annotations

import functools
import json
import os
from typing import NamedTuple

from ..words import language_of

# Slots that any sentence may turn out to fill: what a warning sign is made of.
OF_A_SIGN = ("symptom", "part", "circumstance", "condition", "who", "cramp")

SECOND = {"symptom": "symptom_two", "part": "part_two"}  # where a sentence names two of them

MAX_WORDS = 12  # of one entry; nothing on the lists is longer


class Lexicon(NamedTuple):
    """The lists of one language: slot -> its type, and type -> words -> id."""

    slots: dict[str, str]
    types: dict[str, dict[str, str]]


@functools.cache
def lexicon_for(language: str) -> Lexicon:
    """The lexicon of a language for which there are words, by its name."""
    with open(os.path.join(os.path.dirname(__file__), f"{language}.json"), encoding="utf-8") as file:
        return Lexicon(**json.load(file))


def placed(slot: str, spoken: str, locale: str) -> dict[str, str]:
    """What `spoken`, the words in `slot`, mean: slot -> id, for this slot or for what the words name of a sign.

    Empty if no list has any of them.
    """
    lexicon = lexicon_for(language_of(locale))
    words = spoken.lower().split()[: 10 * MAX_WORDS]
    own = lexicon.types.get(lexicon.slots.get(slot, ""), {})
    if (whole := " ".join(words)) in own:
        return {slot: own[whole]}
    found: dict[str, str] = {}
    for name in OF_A_SIGN:
        known = lexicon.types[lexicon.slots[name]]
        for ids in _named(words, known):
            key = SECOND.get(name, name) if name in found else name
            found.setdefault(key, ids)
    return found


def _named(words: list[str], known: dict[str, str]) -> list[str]:
    """The ids of the entries of `known` that stand in `words`, from left to right; of overlapping ones the longest."""
    found: dict[int, tuple[int, str]] = {}  # start -> end and id
    taken: set[int] = set()
    for length in range(min(MAX_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            entry = known.get(phrase) or known.get(phrase.removesuffix("'s"))
            window = range(start, start + length)
            if entry is not None and taken.isdisjoint(window):
                taken.update(window)
                found[start] = (start + length, entry)
    return [entry for _, (_, entry) in sorted(found.items())]

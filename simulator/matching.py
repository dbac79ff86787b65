"""A stand-in for Amazon's language understanding.

First the model's own samples, exactly (with slot values filled in); then the nearest sample by
RapidFuzz above a threshold; else AMAZON.FallbackIntent. Amazon's own matching is statistical and
knows far more English: what fails here may work there, and now and then the other way round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from simulator.model import InteractionModel, SlotValue

FALLBACK = "AMAZON.FallbackIntent"
LONGEST_UTTERANCE = 500  # characters; nobody says more in one breath, and Alexa listens no longer
THRESHOLD = 80.0  # of 100: below this the nearest sample is no match
MOST_SLOT_FORMS = 64

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class FilledSlot:
    """A slot as heard: the words, and what they resolve to (None: not on the list)."""

    name: str
    type: str
    value: str
    resolved: SlotValue | None


@dataclass(frozen=True)
class Match:
    """What an utterance was taken for. `score` is 0 to 100; `how` is exact, nearest or none."""

    intent: str
    slots: dict[str, FilledSlot] = field(default_factory=dict)
    score: float = 0.0
    how: str = "none"


@dataclass(frozen=True)
class Form:
    """An utterance with some of its words read as slots."""

    text: str
    slots: tuple[FilledSlot, ...] = ()


class Matcher:
    """Matches utterances against one model."""

    def __init__(self, model: InteractionModel) -> None:
        self.model = model

    @cached_property
    def _samples(self) -> dict[str, str]:
        return {plain(sample): intent for sample, intent in sorted(self.model.samples.items())}

    @cached_property
    def _texts(self) -> list[str]:
        return list(self._samples)

    @cached_property
    def _slot_types(self) -> dict[str, str]:
        return {name: kind for slots in self.model.slots.values() for name, kind in slots.items()}

    @cached_property
    def _slot_words(self) -> dict[str, list[tuple[str, str, SlotValue]]]:
        """Which slots a word or phrase could fill: phrase -> (slot, type, value)."""
        found: dict[str, list[tuple[str, str, SlotValue]]] = {}
        for slot, kind in self._slot_types.items():
            for word, value in self.model.values.get(kind, {}).items():
                found.setdefault(plain(word), []).append((slot, kind, value))
        return found

    @cached_property
    def _longest_phrase(self) -> int:
        return max((len(words.split()) for words in self._slot_words), default=0)

    def match(self, utterance: str) -> Match:
        """The intent and slots of an utterance; never raises, whatever was typed."""
        text = plain(utterance)
        if not text or len(utterance) > LONGEST_UTTERANCE:
            return Match(FALLBACK)
        forms = list(self.forms(text))
        for form in forms:
            if form.text in self._samples:
                return self._matched(form, form.text, 100.0, "exact")
        return self._nearest(forms) or Match(FALLBACK)

    def forms(self, text: str) -> Iterator[Form]:
        """The ways to read a plain text: words that are slot values as slots, most slots first."""
        tokens = text.split()
        spans = [
            (start, end, FilledSlot(slot, kind, phrase, value))
            for start in range(len(tokens))
            for end in range(start + 1, min(start + self._longest_phrase, len(tokens)) + 1)
            for phrase in [" ".join(tokens[start:end])]
            for slot, kind, value in self._slot_words.get(phrase, ())
        ]
        chosen = _choices(sorted(spans, key=lambda span: span[0] - span[1]))
        for picked in sorted(chosen, key=lambda spans: -sum(end - start for start, end, _ in spans)):
            words = list(tokens)
            for start, end, slot in sorted(picked, key=lambda span: -span[0]):
                words[start:end] = ["{" + slot.name + "}"]
            yield Form(" ".join(words), tuple(slot for _, _, slot in picked))

    def _nearest(self, forms: list[Form]) -> Match | None:
        best: tuple[float, Form, str] | None = None
        for form in forms:
            found = process.extractOne(form.text, self._texts, scorer=fuzz.ratio, score_cutoff=THRESHOLD)
            if found and (best is None or found[1] > best[0]):
                best = (found[1], form, found[0])
        return self._matched(best[1], best[2], best[0], "nearest") if best else None

    def _matched(self, form: Form, sample: str, score: float, how: str) -> Match:
        wanted = set(SLOT.findall(sample))
        slots = {slot.name: slot for slot in form.slots if slot.name in wanted}
        return Match(self._samples[sample], slots, score, how)


def plain(text: str) -> str:
    """Lower case, without punctuation and apostrophes, single-spaced: "It's gone!" is "its gone"."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("'", "")
    return " ".join(re.sub(r"[^\w{}]+", " ", folded).split())


Span = tuple[int, int, FilledSlot]


def _choices(spans: list[Span]) -> list[list[Span]]:
    """Every way to pick spans that don't overlap and slots that differ, up to a bound."""
    choices: list[list[Span]] = [[]]
    for span in spans:
        if len(choices) >= MOST_SLOT_FORMS:
            break
        choices += [
            [*picked, span]
            for picked in choices
            if all((span[0] >= end or span[1] <= start) and span[2].name != slot.name for start, end, slot in picked)
        ]
    return choices

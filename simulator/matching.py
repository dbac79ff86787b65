"""A stand-in for Amazon's language understanding.

First the model's own samples, exactly (with slot values filled in). Then the nearest sample: words
and pairs of words are weighed by how few intents use them, and a word that no sample has is read as
the most similar one by RapidFuzz. Below a threshold, AMAZON.FallbackIntent. Amazon's own matching is
statistical too and knows far more English: what fails here may work there, and the other way round.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz, process

from simulator.amounts import LONGEST_DURATION, duration, number
from simulator.model import InteractionModel, SlotValue, load_model

FALLBACK = "AMAZON.FallbackIntent"
LONGEST_UTTERANCE = 500  # characters; nobody says more in one breath, and Alexa listens no longer
THRESHOLD = 40.0  # of 100: below this the nearest sample is no match
SAME_WORD = 84.0  # of 100: how alike two spellings of a word are
SHORTEST_MENDED = 4  # letters; shorter words are too easily another word
MOST_SLOT_FORMS = 64

BUILT_IN_TYPES = {"AMAZON.NUMBER": number, "AMAZON.DURATION": duration}

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
        self._read = lru_cache(maxsize=4096)(self._understood)  # whole sets of utterances are asked for again and again

    @cached_property
    def _samples(self) -> dict[str, str]:
        return {plain(sample): intent for sample, intent in sorted(self.model.samples.items())}

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
        return max((len(words.split()) for words in self._slot_words), default=LONGEST_DURATION)

    def _fillings(self, phrase: str) -> Iterator[FilledSlot]:
        """The slots that a phrase could fill, with what they resolve to."""
        for slot, kind, value in self._slot_words.get(phrase, ()):
            yield FilledSlot(slot, kind, phrase, value)
        for slot, kind in self._slot_types.items():
            amount = BUILT_IN_TYPES[kind](phrase) if kind in BUILT_IN_TYPES else None
            if amount is not None:
                yield FilledSlot(slot, kind, amount, None)

    def match(self, utterance: str) -> Match:
        """The intent and slots of an utterance; never raises, whatever was typed."""
        text = plain(utterance)
        if not text or len(utterance) > LONGEST_UTTERANCE:
            return Match(FALLBACK)
        return self._read(text)

    def _understood(self, text: str) -> Match:
        forms = list(self.forms(text))
        for form in forms:
            if form.text in self._samples:
                return self._matched(form, form.text, 100.0, "exact")
        return self._nearest(forms) or Match(FALLBACK)

    def forms(self, text: str) -> Iterator[Form]:
        """The ways to read a plain text: as it is, then with words that are slot values as slots."""
        tokens = text.split()
        spans = [
            (start, end, slot)
            for start in range(len(tokens))
            for end in range(start + 1, min(start + self._longest_phrase, len(tokens)) + 1)
            for slot in self._fillings(" ".join(tokens[start:end]))
        ]
        chosen = _choices(sorted(spans, key=lambda span: span[0] - span[1]))
        for picked in sorted(chosen, key=_literal_first):
            words = list(tokens)
            for start, end, slot in sorted(picked, key=lambda span: -span[0]):
                words[start:end] = ["{" + slot.name + "}"]
            yield Form(" ".join(words), tuple(slot for _, _, slot in picked))

    def _nearest(self, forms: list[Form]) -> Match | None:
        found = [(*self._nearest_sample(form.text), form) for form in forms]
        score, sample, form = max(found, key=lambda found: found[0])
        return self._matched(form, sample, score, "nearest") if score >= THRESHOLD else None

    def _nearest_sample(self, text: str) -> tuple[float, str]:
        """The sample most like a text, and how alike they are: the cosine of their weighed words, times 100."""
        features = _features([self._mended(word) for word in text.split()])
        shared: defaultdict[str, float] = defaultdict(float)
        for feature in features:
            for sample in self._having.get(feature, ()):
                shared[sample] += self._weights[feature] ** 2
        if not shared:
            return 0.0, ""
        length = math.sqrt(sum(self._weights.get(feature, self._unheard(feature)) ** 2 for feature in features))
        score, sample = max((weight / (length * self._lengths[sample]), sample) for sample, weight in shared.items())
        return round(100 * score, 6), sample  # equally alike stays equal: sums differ in the last digit

    def _mended(self, word: str) -> str:
        """A word that no sample has, as the one it is most like."""
        if word in self._weights or len(word) < SHORTEST_MENDED or SLOT.fullmatch(word):
            return word
        found = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=SAME_WORD)
        return found[0] if found else word

    def _unheard(self, feature: str) -> float:
        """The weight of a word that no sample has: as much as one that a single intent has; none for a pair."""
        return 0.0 if " " in feature else math.log(1 + len(self.model.slots))

    @cached_property
    def _having(self) -> dict[str, list[str]]:
        """Which samples have a word or a pair of words."""
        having: defaultdict[str, list[str]] = defaultdict(list)
        for sample in self._samples:
            for feature in _features(sample.split()):
                having[feature].append(sample)
        return dict(having)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much a word or a pair says about the intent: the fewer intents use it, the more."""
        intents = len(self.model.slots)
        return {
            feature: math.log(1 + intents / len({self._samples[sample] for sample in samples}))
            for feature, samples in self._having.items()
        }

    @cached_property
    def _lengths(self) -> dict[str, float]:
        return {
            sample: math.sqrt(sum(self._weights[feature] ** 2 for feature in _features(sample.split())))
            for sample in self._samples
        }

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [feature for feature in self._weights if " " not in feature]

    def _matched(self, form: Form, sample: str, score: float, how: str) -> Match:
        wanted = set(SLOT.findall(sample))
        slots = {slot.name: slot for slot in form.slots if slot.name in wanted}
        return Match(self._samples[sample], slots, score, how)


@cache
def shared_matcher(locale: str) -> Matcher:
    """The one matcher of a locale, for all devices of this process. Raises UnknownLocaleError."""
    return Matcher(load_model(locale))


# "its gone", "it's gone" and "it is gone" are one sentence to a listener, so to the matcher too.
CONTRACTIONS = {
    **{"im": "i am", "ive": "i have", "its": "it is", "thats": "that is", "theres": "there is", "whats": "what is"},
    **{"hes": "he is", "shes": "she is", "lets": "let us", "youre": "you are", "theyre": "they are"},
    **{"cannot": "can not", "cant": "can not", "wont": "will not", "dont": "do not", "doesnt": "does not"},
    **{"didnt": "did not", "isnt": "is not", "wasnt": "was not", "hasnt": "has not", "havent": "have not"},
    **{"arent": "are not", "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "aint": "is not"},
    # these numbers are heard digit by digit
    **{"911": "nine one one", "999": "nine nine nine", "112": "one one two", "000": "zero zero zero"},
    **{"ok": "okay", "gonna": "going to", "wanna": "want to", "cos": "because", "mom": "mum"},
}
_ENDINGS = (("'s", " is"), ("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("'d", " would"))


def plain(text: str) -> str:
    """Lower case, contractions written out, no punctuation, single-spaced: "It's gone!" is "it is gone"."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    words = re.sub(r"[^\w{}']+", " ", folded).split()
    return " ".join(" ".join(_written_out(word) for word in words).replace("'", "").split())


@lru_cache(maxsize=8192)  # the words of a language are few, and this is asked for millions of times
def _written_out(word: str) -> str:
    bare = word.replace("'", "")
    if bare in CONTRACTIONS:
        return CONTRACTIONS[bare]
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + full
    return word


def _features(words: list[str]) -> list[str]:
    """The words of a text and each two that stand together, once each, in an order that is always the same."""
    return list(dict.fromkeys([*words, *(f"{first} {second}" for first, second in itertools.pairwise(words))]))


Span = tuple[int, int, FilledSlot]


def _literal_first(spans: list[Span]) -> tuple[bool, int]:
    """A sample that says the very words wins over one with slots; then more words in slots over fewer."""
    return bool(spans), -sum(end - start for start, end, _ in spans)


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

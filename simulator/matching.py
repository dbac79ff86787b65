"""A stand-in for Amazon's language understanding.

First the model's own samples, exactly, with slot values in their slots. Then the nearest sample of a
custom intent: the sentence is read once for each set of slot types that samples use, with the words
on their lists as slots, and its words and pairs of words are weighed by how few intents use them. The
sentence and the nearest samples are then laid side by side: that fills the slots, also with words on
no list, and what stays uncovered counts against the sample. Too little in common is AMAZON.FallbackIntent.

A built-in intent fires on Amazon's phrases and its own samples alone, as on Amazon's side. Amazon's
own matching is statistical too and knows far more of each language: what fails here may work there, and
the other way round. What this knows of one stands in `languages/`.
"""

from __future__ import annotations

import itertools
import math
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import fuzz, process

from simulator.amounts import MAX_DURATION_WORDS, duration, number
from simulator.languages import spoken
from simulator.model import InteractionModel, SlotValue, load_model

FALLBACK = "AMAZON.FallbackIntent"
BUILT_IN = "AMAZON."
MAX_UTTERANCE = 500  # characters; nobody says more in one breath, and Alexa listens no longer
THRESHOLD = 36.0  # of 100: up to this the nearest sample is no match
MIN_COVERED = 0.33  # of the weight of what was said: one rare word in common is no match
PAIR = 0.5  # what a pair of words counts beside a single one
UNLISTED = 0.5  # what words on no list count in a slot, beside a value of its list
MIN_CARRIER = 0.4  # of a sample's weight: what must fit before such words are taken for the slot's
MAX_UNLISTED = 6  # words
CONTENT = 0.15  # a word that more than this share of the intents uses says nothing on its own
SIDE_BY_SIDE = 0.25  # what it is worth that two words follow each other in both sentences
MIN_ALIKE = 0.2  # of 1: a sample that has less in common with a sentence is not laid beside it
NEAREST = 48  # samples that are laid beside a sentence
NEAREST_OF_AN_INTENT = 4
SAME_WORD = 84.0  # of 100: how alike two spellings of a word are
MIN_RESPELLED = 4  # letters; shorter words are too easily another word

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
class Span:
    """The words from `start` up to `end` of a sentence, as a value of a slot type."""

    start: int
    end: int
    type: str
    value: str
    resolved: SlotValue | None

    def fill(self, slot: str) -> FilledSlot:
        """The slot with these words in it."""
        return FilledSlot(slot, self.type, self.value, self.resolved)


@dataclass(frozen=True)
class Form:
    """A sentence with some of its words read as slots."""

    text: str
    slots: tuple[FilledSlot, ...] = ()


@dataclass(frozen=True)
class Token:
    """A word of a reading, or a phrase that is on the lists of one or more slot types."""

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A sample of a custom intent: its words, with `{Type}` for each slot, and the names of the slots by index."""

    intent: str
    labels: tuple[str, ...]
    names: dict[int, str]
    pairs: frozenset[str]
    length: float


class Reading:
    """A sentence with the words on the lists of some slot types as slots, wherever they are; and what they weigh."""

    def __init__(self, words: list[str], spans: Iterable[Span], weight: Callable[[str], float]) -> None:
        taken: dict[int, Token] = {}
        for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.type)):
            label = "{" + span.type + "}"
            same = taken.get(span.start)
            if same and same.end == span.end:
                taken[span.start] = Token(span.start, span.end, (*same.labels, label))
            elif all(span.start >= token.end or span.end <= token.start for token in taken.values()):
                taken[span.start] = Token(span.start, span.end, (label,))
        covered = {index for token in taken.values() for index in range(token.start, token.end)}
        plain_words = [Token(index, index + 1, (word,)) for index, word in enumerate(words) if index not in covered]
        self.tokens = sorted([*taken.values(), *plain_words], key=lambda token: token.start)
        labels = [token.labels for token in self.tokens]
        pairs = [
            [f"{first} {second}" for first in left for second in right] for left, right in itertools.pairwise(labels)
        ]
        self.labels = frozenset(itertools.chain.from_iterable(labels))
        self.pairs = frozenset(itertools.chain.from_iterable(pairs))
        # once each, in an order that is always the same
        self.features = list(dict.fromkeys(itertools.chain(*labels, *pairs)))
        self.heaviest = [max(map(weight, token)) for token in labels]
        self.squared = sum(heavy**2 for heavy in self.heaviest) + sum(max(map(weight, pair)) ** 2 for pair in pairs)


class Matcher:
    """Matches utterances against one model. Everything is made at once, so threads may share one."""

    def __init__(self, model: InteractionModel) -> None:
        self.model = model
        self.language = spoken(model.locale)
        self._phrases = _phrases(model)
        self._slots_of = _slots_of(model)
        self._longest = max([MAX_DURATION_WORDS, *(len(phrase.split()) for phrase in self._phrases)])
        self._owners = _owners(model)
        self._beginnings = {
            beginning for sample in self._owners for beginning in itertools.accumulate(sample.split(), "{} {}".format)
        }
        self._weigh()
        self._index()
        self._respelled = lru_cache(maxsize=4096)(self._respell)
        self._read = lru_cache(maxsize=4096)(self._understood)  # whole sets of utterances are asked for again and again

    # ---- what is known of the model

    def _weigh(self) -> None:
        """How much a word, a slot or a pair says about the intent: the fewer intents use it, the more."""
        users: defaultdict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, tuple[str, ...]] = {}
        for sample, intent in self._owners.items():
            kinds = self.model.slots[intent]
            slots = [(word, SLOT.fullmatch(word)) for word in sample.split()]
            labels = tuple("{" + kinds[slot[1]] + "}" if slot else word for word, slot in slots)
            self._labels[sample] = labels
            for feature in (*labels, *map(" ".join, itertools.pairwise(labels))):
                users[feature].add(intent)
        listed: defaultdict[str, set[str]] = defaultdict(set)
        for phrase, values in self._phrases.items():
            for word in phrase.split():
                if word not in users:
                    for kind, _, _ in values:
                        listed[word].update(
                            intent for intent, kinds in self.model.slots.items() if kind in kinds.values()
                        )
        intents = len(self.model.slots)
        self._weights = {
            feature: math.log(1 + intents / max(1, len(using))) * (math.sqrt(PAIR) if " " in feature else 1)
            for feature, using in itertools.chain(users.items(), listed.items())
        }
        self._unheard = math.log(1 + intents / 2)  # a word that the model lacks may mean anything
        self._content = min(math.log(1 + 1 / CONTENT), self._unheard)
        self._vocabulary = sorted(feature for feature in self._weights if " " not in feature and feature[0] != "{")
        self._typed = {self.language.folded(word): word for word in reversed(self._vocabulary)}

    def _index(self) -> None:
        """The samples of custom intents by slot types, words and pairs; and what each slot stands beside."""
        self._samples: list[Sample] = []
        self._lengths: list[float] = []
        self._having: dict[frozenset[str], dict[str, list[int]]] = {}
        self._beside: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for sample, intent in self._owners.items():
            if intent.startswith(BUILT_IN):
                continue
            labels = self._labels[sample]
            slots = [(index, SLOT.fullmatch(word)) for index, word in enumerate(sample.split())]
            names = {index: slot[1] for index, slot in slots if slot}
            for index, name in names.items():
                self._beside[intent][name].update(_neighbours(labels, index, index + 1))
            features = dict.fromkeys([*labels, *map(" ".join, itertools.pairwise(labels))])
            pairs = frozenset(map(" ".join, itertools.pairwise(labels)))
            length = math.sqrt(sum(self._weights[feature] ** 2 for feature in features))
            postings = self._having.setdefault(frozenset(labels[index][1:-1] for index in names), defaultdict(list))
            for feature in features:
                postings[feature].append(len(self._samples))
            self._samples.append(Sample(intent, labels, names, pairs, length))
            self._lengths.append(length)

    # ---- reading a sentence

    def match(self, utterance: str) -> Match:
        """The intent and slots of an utterance; never raises, whatever was typed."""
        if len(utterance) > MAX_UTTERANCE:
            return Match(FALLBACK)
        text = self.language.plain(re.sub("[{}]", " ", utterance))  # nobody says a slot
        return self._read(text) if text else Match(FALLBACK)

    def _understood(self, text: str) -> Match:
        words = [self._respelled(word) for word in text.split()]
        spans = self._spans(words)
        exact = [form for form in self._forms(words, spans, self._beginnings) if form.text in self._owners]
        if exact:
            form = min(exact, key=_literal_first)
            return Match(self._owners[form.text], {slot.name: slot for slot in form.slots}, 100.0, "exact")
        return self._nearest(words, spans)

    def _respell(self, word: str) -> str:
        """A word that neither a sample nor a list has, as the one it is most like."""
        if word in self._weights:
            return word
        if typed := self._typed.get(self.language.folded(word)):
            return typed
        if len(word) < MIN_RESPELLED or not word.isalpha():
            return word
        alike = [known for known in self._vocabulary if known[0] == word[0]]  # "rice" is no "ice" that was misspelt
        found = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=SAME_WORD)
        return found[0] if found else word

    def _spans(self, words: list[str]) -> list[Span]:
        """Every value of a slot type in a sentence, overlapping or not."""
        found = []
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                phrase = " ".join(words[start:end])
                found += [Span(start, end, *value) for value in self._phrases.get(phrase, ())]
                for kind, amount in BUILT_IN_TYPES.items():
                    if (
                        kind in self._slots_of
                        and end - start <= MAX_DURATION_WORDS
                        and (value := amount(phrase, self.language.name))
                    ):
                        found.append(Span(start, end, kind, value, None))
        return found

    def forms(self, text: str) -> Iterator[Form]:
        """The ways to read a plain text: as it is, then with words that are slot values as slots."""
        words = text.split()
        return self._forms(words, self._spans(words), None)

    def _forms(self, words: list[str], spans: list[Span], beginnings: Set[str] | None) -> Iterator[Form]:
        """The forms of a sentence; with `beginnings`, only those that start as some sample does, word by word."""
        starting: defaultdict[int, list[Span]] = defaultdict(list)
        for span in spans:
            starting[span.start].append(span)

        def go_on(index: int, said: str, slots: tuple[FilledSlot, ...]) -> Iterator[Form]:
            if index == len(words):
                yield Form(said, slots)
                return
            steps: list[tuple[str, int, tuple[FilledSlot, ...]]] = [(words[index], index + 1, slots)]
            used = {slot.name for slot in slots}
            for span in starting[index]:
                for name in self._slots_of.get(span.type, ()):
                    if name not in used:
                        steps.append(("{" + name + "}", span.end, (*slots, span.fill(name))))
            for word, end, filled in steps:
                longer = f"{said} {word}" if said else word
                if beginnings is None or longer in beginnings:
                    yield from go_on(end, longer, filled)

        return go_on(0, "", ())

    # ---- the nearest sample

    def _nearest(self, words: list[str], spans: list[Span]) -> Match:
        present = {span.type for span in spans}
        readings: dict[frozenset[str], Reading] = {}
        found: list[tuple[float, int, frozenset[str]]] = []
        for kinds, having in self._having.items():
            read_as = kinds & present
            if read_as not in readings:
                readings[read_as] = Reading(words, [span for span in spans if span.type in read_as], self._weight)
            reading = readings[read_as]
            shared: defaultdict[int, float] = defaultdict(float)
            for feature in reading.features:
                weight = self._weights.get(feature, 0.0) ** 2
                for index in having.get(feature, ()):
                    shared[index] += weight
            length, lengths = math.sqrt(reading.squared), self._lengths
            far = MIN_ALIKE * length
            found += [
                (round(-weight / (length * lengths[index]), 9), index, read_as)
                for index, weight in shared.items()
                if weight >= far * lengths[index]
            ]
        found.sort(key=itemgetter(0, 1))
        best = Match(FALLBACK, score=THRESHOLD)
        tried: Counter[str] = Counter()
        negations = self.language.negations
        denied = not negations.isdisjoint(words)
        for _, index, read_as in found:
            sample = self._samples[index]
            if not denied and not negations.isdisjoint(sample.labels):
                continue  # nobody who denies nothing is taken for one who does
            if tried[sample.intent] == NEAREST_OF_AN_INTENT:
                continue
            if tried.total() == NEAREST:
                break
            tried[sample.intent] += 1
            score, taken = self._beside_each_other(words, spans, readings[read_as], sample, best.score)
            if score > best.score:
                best = Match(sample.intent, taken, score, "nearest")
        return best if best.how == "nearest" else Match(FALLBACK)

    def _weight(self, label: str) -> float:
        return self._weights.get(label, 0.0 if " " in label else self._unheard)

    def _beside_each_other(
        self, words: list[str], spans: list[Span], reading: Reading, sample: Sample, least: float
    ) -> tuple[float, dict[str, FilledSlot]]:
        """How alike a sentence and a sample are, 0 to 100, and the slots that it fills; 0 and none below `least`."""
        tokens, labels = reading.tokens, sample.labels
        common = reading.labels.intersection(labels)
        shared = sum(self._weights[label] ** 2 for label in sorted(common | (reading.pairs & sample.pairs)))
        guessed = any(labels[other] not in common for other in sample.names)
        if not guessed and _score(shared, reading.squared, sample) < least:  # known early where nothing is to guess
            return 0.0, {}
        pairs = self._aligned(tokens, labels)
        placed = {other: token for token, other in pairs}
        unlisted: dict[int, list[int]] = {}
        if guessed and shared >= MIN_CARRIER * sample.length**2:
            unlisted = self._guessed(spans, reading, sample, placed)
        score = self._alike(reading, sample, unlisted, shared)
        if not score:
            return 0.0, {}
        slots: dict[str, FilledSlot] = {}
        used = {
            index
            for token, _ in pairs
            if reading.heaviest[token] >= self._content
            for index in range(tokens[token].start, tokens[token].end)
        }
        for other, name in sample.names.items():
            if other in placed:
                token = tokens[placed[other]]
                span = next(
                    s for s in spans if (s.start, s.end, "{" + s.type + "}") == (token.start, token.end, labels[other])
                )
                slots[name] = span.fill(name)
                used.update(range(token.start, token.end))
        for other, gap in unlisted.items():
            first, last = tokens[gap[0]].start, tokens[gap[-1]].end
            name = sample.names[other]
            slots[name] = FilledSlot(name, labels[other][1:-1], " ".join(words[first:last]), None)
            used.update(range(first, last))
        self._fill_the_rest(words, spans, sample, slots, used)
        return score, slots

    def _guessed(
        self, spans: list[Span], reading: Reading, sample: Sample, placed: dict[int, int]
    ) -> dict[int, list[int]]:
        """The words on no list that stand where a sample has a slot: for the slot's index, the indices of the words."""
        found: dict[int, list[int]] = {}
        for other in sample.names:
            label = sample.labels[other]
            if other in placed or label in reading.labels or label.startswith("{" + BUILT_IN):
                continue
            gap = self._gap(reading, placed, other, len(sample.labels))
            if gap:
                ends = reading.tokens[gap[0]].start, reading.tokens[gap[-1]].end
                if all((span.start, span.end) != ends for span in spans):  # a value of another list is no unknown word
                    found[other] = gap
        return found

    def _alike(self, reading: Reading, sample: Sample, unlisted: dict[int, list[int]], shared: float) -> float:
        """How alike a sentence and a sample are, 0 to 100; 0 if too little of what was said is in the sample."""
        tokens, mine, length = reading.tokens, reading.heaviest, reading.squared
        available = set(sample.labels)
        covered = sum(mine[index] for index, token in enumerate(tokens) if available.intersection(token.labels))
        said = sum(mine)
        for other, gap in unlisted.items():
            weight, lost = self._weights[sample.labels[other]], sum(mine[index] for index in gap)
            length += weight**2 - sum(mine[index] ** 2 for index in gap)
            shared += UNLISTED * weight**2
            covered, said = covered + UNLISTED * weight, said + weight - lost
        if not said or covered / said < MIN_COVERED:
            return 0.0
        gaps = set(itertools.chain.from_iterable(unlisted.values()))
        telling = [token for index, token in enumerate(tokens) if mine[index] >= self._content and index not in gaps]
        fitting = [token for token in telling if available.intersection(token.labels)]
        lacking = available - reading.labels - {sample.labels[other] for other in unlisted}
        wanting = any(self._weights[label] >= self._content for label in lacking)
        if wanting and len(fitting) < len(telling) and sum(token.end - token.start for token in fitting) <= 1:
            return 0.0  # one rare word in common, and each has others that the other lacks
        return _score(shared, length, sample)

    def _aligned(self, tokens: list[Token], labels: tuple[str, ...]) -> list[tuple[int, int]]:
        """The heaviest pairs of a token and a label that are the same, in the order of both."""
        rows, columns = len(tokens), len(labels)
        best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
        ending = [[-math.inf] * (columns + 1) for _ in range(rows + 1)]
        for row, token in enumerate(tokens, start=1):
            for column, label in enumerate(labels, start=1):
                if label in token.labels:
                    ending[row][column] = self._weight(label) + max(
                        best[row - 1][column - 1], ending[row - 1][column - 1] + SIDE_BY_SIDE
                    )
                best[row][column] = max(best[row - 1][column], best[row][column - 1], ending[row][column])
        pairs, row, column = [], rows, columns
        in_a_row = False
        while row and column:
            if in_a_row or (
                ending[row][column] == best[row][column]
                and best[row][column] > max(best[row - 1][column], best[row][column - 1])
            ):
                pairs.append((row - 1, column - 1))
                in_a_row = ending[row - 1][column - 1] + SIDE_BY_SIDE > best[row - 1][column - 1]
                row, column = row - 1, column - 1
            elif best[row - 1][column] >= best[row][column - 1]:
                row -= 1
            else:
                column -= 1
        return pairs[::-1]

    def _gap(self, reading: Reading, placed: dict[int, int], slot: int, length: int) -> list[int]:
        """The words that stand where a sample has a slot, if its neighbours are in the sentence; none otherwise."""
        if (slot and slot - 1 not in placed) or (slot + 1 < length and slot + 1 not in placed):
            return []
        first = placed[slot - 1] + 1 if slot else 0
        tokens = reading.tokens
        last = placed[slot + 1] if slot + 1 < length else len(tokens)
        gap = list(range(first, last))
        words_only = all(len(tokens[index].labels) == 1 and tokens[index].labels[0][0] != "{" for index in gap)
        says_something = any(reading.heaviest[index] >= self._content for index in gap)
        return gap if len(gap) <= MAX_UNLISTED and words_only and says_something else []

    def _fill_the_rest(
        self, words: list[str], spans: list[Span], sample: Sample, slots: dict[str, FilledSlot], used: set[int]
    ) -> None:
        """Fill what slots the intent has besides its sample's, longest values first, by what they stand beside."""
        kinds = self.model.slots[sample.intent]
        rest = [
            span
            for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.type))
            if span.type in kinds.values() and used.isdisjoint(range(span.start, span.end))
        ]
        for span in _apart(rest):
            beside = self._beside[sample.intent]
            around = _neighbours(tuple(words), span.start, span.end)
            free = [name for name, kind in kinds.items() if kind == span.type and name not in slots]
            if span.type in BUILT_IN_TYPES:  # "one" is a number in too many sentences
                free = [name for name in free if any(side in beside[name] for side in around)]
            if free:
                usual = max(free, key=lambda name: (sum(side in beside[name] for side in around), beside[name].total()))
                slots[usual] = span.fill(usual)


_LOCK = threading.Lock()
_SHARED: dict[str, Matcher] = {}


def shared_matcher(locale: str) -> Matcher:
    """The one matcher of a locale, for all devices of this process. Raises UnknownLocaleError."""
    with _LOCK:
        if locale not in _SHARED:
            _SHARED[locale] = Matcher(load_model(locale))
        return _SHARED[locale]


def _phrases(model: InteractionModel) -> dict[str, list[tuple[str, str, SlotValue]]]:
    """Which slot types a word or phrase is a value of: phrase -> (type, as it is written there, value)."""
    found: dict[str, list[tuple[str, str, SlotValue]]] = {}
    for kind, words in sorted(model.values.items()):
        for word, value in words.items():
            same = found.setdefault(spoken(model.locale).plain(word), [])
            if all(kind != other for other, _, _ in same):
                same.append((kind, word, value))
    return found


def _slots_of(model: InteractionModel) -> dict[str, list[str]]:
    """The names of the slots of each type."""
    names: dict[str, dict[str, None]] = {}
    for slots in model.slots.values():
        for name, kind in slots.items():
            names.setdefault(kind, {})[name] = None
    return {kind: list(known) for kind, known in names.items()}


def _owners(model: InteractionModel) -> dict[str, str]:
    """Each sample, plain, with its intent. A custom intent's wins over the same one of a built-in."""
    ordered = sorted(model.samples.items(), key=lambda pair: (pair[1].startswith(BUILT_IN), pair[0]))
    owners: dict[str, str] = {}
    for sample, intent in ordered:
        owners.setdefault(spoken(model.locale).plain(sample), intent)
    return owners


def _score(shared: float, squared: float, sample: Sample) -> float:
    """How alike two sentences are, of 100; equally alike stays equal: sums differ in the last digit."""
    return round(min(100 * shared / (math.sqrt(squared) * sample.length), 99.0), 6)


def _literal_first(form: Form) -> tuple[bool, int, str]:
    """A sample that says the very words wins over one with slots; then more words in slots over fewer."""
    return bool(form.slots), len(SLOT.sub("", form.text).split()), form.text


def _neighbours(labels: tuple[str, ...], start: int, end: int) -> list[str]:
    """What stands before and after a slot, each marked with its side."""
    before = f"{labels[start - 1]} _" if start else "_"
    after = f"_ {labels[end]}" if end < len(labels) else "_"
    return [before, after]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Those of the spans that overlap none before them, from left to right."""
    chosen: list[Span] = []
    for span in spans:
        if all(span.start >= other.end or span.end <= other.start for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)

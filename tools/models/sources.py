"""Reading the interaction-model sources: the contract, and for each language slots, rules and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from hassil import Sentence, parse_sentence, sample_expression
from hassil.errors import HassilError
from hassil.parser import ParseError

from simulator.languages import SpokenLanguage, UnknownLocaleError, spoken
from tools.documents import read_toml
from tools.errors import ROOT, Problem, SourceError, line_of

SOURCES = ROOT / "interaction-models"

# A template that makes more than this is a mistake (an optional too many), not a wealth of language.
MAX_SAMPLES_OF_TEMPLATE = 20000

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Location:
    """A spot in a source file."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path}:{self.line}"

    def problem(self, what: str, fix: str) -> Problem:
        """Something wrong there."""
        return Problem(self.path, self.line, what, fix)


@dataclass(frozen=True, eq=False)
class Template:
    """One template of one intent and the samples it stands for, sorted; `plainest` without its optionals."""

    intent: str
    text: str
    location: Location
    samples: tuple[str, ...]
    plainest: tuple[str, ...]
    locale: str = ""  # empty: in every locale of the language


@dataclass(frozen=True)
class Value:
    """One value of a slot type: its id, the word for it and the other words for it."""

    id: str
    words: tuple[str, ...]
    location: Location


@dataclass
class Contract:
    """What must exist in every language: intents with their slots, slot types with their ids."""

    path: Path
    text: str
    slot_types: dict[str, list[str]]
    slots: dict[str, str]
    intents: dict[str, dict[str, Any]]
    safety_net: dict[str, list[str]]
    examples: str  # the language of the examples

    def line(self, name: str) -> int:
        """Where something is declared."""
        return line_of(self.text, f'[intents."{name}"]', f"[intents.{name}]", name)

    def slots_of(self, intent: str) -> list[str]:
        """The names of an intent's slots."""
        return list(self.intents[intent].get("slots", []))


@dataclass
class Language:
    """Everything one language says."""

    name: str
    folder: Path
    invocation_name: str
    locales: list[str]
    letters: str = ""  # those that Amazon takes in a sample besides a to z
    rules: dict[str, Sentence] = field(default_factory=dict)
    rule_locations: dict[str, Location] = field(default_factory=dict)
    values: dict[str, list[Value]] = field(default_factory=dict)
    templates: list[Template] = field(default_factory=list)

    def templates_for(self, locale: str) -> list[Template]:
        """The templates of the language and of this locale."""
        return [template for template in self.templates if template.locale in ("", locale)]

    @cached_property
    def spoken(self) -> SpokenLanguage:
        """What the simulator knows of the language. Raises UnknownLocaleError."""
        return spoken(self.name)

    def example(self, kind: str) -> str:
        """What is said in a slot of one of Amazon's types."""
        return str(self.spoken.amounts["examples"][kind][0])

    @cached_property
    def words_of(self) -> dict[str, dict[str, str]]:
        """For each slot type, which word means which id."""
        return {
            name: {word: value.id for value in values for word in value.words} for name, values in self.values.items()
        }


def read_contract(sources: Path = SOURCES) -> Contract:
    """The contract. Raises SourceError."""
    path = sources / "contract.toml"
    document, text = read_toml(path)
    contract = Contract(
        path,
        text,
        document.get("slot_types", {}),
        document.get("slots", {}),
        document.get("intents", {}),
        document.get("safety_net", {}),
        document.get("examples", ""),
    )
    for intent in contract.intents:
        for slot in contract.slots_of(intent):
            if slot not in contract.slots:
                what = f"{intent} has an unknown slot '{slot}'"
                raise SourceError(path, contract.line(intent), what, "declare it under [slots]")
    for slot, kind in contract.slots.items():
        if not kind.startswith("AMAZON.") and kind not in contract.slot_types:
            what = f"slot '{slot}' has an unknown type {kind}"
            raise SourceError(path, line_of(text, f"{slot} ="), what, "list it in [slot_types]")
    return contract


def folders(sources: Path = SOURCES) -> list[Path]:
    """Where each language stands."""
    return sorted(path.parent for path in sources.glob("*/language.toml"))


def read_languages(contract: Contract, sources: Path = SOURCES) -> list[Language]:
    """Every language with its templates expanded. Raises SourceError on the first thing that can't be read."""
    return [read_language(contract, folder) for folder in folders(sources)]


def read_language(contract: Contract, folder: Path) -> Language:
    """A language with its templates expanded. Raises SourceError."""
    language = read_head(folder)
    _read_rules(language)
    _read_slots(language, contract)
    for path in sorted((folder / "intents").glob("*.toml")):
        language.templates += _read_templates(language, contract, path, locale="")
    for path in sorted((folder / "locales").glob("*.toml")):
        if path.stem not in language.locales:
            raise SourceError(path, 0, f"no locale {path.stem}", f"rename it, or add it to {folder.name}/language.toml")
        language.templates += _read_templates(language, contract, path, locale=path.stem)
    return language


def read_head(folder: Path) -> Language:
    """A language without its sentences: its name for the skill, locales and letters. Raises SourceError."""
    path = folder / "language.toml"
    document, text = read_toml(path)
    locales = locales_of(folder)
    if not document.get("invocation_name"):
        raise SourceError(path, line_of(text, "invocation_name"), "no invocation_name", "write what it is called by")
    language = Language(folder.name, folder, document["invocation_name"], locales, document.get("letters", ""))
    try:
        _ = language.spoken
    except UnknownLocaleError as error:
        raise SourceError(path, 0, str(error), "docs/languages.md says how") from None
    return language


def locales_of(folder: Path) -> list[str]:
    """The locales of a language, the first of which stands for the others. Raises SourceError."""
    path = folder / "language.toml"
    document, text = read_toml(path)
    if not document.get("locales"):
        raise SourceError(path, line_of(text, "locales"), "no locales", "list those that it is made for")
    known, _ = read_toml(SOURCES / "locales.toml")
    for locale in document["locales"]:
        at = line_of(text, f'"{locale}"')
        if locale not in known["locales"]:
            raise SourceError(path, at, f"Alexa has no locale {locale}", "take one of interaction-models/locales.toml")
        if locale.partition("-")[0] != folder.name:
            raise SourceError(path, at, f"{locale} is no locale of {folder.name}", "move it to its language")
    return list(document["locales"])


@cache
def first_locale(locale: str) -> str:
    """The locale that stands for all those of its language, where one will do. Raises SourceError."""
    return locales_of(SOURCES / locale.partition("-")[0])[0]


def _read_rules(language: Language) -> None:
    path = language.folder / "rules.toml"
    document, text = read_toml(path)
    for name, rule in document.items():
        location = Location(path, line_of(text, f"{name} ="))
        language.rules[name] = _parse(rule, location)
        language.rule_locations[name] = location
    for name, location in language.rule_locations.items():  # a rule may use rules: each must exist, and none itself
        _expand(document[name], language, location)


def _read_slots(language: Language, contract: Contract) -> None:
    path = language.folder / "slots.toml"
    document, text = read_toml(path)
    for kind, values in document.items():
        if kind not in contract.slot_types:
            raise SourceError(path, line_of(text, f"[{kind}]"), f"unknown slot type {kind}", "add it to contract.toml")
        language.values[kind] = []
        for value, templates in values.items():
            location = Location(path, line_of(text, f"{value} = ["))
            if value not in contract.slot_types[kind]:
                raise SourceError(path, location.line, f"{kind} has no value '{value}'", "add it to contract.toml")
            if not templates:
                raise SourceError(path, location.line, f"{kind} has no word for '{value}'", "write some")
            words = [word for template in templates for word in _expand(template, language, location)]
            language.values[kind].append(Value(value, tuple(dict.fromkeys(words)), location))
    for kind, ids in contract.slot_types.items():
        for value in ids:
            if value not in {known.id for known in language.values.get(kind, [])}:
                raise SourceError(path, line_of(text, f"[{kind}]"), f"{kind} lacks '{value}'", "add the words for it")


def _read_templates(language: Language, contract: Contract, path: Path, locale: str) -> Iterator[Template]:
    document, text = read_toml(path)
    seen: dict[str, int] = {}
    for intent, body in document.items():
        header = line_of(text, f'["{intent}"]', f"[{intent}]")
        if intent not in contract.intents:
            raise SourceError(path, header, f"unknown intent {intent}", "add it to contract.toml, or fix the name")
        for template in body["templates"]:
            seen[template] = seen.get(template, 0) + 1
            location = Location(path, line_of(text, f'"{template}"', nth=seen[template]))
            samples = sorted(set(_expand(template, language, location)))
            plainest = sorted(set(_expand(template, language, location, skip_optionals=True)) & set(samples))
            for slot in sorted({slot for sample in samples for slot in SLOT.findall(sample)}):
                if slot not in contract.slots_of(intent):
                    fix = "declare it in contract.toml, or fix the name"
                    raise SourceError(path, location.line, f"{intent} has no slot '{slot}'", fix)
            yield Template(intent, template, location, tuple(samples), tuple(plainest), locale)


def _parse(template: str, location: Location) -> Sentence:
    try:
        return parse_sentence(template)
    except ParseError as error:
        raise SourceError(*location.problem(f"'{template}': {error}", "close what was opened")) from None


def _expand(template: str, language: Language, location: Location, *, skip_optionals: bool = False) -> list[str]:
    """All sentences of a template, single-spaced, with slots left as `{slot}`."""
    expression = _parse(template, location).expression
    made = sample_expression(
        expression, expansion_rules=language.rules, expand_lists=False, skip_optionals=skip_optionals
    )
    try:
        sentences = list(islice(made, MAX_SAMPLES_OF_TEMPLATE + 1))
    except HassilError as error:
        fix = f"add it to {language.name}/rules.toml, or fix the name"
        raise SourceError(*location.problem(str(error), fix)) from None
    except RecursionError:
        raise SourceError(*location.problem("a rule uses itself", "break the cycle")) from None
    if len(sentences) > MAX_SAMPLES_OF_TEMPLATE:
        what = f"'{template}' makes more than {MAX_SAMPLES_OF_TEMPLATE} samples"
        raise SourceError(*location.problem(what, "split it, or drop an optional"))
    # an alternative such as 'm belongs to the word before it
    return [re.sub(r" ('\w)", r"\1", " ".join(sentence.split())) for sentence in sentences]

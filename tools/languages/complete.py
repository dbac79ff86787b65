"""What a language is made of, in ten steps, and what each of them still lacks.

The steps are those of docs/languages.md. What is compared is compared with the default language: a file that it has, a
key of a file, a line of the words, a value of a slot, a file of dialogs, a sign.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cramp_coach.words import FOLDER, LOCALES, default_language
from simulator.languages import FOLDER as SPOKEN
from tools import words
from tools.documents import read_toml
from tools.errors import ROOT, Problem, found_by, line_of
from tools.languages import FOLDER as CHECKED
from tools.languages import translation
from tools.models.checks import of_language
from tools.models.sources import SOURCES, read_contract, read_head, read_language

STORE = ROOT / "store"
TESTS = ROOT / "tests"
HELD_OUT = 150  # sentences that no template was written for, at least

# Keys that a language may lack though the default one has them: places of its own peculiarities.
MAY_LACK = frozenset(
    {"hearing.same", "hearing.endings", "hearing.typed", "amounts.whole", "amounts.roughly", "amounts.rest"}
)


class Step(NamedTuple):
    """A step on the way to a language: what it is about, its files, and what it lacks."""

    title: str
    files: str
    problems: Callable[[str], Iterator[Problem] | None]


def _begun(language: str) -> Iterator[Problem]:
    """Every file of the default language has a counterpart."""
    for _, model, wanted in counterparts(language):
        if not wanted.is_file():
            fix = f"write it as {model.relative_to(ROOT)} is, or let make language ARGS={language} begin it"
            yield Problem(wanted, 0, "file is missing", fix)


# Files of a language, and folders whose .toml files are; {} is its name.
FILES = (
    "interaction-models/{}/language.toml",
    "interaction-models/{}/rules.toml",
    "interaction-models/{}/slots.toml",
    "interaction-models/{}/intents",
    "simulator/languages/{}.toml",
    "tools/languages/{}.toml",
    "lambda/cramp_coach/words/{}",
    "store/{}.toml",
    "tests/utterances/{}",
    "tests/dialogs/{}",
    "tests/heldout/{}.toml",
)


def counterparts(language: str) -> Iterator[tuple[str, Path, Path]]:
    """Each file of the default language, after its entry in FILES, and with the path of its counterpart in another."""
    for name in FILES:
        model, here = ROOT / name.format(default_language()), ROOT / name.format(language)
        if model.is_dir():
            yield from ((name, path, here / path.name) for path in sorted(model.glob("*.toml")))
        else:
            yield name, model, here


def _head(language: str) -> None:
    read_head(SOURCES / language)


def _same_keys(folder: Path) -> Callable[[str], Iterator[Problem]]:
    def problems(language: str) -> Iterator[Problem]:
        model, _ = read_toml(folder / f"{default_language()}.toml")
        path = folder / f"{language}.toml"
        document, text = read_toml(path)
        for key, value in _keys(model):
            if key in MAY_LACK or _empty(value):
                continue
            found: Any = document
            for part in key.split("."):
                found = found.get(part) if isinstance(found, dict) else None
            if _empty(found):
                at = line_of(text, f"{key.rpartition('.')[2]} =", f"[{key}]")
                fix = f"write it as {(folder / default_language()).relative_to(ROOT)}.toml has it"
                yield Problem(path, at, f"{key} is missing", fix)

    return problems


def _keys(document: dict[str, Any], depth: int = 2, name: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict) and depth > 1 and "." not in key:
            yield from _keys(value, depth - 1, f"{name}{key}.")
        elif "." not in key:
            yield f"{name}{key}", value


def _empty(value: Any) -> bool:
    return value in ("", [], {}, None)


def _words(language: str) -> Iterator[Problem]:
    yield from (found for found in words.check(Path(FOLDER, language)) if found.path.parent.name != LOCALES)


def _countries(language: str) -> Iterator[Problem]:
    yield from words.check_locales(Path(FOLDER, language))


def _model(language: str) -> Iterator[Problem]:
    contract = read_contract()
    yield from of_language(contract, read_language(contract, SOURCES / language))


def _tests(language: str) -> Iterator[Problem]:
    for kind in ("utterances", "dialogs"):
        if not any((TESTS / kind / language).glob("*.toml")):
            yield Problem(TESTS / kind / language, 0, "has no file", "write some: CONTRIBUTING.md says how")
    path = TESTS / "heldout" / f"{language}.toml"
    document, _ = read_toml(path)
    if (count := len(document.get("said", ()))) < HELD_OUT:
        yield Problem(path, 0, f"has {count} sentences", f"have somebody else write {HELD_OUT}")


STEPS = (
    Step("Begin: a skeleton of every file", "all of them", _begun),
    Step("What Alexa calls it, and where", "interaction-models/{}/language.toml", _head),
    Step("How it is heard", "simulator/languages/{}.toml", _same_keys(SPOKEN)),
    Step("What the checks look for", "tools/languages/{}.toml", _same_keys(CHECKED)),
    Step("Style and glossary", "translation/{}/", translation.problems),
    Step("What is said and shown", "lambda/cramp_coach/words/{}/*.toml", _words),
    Step("What countries call things", "lambda/cramp_coach/words/{}/locales/", _countries),
    Step("What people say", "interaction-models/{}/", _model),
    Step("Conversations and sentences held back", "tests/", _tests),
    Step("The store page", "store/{}.toml", _same_keys(STORE)),
)


def missing(language: str) -> Iterator[tuple[Step, list[Problem]]]:
    """Each step with what it lacks, in order; what can't be read is one problem of its step."""
    for step in STEPS:
        yield step, found_by(functools.partial(step.problems, language))


def names() -> list[str]:
    """Every language that has words or a model."""
    found = {path.name for root in (SOURCES, FOLDER) for path in Path(root).iterdir() if path.is_dir()}
    return sorted(found - {"__pycache__"})


def check() -> Iterator[Problem]:
    """What no other check finds: a language that is begun in one place and isn't there in another."""
    for language in names():
        yield from _begun(language)
        if language != default_language():
            for step in STEPS:
                if step.problems in (_words, _countries, _model, _begun):
                    continue  # tools.words and tools.models check those
                yield from step.problems(language) or ()

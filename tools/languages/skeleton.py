"""Beginning a language: every file of it, with the English beside what is still to be written.

Nothing that is there is written over. Texts are empty, and an empty text is a missing one: `complete` names it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cramp_coach.words import FOLDER, LOCALES, default_language, lines
from tools.documents import read_toml
from tools.errors import ROOT
from tools.languages.complete import counterparts
from tools.languages.translation import BEGUN, LINES, TRANSLATION
from tools.models.sources import SOURCES

BARE = re.compile(r"[A-Za-z0-9_-]+")
WORDS = Path(FOLDER).relative_to(ROOT).as_posix()
KEPT = frozenset({"sources", "strength", "kind", "want", "gauge", "more_is_easier", "limits", "synthesizer"})
TO_DO = "# To be written; the English stands beside each text.\n"


def begin(language: str) -> list[Path]:
    """Write every file that a language lacks; returns those that were written."""
    written = []
    for path, text in made(language):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def made(language: str) -> Iterator[tuple[Path, str]]:
    """Every file of a skeleton, with its text. Raises SourceError."""
    for name, path, target in counterparts(language):
        document, _ = read_toml(path)
        yield target, TO_DO + _writer(name, language)(path, document)
    default = default_language()
    words = ROOT / WORDS
    document, _ = read_toml(words / default / LOCALES / f"{default}.toml")
    for locale in (language, *locales(language)):
        yield words / language / LOCALES / f"{locale}.toml", TO_DO + "".join(_emptied(document))
    folder = TRANSLATION / language
    for path in sorted(BEGUN.iterdir()):
        yield folder / path.name, path.read_text(encoding="utf-8")
    yield folder / LINES, json.dumps({}) + "\n"


def locales(language: str) -> list[str]:
    """The locales in which Alexa speaks a language."""
    document, _ = read_toml(SOURCES / "locales.toml")
    return [locale for locale in document["locales"] if locale.partition("-")[0] == language]


def _writer(name: str, language: str) -> Callable[[Path, dict[str, Any]], str]:
    if name.startswith(WORDS):
        return _of_words
    if name.endswith("language.toml"):
        return functools.partial(_of_head, language)
    if name.startswith("tests/") or name.endswith(("rules.toml", "intents")):
        return _of_sentences
    return lambda path, document: "".join(_emptied(document))


def _of_words(path: Path, document: dict[str, Any]) -> str:
    blocks = []
    for ref, fields in lines(path.stem, document):
        header = ref.partition(".")[2]
        blocks.append((f"[{header}]\n" if header else "") + "".join(_emptied(fields)))
    return "\n" + "\n".join(blocks)


def _of_head(language: str, _: Path, document: dict[str, Any]) -> str:
    called, spoken_in = document["invocation_name"], json.dumps(locales(language))
    return f'\n# {called}\ninvocation_name = ""\nlocales = {spoken_in}\nletters = ""\n'


def _of_sentences(path: Path, document: dict[str, Any]) -> str:
    """People say things in ways of their own: no sentence is begun from an English one."""
    return f"# As {path.relative_to(ROOT)} has it, in sentences that people say.\n"


def _emptied(document: dict[str, Any], name: str = "") -> Iterator[str]:
    """A TOML document with its texts taken out and put beside, as comments."""
    tables = {key: value for key, value in document.items() if isinstance(value, dict)}
    for key, value in document.items():
        if key in tables or _is_tables(value):
            continue
        shown = json.dumps(value, ensure_ascii=False, default=str)
        if key in KEPT or not isinstance(value, str | list):
            yield f"{_key(key)} = {_literal(value)}\n"
        else:
            yield f"# {shown}\n{_key(key)} = {'[]' if isinstance(value, list) else _literal('')}\n"
    for key, value in document.items():
        if _is_tables(value):
            for entry in value:
                yield f"\n[[{name}{_key(key)}]]\n" + "".join(_emptied(entry))
    for key, value in tables.items():
        yield f"\n[{name}{_key(key)}]\n" + "".join(_emptied(value, f"{name}{_key(key)}."))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_literal(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)

"""A translation's manners, in `translation/<language>/`: its glossary, what English it was made of, who has read it.

glossary.toml has a table for each term: its renderings (`say`) and those to avoid (`avoid`); where the English line
has the term and `always` is true, the translation has one of its renderings. lines.json holds, for each line, a hash of
the English that it translates: another wording there makes it stale. readers.toml names who has read it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cramp_coach.words import FOLDER, default_language, languages
from tools.documents import read_json, read_toml
from tools.errors import ROOT, Problem, SourceError, line_of
from tools.languages import checked
from tools.models.sources import SOURCES, locales_of
from tools.review import TEXTS, is_called, wording_of
from tools.words import read_lines

TRANSLATION = ROOT / "translation"
BEGUN = Path(__file__).parent / "begun"  # what these files are at first
GLOSSARY, STYLE, LINES, READERS = "glossary.toml", "STYLE.md", "lines.json", "readers.toml"
ROLES = {"native": "a native reader", "clinician": "a clinician for the medical lines"}


def translations() -> list[str]:
    """The languages that were translated: all but the one that the others are made of."""
    return [language for language in languages() if language != default_language()]


def glossary(language: str, folder: Path = TRANSLATION, words: Path = Path(FOLDER)) -> Iterator[Problem]:
    """A glossary that contradicts itself, and lines that don't keep to it."""
    path = folder / language / GLOSSARY
    terms, text = read_toml(path)
    yield from list(_contradictions(path, terms, text)) or _kept(terms, language, words)


def _contradictions(path: Path, terms: dict[str, Any], text: str) -> Iterator[Problem]:
    """What a glossary has that is no term, or else every rendering that one term avoids and another one has."""
    if not terms:
        yield Problem(path, 0, "has no term", "begin with those that the words say most")
    if unfit := [term for term, entry in terms.items() if not _is_term(entry)]:
        for term in unfit:
            at = line_of(text, f"[{term}]", f'["{term}"]')
            yield Problem(path, at, f"'{term}' has no say", 'write say = ["..."], and perhaps avoid, always, why')
        return
    said = {rendering.lower(): term for term, entry in terms.items() for rendering in entry["say"]}
    for term, entry in terms.items():
        for rendering in entry.get("avoid", ()):
            if other := said.get(rendering.lower()):
                what = f"'{rendering}' is avoided for '{term}' and said for '{other}'"
                yield Problem(path, line_of(text, f"[{term}]", f'["{term}"]'), what, "keep it in one of them")


def _is_term(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.get("say")) and entry.keys() <= {"say", "avoid", "always", "why"}


def _kept(terms: dict[str, Any], language: str, words: Path) -> Iterator[Problem]:
    """Every line that has a rendering to avoid, or lacks the one for a term of its English."""
    models = {line.ref: line for line in read_lines(Path(FOLDER, default_language()))}
    avoided = {_whole(word): (term, entry["say"]) for term, entry in terms.items() for word in entry.get("avoid", ())}
    always = {_whole(term): (term, entry["say"]) for term, entry in terms.items() if entry.get("always")}
    for line in read_lines(words / language):
        for field in TEXTS:
            text, model = str(line.fields.get(field, "")), models.get(line.ref)
            for pattern, (term, say) in avoided.items():
                if found := pattern.search(text):
                    what = f"says '{found[0]}' in its {field}, which the glossary avoids for '{term}'"
                    yield line.problem(what, f"say {_or(say)}")
            for pattern, (term, say) in always.items():
                if model and pattern.search(str(model.fields.get(field, ""))) and not _has(text, say):
                    yield line.problem(f"lacks a rendering of '{term}' in its {field}", f"say {_or(say)}")


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)


def _has(text: str, renderings: list[str]) -> bool:
    return any(rendering.lower() in text.lower() for rendering in renderings)


def _or(renderings: list[str]) -> str:
    return " or ".join(f"'{rendering}'" for rendering in renderings)


def stale(language: str, folder: Path = TRANSLATION) -> Iterator[Problem]:
    """Every line whose English has changed since it was translated, or whose English nobody has noted."""
    if language == default_language():
        return
    kept, _ = read_json(folder / language / LINES)
    known = {line.ref: line for line in read_lines(Path(FOLDER, language))}
    for line in read_lines(Path(FOLDER, default_language())):
        if line.ref in known and kept.get(line.ref) != wording_of(line):
            what = "translates other words than" if line.ref in kept else "isn't noted as a translation of"
            where = f"{line.path.relative_to(ROOT)}:{line.number}"
            fix = f"see that it fits, then python -m tools.languages translated {language} {line.ref}"
            yield known[line.ref].problem(f"{what} {where}", fix)


def translated(language: str, refs: Sequence[str], folder: Path = TRANSLATION) -> int:
    """Note that lines, by their names or by how these begin, translate the English of today; returns how many.

    Every line if none is named. Raises SourceError.
    """
    path = folder / language / LINES
    kept = read_json(path)[0] if path.exists() else {}
    lines = {line.ref: wording_of(line) for line in read_lines(Path(FOLDER, default_language()))}
    chosen = {ref: wording for ref, wording in lines.items() if not refs or is_called(ref, refs)}
    if not chosen:
        raise SourceError(path, 0, f"no line is called {', '.join(refs)}", "take the names from the words' files")
    kept = {ref: kept[ref] for ref in kept if ref in lines} | chosen
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=0) + "\n", encoding="utf-8")
    return len(chosen)


def unread(language: str, folder: Path = TRANSLATION) -> list[str]:
    """Whom a language still needs to be read by, before it is published; none if it is no draft. Raises SourceError."""
    if language == default_language():
        return []
    document, _ = read_toml(folder / language / READERS)
    return [role for key, role in ROLES.items() if not (document.get(key) or {}).get("name")]


def state(language: str, folder: Path = TRANSLATION) -> str:
    """ "draft" until everybody who has to has read it, then "read"."""
    return "draft" if unread(language, folder) else "read"


def statement() -> str:
    """Which languages there are and who has read them, for the README."""
    said = []
    for language in (default_language(), *translations()):
        name, locales = checked(language)["name"], ", ".join(locales_of(SOURCES / language))
        unread_by = " or by ".join(unread(language))
        said.append(f"{name} ({locales})" + (f", a draft that has not been read by {unread_by}" if unread_by else ""))
    return "".join(f"- {each}\n" for each in said)


def problems(language: str, folder: Path = TRANSLATION) -> Iterator[Problem]:
    """What is wrong with a translation's manners; a stale line is a piece of work and no mistake, see `stale`."""
    path = folder / language / STYLE
    if not path.is_file() or path.read_text(encoding="utf-8") == (BEGUN / STYLE).read_text(encoding="utf-8"):
        yield Problem(path, 0, "says nothing yet", "say how people are addressed, in what tone, and where pauses stand")
    for name in (READERS, LINES):
        if not (folder / language / name).is_file():
            yield Problem(folder / language / name, 0, "file is missing", f"make language ARGS={language} makes it")
    document, text = read_toml(folder / language / READERS)
    for role, entry in document.items():
        if role not in ROLES or not isinstance(entry, dict) or bool(entry.get("name")) != bool(entry.get("on")):
            what = f"'{role}' is no reader with a name and a day"
            yield Problem(path.with_name(READERS), line_of(text, role), what, f"give {' and '.join(ROLES)} both")
    yield from glossary(language, folder)

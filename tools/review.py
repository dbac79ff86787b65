"""`python -m tools.review build | check | record`: everything that can be said, for a clinician to read.

build writes build/review.html, one self-contained page that prints on A4 and Letter: every line of the words, grouped
as a clinician reads, with an empty column for a verdict. record notes in docs/review.toml who has read which line, in
the wording of today. check finds entries that make no sense, and sentences that claim more or less than was read.
Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import hashlib
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from cramp_coach.conversation import triage
from cramp_coach.conversation.conditions import LEAVES_OUT
from cramp_coach.conversation.state import FLAGS
from cramp_coach.speech import Fill, parts
from cramp_coach.words import FOLDER, LOCALES, default_language, languages
from tools.claims import known_sources, strength_of
from tools.documents import read_toml
from tools.errors import ROOT, Find, Problem, SourceError, complain, line_of
from tools.models.sources import read_contract
from tools.triage import rows_of
from tools.words import Line, read_lines

RECORD = ROOT / "docs" / "review.toml"
STORE = ROOT / "store"
BUILD = ROOT / "build"

FIELDS = ("language", "line", "wording", "by", "role", "on", "verdict")
RIGHT = "right"
SHARES = ("none", "part", "all")
TEXTS = {"say": "", "reprompt": "if nobody answers", "short": "in short, and on a screen"}  # and when each is said

# Lines that say how much has been reviewed, in each language, and which of the store page's tables has the sentence.
STATEMENTS = {"answer.sources": "reviewed", "card.6": "reviewed", "help.start": "reviewed", "disclaimer": "spoken"}

# The page's parts in the order in which a clinician should read them: title, what to look for, files of the words.
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Warning signs",
        "What ends the coaching, and how soon help is called for. Is any sign missing, too late, or too early? "
        "Emergency: the local emergency number. Now: a doctor or an advice line at this hour. Today: a doctor today.",
        ("sign",),
    ),
    *(
        (muscle, "Three rounds in each position; a pause in seconds stands in brackets.", files)
        for muscle, files in {
            "Calf": ("calf",),
            "Foot and toes": ("foot",),
            "Top of the foot": ("foot_top",),
            "Back of the thigh": ("hamstring",),
            "Front of the thigh": ("quadriceps",),
            "Thigh, front or back unsaid": ("thigh",),
            "Shin": ("shin",),
            "Any other muscle": ("other",),
        }.items()
    ),
    ("With a helper, or without reaching", "What replaces a step.", ("helper", "reach")),
    ("Around the steps, and afterwards", "Getting worse, not letting go, after-care.", ("relief", "after")),
    (
        "What people say about themselves",
        "What is said at once; what the rest of the session leaves out because of it stands in the table of variants.",
        ("person",),
    ),
    ("How often, and the doctor", "No source sets a number of cramps: the thresholds are ours.", ("often", "doctor")),
    ("Bedtime stretch and tips", "What may prevent the next one.", ("stretch", "tip")),
    ("Answers", "Each with its claim, how strong the evidence is, and where it comes from.", ("answer", "topic")),
    ("The card in the app, and the disclaimer", "The same for everybody.", ("card", "disclaimer")),
)
REST = "Everything else: words that steer the conversation and claim nothing"


class Row(NamedTuple):
    """One line of the words as it stands on the page."""

    ref: str
    whom: str  # whom this wording is for; "" for everybody
    texts: list[tuple[str, str]]  # when it is said, and what
    triggers: list[str]  # of a warning: each thing that brings it
    urgency: str
    rests_on: str
    sources: list[str]
    wording: str
    verdict: str  # of a review of this wording; "" where there is none


class Part(NamedTuple):
    """A part of the page."""

    title: str
    about: str
    rows: list[Row]


def wording_of(line: Line) -> str:
    """A short hash of a line's texts: another wording has another."""
    texts = {field: line.fields[field] for field in TEXTS if field in line.fields}
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:10]


def is_called(ref: str, names: Iterable[str]) -> bool:
    """Whether a line has one of these names, or begins with it: "calf.standing.1" with "calf"."""
    return f"{ref}.".startswith(tuple(f"{name}." for name in names))


def reviews(language: str) -> dict[str, dict[str, Any]]:
    """The last entry for every line of a language that has one, whatever its wording. Raises SourceError."""
    return {entry["line"]: entry for entry in _entries() if entry.get("language") == language}


def reviewed(language: str) -> tuple[int, int]:
    """How many lines of a language were found right in the wording they have, and how many lines there are."""
    lines, found = read_lines(Path(FOLDER, language)), reviews(language)
    return sum(_is_right(line, found) for line in lines), len(lines)


def share(language: str) -> str:
    """How much of a language was reviewed, of `SHARES`."""
    right, lines = reviewed(language)
    return SHARES[0] if not right else SHARES[2] if right == lines else SHARES[1]


def statement() -> str:
    """How much was reviewed, for the documentation."""
    sentences = []
    for language in languages():
        right, lines = reviewed(language)
        count = f"A clinician has reviewed {right} of" if right else "No clinician has yet reviewed any of"
        sentences.append(f"{count} the {lines} lines it can say (`{language}`).")
    return " ".join(sentences) + "\n"


def page(language: str) -> str:
    """The whole page, as HTML that needs nothing else."""
    lines = read_lines(Path(FOLDER, language))
    by_file = {name: list(group) for name, group in itertools.groupby(lines, key=lambda line: line.path.stem)}
    shown = [
        Part(title, about, [row for file in _files(files, by_file) for row in _rows(by_file.pop(file), language)])
        for title, about, files in PARTS
    ]
    rest = [row for file in sorted(by_file) for row in _rows(by_file[file], language)]
    right, total = reviewed(language)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("review.html").render(
        language=language,
        right=right,
        total=total,
        parts=[part for part in (*shown, Part(REST, "", rest)) if part.rows],
        variants=[(flag, _whom(flag)) for flag in FLAGS],
        countries=_countries(language),
        sources=known_sources(),
    )


def check() -> Iterator[Problem]:
    """Every entry that makes no sense, and every sentence that claims more or less than was reviewed."""
    _, text = read_toml(RECORD)
    lines = {language: {line.ref: line for line in read_lines(Path(FOLDER, language))} for language in languages()}
    for number, entry in enumerate(_entries(), start=1):
        at = line_of(text, "[[reviewed]]", nth=number)
        if missing := [field for field in FIELDS if not entry.get(field)]:
            yield Problem(RECORD, at, f"an entry without {', '.join(missing)}", "complete it, or take it out")
        elif entry["line"] not in lines.get(entry["language"], {}):
            yield Problem(RECORD, at, f"{entry['line']} is no line of the words", "take the entry out")
    for language in languages():
        for ref, table in STATEMENTS.items():
            line, says = lines[language].get(ref), _says(language, table)
            if line and says not in line.fields["say"]:
                yield Problem(
                    line.path, line.number, f"{ref} doesn't say how much was reviewed", f"let it say '{says}'"
                )


def record(refs: Iterable[str], by: str, role: str, verdict: str, language: str = "") -> int:
    """Note a verdict on lines, by their names or by how these begin; returns on how many. Raises SourceError."""
    language = language or default_language()
    found = [line for line in read_lines(Path(FOLDER, language)) if is_called(line.ref, refs)]
    if not found:
        raise SourceError(RECORD, 0, f"no line is called {', '.join(refs)}", "take the names from the page")
    today = datetime.datetime.now(tz=datetime.UTC).date()
    with RECORD.open("a", encoding="utf-8") as file:
        for line in found:
            values = (language, line.ref, wording_of(line), by, role, today, verdict)
            fields = "\n".join(
                f"{field} = {json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value}"
                for field, value in zip(FIELDS, values, strict=True)
            )
            file.write(f"\n[[reviewed]]\n{fields}\n")
    return len(found)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.review", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write build/review.html")
    commands.add_parser("check", help="find entries and sentences that aren't true")
    noting = commands.add_parser("record", help="note a verdict in docs/review.toml")
    noting.add_argument("lines", nargs="+", help="names of lines, or how they begin: calf, calf.standing.1")
    noting.add_argument("--by", required=True, help="who read them")
    noting.add_argument("--role", required=True, help="doctor, physiotherapist ...")
    noting.add_argument("--verdict", default=RIGHT, help=f"'{RIGHT}', or what is wrong with it")
    noting.add_argument("--language", default=default_language(), choices=languages())
    options = parser.parse_args(arguments)

    def note() -> None:
        count = record(options.lines, options.by, options.role, options.verdict, options.language)
        print(f"{count} lines: {options.verdict}")

    does: dict[str, Find] = {"build": _build, "check": check, "record": note}
    return complain(does[options.command])


def _build() -> None:
    BUILD.mkdir(exist_ok=True)
    for language in languages():
        path = BUILD / ("review.html" if language == default_language() else f"review-{language}.html")
        path.write_text(page(language), encoding="utf-8")
        print(path.relative_to(ROOT))


def _entries() -> list[dict[str, Any]]:
    document, _ = read_toml(RECORD)
    return list(document.get("reviewed", []))


def _is_right(line: Line, found: dict[str, dict[str, Any]]) -> bool:
    entry = found.get(line.ref, {})
    return entry.get("wording") == wording_of(line) and entry.get("verdict") == RIGHT


def _says(language: str, table: str) -> str:
    """The sentence with which the store page and the words of a language say how much was reviewed."""
    path = STORE / f"{language}.toml"
    document, text = read_toml(path)
    sentences = document.get(table, {})
    for name in SHARES:
        if not isinstance(sentences.get(name), str):
            where = line_of(text, f"[{table}]")
            raise SourceError(path, where, f"no sentence for '{name}'", f"add it under [{table}]")
    return str(sentences[share(language)])


def _files(names: tuple[str, ...], there: Iterable[str]) -> list[str]:
    """The files of a part: those named, and what is called after them (`sign_child` after `sign`)."""
    return [
        file
        for name in names
        for file in sorted(there)
        if file == name or (name == "sign" and file.startswith(f"{name}_"))
    ]


def _rows(lines: list[Line], language: str) -> Iterator[Row]:
    found = reviews(language)
    for line in lines:
        flags = [name for name in line.ref.split(".") if name in FLAGS]
        urgency, triggers = _triggers(line)
        entry = found.get(line.ref)
        yield Row(
            line.ref,
            "; ".join(f"{flag}: {_whom(flag)}" for flag in flags),
            [(when, _readable(line.fields[field])) for field, when in TEXTS.items() if field in line.fields],
            triggers,
            urgency,
            strength_of(line) if line.sources else "",
            line.sources,
            wording_of(line),
            _verdict(line, entry) if entry else "",
        )


def _verdict(line: Line, entry: dict[str, Any]) -> str:
    who = f"{entry['by']}, {entry['role']}, {entry['on']}"
    return f"{entry['verdict']}: {who}" if entry["wording"] == wording_of(line) else f"changed since {who}"


def _readable(text: str) -> str:
    """A text with its pauses as a reader wants them."""
    said = (
        part
        if isinstance(part, str)
        else f"[{part.name.replace('_', ' ')}]"
        if isinstance(part, Fill)
        else f"({'hold' if part.counted else 'pause'} {part.seconds} s)"
        for part in parts(text)
    )
    return " ".join("".join(said).split())


@functools.cache
def _whom(flag: str) -> str:
    """Whoever a variant is for, by the conditions that bring it."""
    who = [name.replace("_", " ") for name, flags in LEAVES_OUT.items() if flag in flags]
    return ", ".join(who) or "no condition brings it yet"


def _triggers(line: Line) -> tuple[str, list[str]]:
    """How urgent a warning is, and what brings it; both empty for any other line. A variant has those of its line."""
    if not line.path.stem.startswith("sign"):
        return "", []
    event, _, variant = line.ref.partition(".")[2].partition(".")
    example = read_contract().intents.get(f"{event}Intent", {}).get("example", "")
    whole = [f"“{example}” and the like"] if example else []
    brought = [f"as sign.{event}"] if variant else whole + rows_of(event)
    return triage.table().urgencies.get(event, ""), brought


def _countries(language: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """What one country says and another doesn't: the countries, and each name with its words there."""
    paths = sorted((Path(FOLDER) / language / LOCALES).glob("*.toml"))
    said = {path.stem: read_toml(path)[0] for path in paths}
    names = list(next(iter(said.values()), {}))
    return list(said), [(name.replace("_", " "), [words.get(name, "") for words in said.values()]) for name in names]


if __name__ == "__main__":
    sys.exit(main())

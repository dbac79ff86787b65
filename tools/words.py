"""`python -m tools.words check`: what no line of the words may do or lack.

Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cramp_coach.conversation import MUSCLES, POSITIONS, triage
from cramp_coach.conversation.answers import ANSWERS
from cramp_coach.conversation.conditions import LEAVES_OUT
from cramp_coach.conversation.cues import CUES
from cramp_coach.conversation.doctor import FREQUENCIES, REASONS
from cramp_coach.conversation.prevention import LEGS, TIPS
from cramp_coach.conversation.state import FLAGS, NUDGES, PLACES, ROUNDS, URGENCIES
from cramp_coach.conversation.turn import UNKNOWN
from cramp_coach.words import FOLDER, NOT_SPOKEN, Words, languages
from tools.documents import read_toml
from tools.errors import ROOT, Problem, complain, line_of
from tools.models.sources import read_contract

SOURCES = ROOT / "docs" / "sources.toml"

# Files whose lines steer the conversation and claim nothing about cramps.
CLAIMLESS = frozenset({"control", "cue", "disclaimer", "goodbye", "help", "miss", "muscle", "screen"})
# Files whose lines answer about evidence: each says how strong it is.
EVIDENCE = frozenset({"answer", "tip", "topic"})
STRENGTHS = ("trial", "review", "guideline", "study", "observed", "opinion", "anecdote", "own")
SPOKEN = frozenset({"say", "silence", "short"})
FIELDS = SPOKEN | NOT_SPOKEN
MOST_WORDS_SHORT = 6
LONGEST_PAUSE = 10  # seconds: Amazon's limit for one break

MARK = re.compile(r"\{(?:(hold|rest) (\d+)|muscle)\}")

EMERGENCY_NUMBER = r"\b(911|999|112|000|111)\b"

# What is never said: a bare emergency number (they differ by country), a promise, a dose, a call we can't make.
NEVER = {
    EMERGENCY_NUMBER: "say 'your local emergency number'",
    r"\b(cure|cures|guarantee|guaranteed|proven)\b": "promise nothing",
    r"\b\d+ ?(mg|milligrams?|micrograms?|grams?|ml|tablets?|pills?)\b": "name no dose",
    r"\bi('ll| will| can) call\b": "we can call nobody",
    r"\byou have (a|an) (clot|strain|tear|deficiency)\b": "never say what it is",
}


@dataclass(frozen=True)
class Line:
    """One line of the words with everything that stands beside it."""

    ref: str
    fields: dict[str, Any]
    path: Path
    number: int

    @property
    def sources(self) -> list[str]:
        """Keys of docs/sources.toml, each perhaps with a row behind it ("S-A A19")."""
        return list(self.fields.get("sources", []))


def read_lines(folder: Path) -> list[Line]:
    """Every line of a language. Raises SourceError."""
    return [line for path in sorted(folder.glob("*.toml")) for line in _lines_of(path)]


def _lines_of(path: Path) -> Iterator[Line]:
    document, text = read_toml(path)

    def walk(table: dict[str, Any], names: tuple[str, ...]) -> Iterator[Line]:
        if any(not isinstance(value, dict) for value in table.values()):
            number = line_of(text, f"[{'.'.join(names)}]") if names else line_of(text, "say =")
            fields = {key: value for key, value in table.items() if not isinstance(value, dict)}
            yield Line(".".join((path.stem, *names)), fields, path, number)
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, (*names, key))

    yield from walk(document, ())


def check(folder: Path) -> Iterator[Problem]:
    """Every problem in one language's words."""
    known, _ = read_toml(SOURCES)
    lines = {line.ref: line for line in read_lines(folder)}
    for line in lines.values():
        yield from _check_line(line, known)
        yield from _check_variant(line, lines)
    yield from _check_completeness(folder)


def _check_line(line: Line, known: dict[str, Any]) -> Iterator[Problem]:
    def problem(what: str, fix: str) -> Problem:
        return Problem(line.path, line.number, f"{line.ref}: {what}", fix)

    if "say" not in line.fields:
        yield problem("nothing to say", "add a say text")
    for field in line.fields:
        if field not in FIELDS:
            yield problem(f"unknown field '{field}'", f"use one of {', '.join(sorted(FIELDS))}")
    if line.path.stem not in CLAIMLESS and not line.sources:
        yield problem("no sources", "say where it comes from, with keys of docs/sources.toml")
    if (line.path.stem in EVIDENCE or "strength" in line.fields) and line.fields.get("strength") not in STRENGTHS:
        yield problem("no known strength", f"say what it rests on: {', '.join(STRENGTHS)}")
    for source in line.sources:
        if source.partition(" ")[0] not in known:
            yield problem(f"unknown source '{source}'", "add it to docs/sources.toml, or fix the key")
    for field in SPOKEN & line.fields.keys():
        text = line.fields[field]
        for mark in re.findall(r"\{[^}]*\}?", text):
            match = MARK.fullmatch(mark)
            if not match or (match[2] and not 1 <= int(match[2]) <= LONGEST_PAUSE):
                yield problem(
                    f"unknown mark {mark}", f"use {{hold 8}}, {{rest 5}} (1 to {LONGEST_PAUSE}) or {{muscle}}"
                )
        for pattern, fix in NEVER.items():
            if found := re.search(pattern, text, re.IGNORECASE):
                yield problem(f"says '{found[0]}'", fix)
    if len(re.findall(r"[\w']+", line.fields.get("short", ""))) > MOST_WORDS_SHORT:
        yield problem(f"short has more than {MOST_WORDS_SHORT} words", "shorten it")


def _check_variant(line: Line, lines: dict[str, Line]) -> Iterator[Problem]:
    """A variant has every text of the line it stands for: what it lacks would not be said at all."""
    base, _, flag = line.ref.rpartition(".")
    if flag in FLAGS and base in lines:
        for field in sorted((SPOKEN & lines[base].fields.keys()) - line.fields.keys()):
            yield Problem(
                line.path, line.number, f"{line.ref}: no {field}, though {base} has one", f"add a {field} text"
            )


def _check_completeness(folder: Path) -> Iterator[Problem]:
    """Every line that the conversation can ask for is there."""
    words = Words(str(folder))
    contract = read_contract()
    wanted = [
        *(f"cue.{cue}{field}" for cue in CUES for field in ("", "#silence")),
        *(f"{kind}.{place}" for place in PLACES for kind in ("help", "miss.again")),
        *(f"muscle.{muscle}" for muscle in MUSCLES),
        *(f"{kind}.{muscle}" for muscle in MUSCLES for kind in ("helper", "reach")),
        *(f"sign.{sign}" for sign in (*_signs(), *URGENCIES)),
        *(f"sign.{urgency}{kind}" for urgency in URGENCIES for kind in ("_gentle", "_better")),
        *(f"tip.{tip}" for tip in TIPS),
        *(f"stretch.{position}.{leg}" for position in ("sitting", "lying") for leg in range(1, LEGS + 1)),
        *ANSWERS.values(),
        *(f"topic.{topic}" for topic in contract.slot_types["Topic"]),
        *(f"person.{'unknown' if who == UNKNOWN else who}" for who in (*LEAVES_OUT, *contract.slot_types["Condition"])),
        *(f"often.{nudge}" for nudge in NUDGES),
        *(line for line, _ in (*FREQUENCIES.values(), *REASONS.values())),
    ]
    for muscle in MUSCLES:
        positions = [""] if f"{muscle}.1" in words else [f"{position}." for position in POSITIONS]
        wanted += [
            f"{muscle}.{position}{number}{field}"
            for position in positions
            for number in range(1, ROUNDS + 1)
            for field in ("", "#silence", "#short")
        ]
    for ref in wanted:
        if ref not in words:
            yield Problem(folder / f"{ref.partition('.')[0]}.toml", 0, f"{ref} is missing", "add the line")


def _signs() -> Iterator[str]:
    """The signs that have a line of their own: the others are answered as events."""
    return (sign for sign, urgency in triage.table().urgencies.items() if urgency != "none")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.words", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.parse_args(arguments)
    return complain(lambda: (problem for language in languages() for problem in check(Path(FOLDER, language))))


if __name__ == "__main__":
    sys.exit(main())

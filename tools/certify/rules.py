"""What a rule is, and how it becomes a row of the table."""

from __future__ import annotations

import re
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.certify.evidence import Evidence
from tools.errors import ROOT, Problem
from tools.store.skill_package import SkillPackage

PERSON = Path(__file__).parent / "person.toml"

PASSED, FAILED, FOR_A_PERSON = "passed", "failed", "person"
STOPPED = "could not be checked: "
LOCALE = re.compile(r"(?<![/\w])[a-z]{2}-[A-Z]{2}\b")  # in a finding, but not in a path
AREAS = ("policy", "security", "functional", "voice", "model", "store page")


@dataclass(frozen=True)
class ToDo:
    """What a check can't decide: what a person has to do."""

    what: str


Finding = str | Problem | ToDo
Check = Callable[[Evidence], Iterable[Finding]]


@dataclass(frozen=True)
class Row:
    """One rule and how it stands; `notes` say what is wrong, or what a person has to do."""

    area: str
    rule: str
    source: str
    status: str
    notes: list[str]


@dataclass(frozen=True)
class Rule:
    """One of Amazon's rules; `source` is the page that has it. Without findings it is kept."""

    area: str
    text: str
    source: str
    check: Check

    def row(self, *evidence: Evidence) -> Row:
        """Check it, in one language or several. Whatever can't be checked has failed."""
        try:
            findings = [finding for each in evidence for finding in self.check(each)]
        except Exception as error:  # a package can be broken in any way, and each has to be told
            findings = [_stopped(error)]
        wrong = _merged(str(finding) for finding in findings if not isinstance(finding, ToDo))
        to_do = list(dict.fromkeys(finding.what for finding in findings if isinstance(finding, ToDo)))
        status = FAILED if wrong else FOR_A_PERSON if to_do else PASSED
        return Row(self.area, self.text, self.source, status, wrong or to_do)


def _stopped(error: Exception) -> str:
    """Why a rule couldn't be checked, and where in the code it stopped."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    path = Path(frame.filename)
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{STOPPED}{type(error).__name__} at {where}:{frame.lineno}: {error}"


def _merged(notes: Iterable[str]) -> list[str]:
    """Notes that differ in nothing but their locale, as one that names the locales."""
    found: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        locale = LOCALE.search(note)
        start, end = locale.span() if locale else (len(note), len(note))
        found.setdefault((note[:start], note[end:]), []).append(note[start:end])
    return [before + ", ".join(dict.fromkeys(locales)) + after for (before, after), locales in found.items()]


RULES: list[Rule] = []


def rule(area: str, text: str, source: str) -> Callable[[Check], Check]:
    """Makes a rule of a function that yields what breaks it."""

    def register(check: Check) -> Check:
        RULES.append(Rule(area, text, source, check))
        return check

    return register


def rule_of_package(area: str, text: str, source: str, check: Callable[[SkillPackage], Iterable[Finding]]) -> None:
    """Makes a rule of one of the checks that the store's tools have themselves."""
    RULES.append(Rule(area, text, source, lambda evidence: check(evidence.package)))


def rows(*evidence: Evidence) -> Iterator[Row]:
    """Every row of the table: what was computed, then what only a person can do.

    What stops several rules fails one, and is to be fixed before the others can be checked.
    """
    stopped: dict[str, str] = {}
    for each in sorted(RULES, key=lambda each: AREAS.index(each.area)):
        row = each.row(*evidence)
        why = next((note for note in row.notes if note.startswith(STOPPED)), "")
        if why and stopped.setdefault(why, each.text) != each.text:
            row = replace(row, status=FOR_A_PERSON, notes=[f"Fix what stopped '{stopped[why]}', then run this again."])
        yield row
    for entry in tomllib.loads(PERSON.read_text(encoding="utf-8"))["row"]:
        yield Row(entry["area"], entry["rule"], entry["source"], FOR_A_PERSON, [entry["do"]])

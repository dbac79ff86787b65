"""What a rule is, and how it becomes a row of the table."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.certify.evidence import Evidence
from tools.errors import Problem

PERSON = Path(__file__).parent / "person.toml"

PASSED, FAILED, FOR_A_PERSON = "passed", "failed", "person"
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
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """One of Amazon's rules; `source` is the page that has it. Without findings it is kept."""

    area: str
    text: str
    source: str
    check: Check

    def row(self, evidence: Evidence) -> Row:
        """Check it. Whatever can't be checked has failed."""
        try:
            findings = list(self.check(evidence))
        except Exception as error:  # a package can be broken in any way, and each has to be told
            findings = [f"could not be checked: {type(error).__name__}: {error}"]
        wrong = [str(finding) for finding in findings if not isinstance(finding, ToDo)]
        to_do = [finding.what for finding in findings if isinstance(finding, ToDo)]
        status = FAILED if wrong else FOR_A_PERSON if to_do else PASSED
        return Row(self.area, self.text, self.source, status, wrong or to_do)


RULES: list[Rule] = []


def rule(area: str, text: str, source: str) -> Callable[[Check], Check]:
    """Makes a rule of a function that yields what breaks it."""

    def register(check: Check) -> Check:
        RULES.append(Rule(area, text, source, check))
        return check

    return register


def rows(evidence: Evidence) -> Iterator[Row]:
    """Every row of the table: what was computed, then what only a person can do."""
    for each in sorted(RULES, key=lambda each: AREAS.index(each.area)):
        yield each.row(evidence)
    for entry in tomllib.loads(PERSON.read_text(encoding="utf-8"))["row"]:
        yield Row(entry["area"], entry["rule"], entry["source"], FOR_A_PERSON, [entry["do"]])

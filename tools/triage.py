"""`python -m tools.triage check`: the table of warning signs, held against itself and the ids of the contract.

A row that another, more urgent one always outranks is dead; a symptom without a row of its own has no answer; an id
that the contract lacks is never heard. Exit code 0 if all is well, 1 if not: one line a problem, with file, line and
fix. The same table as a page is docs/triage.md, which `make docs` writes.
"""

from __future__ import annotations

import functools
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from cramp_coach.conversation import EVENTS, triage
from cramp_coach.conversation.triage import AFTER, ALSO, COLUMNS, LADDER, UNNAMED, Row, Table
from tools.documents import read_toml
from tools.errors import ROOT, Problem, line_of, run
from tools.models.sources import Contract, read_contract
from tools.words import SOURCES

TABLE = ROOT / "lambda" / "cramp_coach" / "conversation" / "triage.toml"
TITLES = {"none": "No warning: answered as the cramp itself", "which": "Too little said: the signs, and the way on"}


def check(path: Path = TABLE) -> Iterator[Problem]:
    """Every problem in the table. Raises SourceError if it can't be read."""
    document, text = read_toml(path)
    known, _ = read_toml(SOURCES)
    contract = read_contract()
    table = triage.parse(document)
    for sign, urgency in table.urgencies.items():
        line = line_of(text, f"[{sign}]")
        if urgency not in LADDER:
            yield Problem(path, line, f"{sign} has an unknown urgency '{urgency}'", f"use one of {', '.join(LADDER)}")
            return
        if urgency == "none" and sign not in EVENTS:
            yield Problem(path, line, f"no event is called {sign}", "name one of EVENTS, or give it an urgency")
        for source in document[sign].get("sources", ["?"]):
            if source not in known:
                yield Problem(path, line, f"{sign} has an unknown source '{source}'", "add it to docs/sources.toml")
    yield from _ids(path, text, table, contract)
    yield from _alone(path, table, contract)
    yield from _dead(path, text, table)


def _ids(path: Path, text: str, table: Table, contract: Contract) -> Iterator[Problem]:
    """Every id is one that a slot can resolve to."""
    known = {
        column: {value for slot in slots for value in contract.slot_types[contract.slots[slot]]}
        for column, slots in COLUMNS.items()
    }
    known["part"].add(UNNAMED)
    known[ALSO], known[AFTER] = known["symptom"], set(table.urgencies)
    for row in table.rows:
        for column, ids in row.columns.items():
            if column not in known:
                yield _of(row, path, text, f"an unknown column '{column}'", f"use one of {', '.join(known)}")
            for value in sorted(ids - known.get(column, ids)):
                yield _of(row, path, text, f"the unknown {column} '{value}'", "add it to contract.toml, or fix the id")


def _alone(path: Path, table: Table, contract: Contract) -> Iterator[Problem]:
    """Every symptom has a row that asks for nothing else."""
    alone = {value for row in table.rows if row.columns.keys() == {"symptom"} for value in row.columns["symptom"]}
    for value in contract.slot_types["Symptom"]:
        if value not in alone:
            what = f"the symptom '{value}' has no row of its own"
            yield Problem(path, 0, what, 'add it to a row with nothing but symptom = ["..."]')


def _dead(path: Path, text: str, table: Table) -> Iterator[Problem]:
    """No combination of a row is always answered by a more urgent one."""
    for row in table.rows:
        outranked: dict[str, list[str]] = defaultdict(list)
        for said in itertools.product(*(sorted(ids) for ids in row.columns.values())):
            facts = {column: frozenset[str]() for column in (*COLUMNS, AFTER)}
            for column, value in zip(row.columns, said, strict=True):
                name = "symptom" if column == ALSO else column
                facts[name] |= {value}
            winner = next((other for other in table.rows if other.fits(facts)), row)
            if LADDER.index(winner.urgency) > LADDER.index(row.urgency):
                outranked[winner.sign].append(" and ".join(said))
        for winner_sign, combinations in outranked.items():
            what = f"a row for {combinations[0]}, which {winner_sign} outranks"
            yield _of(row, path, text, what, "take it out, or make the sign more urgent")


def _of(row: Row, path: Path, text: str, what: str, fix: str) -> Problem:
    return Problem(path, line_of(text, f"[{row.sign}]"), f"{row.sign} has {what}", fix)


def page() -> str:
    """The table for a reader: by symptom, and the most urgent first, what it means with what else is said."""
    rows: dict[str, list[str]] = defaultdict(list)
    for row in triage.table().rows:
        for symptom in row.columns.get("symptom", {"(no symptom)"}):
            rest = {name: ids for name, ids in row.columns.items() if name != "symptom"}
            said = _phrase(rest) or "whatever else is said"
            rows[symptom].append(f"| {said} | {TITLES.get(row.urgency, row.urgency)} | `{row.sign}` |")
    blocks = []
    for symptom, lines in sorted(rows.items()):
        body = "\n".join(lines)
        blocks.append(f"### {symptom.replace('_', ' ')}\n\n| with | urgency | answered by |\n|---|---|---|\n{body}\n")
    return "\n" + "\n".join(blocks)


def rows_of(sign: str) -> list[str]:
    """The rows that amount to a sign, each as a phrase."""
    return [_phrase(row.columns) for row in triage.table().rows if row.sign == sign]


# What stands before the ids of a column when a row is read as a phrase.
BEFORE = {
    "symptom": "",
    "also": "together with ",
    "part": "in: ",
    "circumstance": "circumstance: ",
    "who": "of: ",
    "condition": "who has or takes: ",
    "after": "after the warning ",
}
ANYWHERE = "any part of a leg or foot"  # the ids of the table's group "limb", in fewer words


def _phrase(columns: Mapping[str, frozenset[str]]) -> str:
    return "; ".join(f"{BEFORE[name]}{_list(ids)}" for name, ids in columns.items())


def _list(ids: frozenset[str]) -> str:
    anywhere = _limb() <= ids
    named = sorted(name.replace("_", " ") for name in (ids - _limb() if anywhere else ids))
    names = [*named, ANYWHERE] if anywhere else named
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


@functools.cache
def _limb() -> frozenset[str]:
    return frozenset(read_toml(TABLE)[0]["groups"]["limb"])


if __name__ == "__main__":
    sys.exit(run("triage", __doc__, {"check": check}))

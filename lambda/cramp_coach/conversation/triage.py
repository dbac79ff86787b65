"""What the parts of a sentence mean together: the table in triage.toml, and the row of it that wins.

Nothing is read before a warning sign is looked for: a launch waits for none of this.
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

# How soon help is needed, from a cramp like any other to words that say that someone wants to die.
LADDER = ("none", "which", "doctor", "today", "now", "emergency", "crisis")

# column of the table -> the slots that fill it
COLUMNS = {
    "symptom": ("symptom", "symptom_two"),
    "part": ("part", "part_two", "muscle"),
    "circumstance": ("circumstance",),
    "who": ("who",),
    "condition": ("condition", "also"),
}
ALSO = "also"  # the column of a second symptom, in either order
UNNAMED = "unnamed"  # in place of a part of the body where none was named
AFTER = "after"  # the column of the sign that was given before

Facts = Mapping[str, frozenset[str]]


class Row(NamedTuple):
    """One row: the sign it amounts to, how soon help is needed, and the ids of each of its columns."""

    sign: str
    urgency: str
    columns: Facts

    def fits(self, facts: Facts) -> bool:
        """Whether each column names something that was said; two symptoms are two."""
        for column, ids in self.columns.items():
            if column == ALSO:
                first = self.columns["symptom"] & facts["symptom"]
                if not any(ids & facts["symptom"] - {symptom} for symptom in first):
                    return False
            elif not ids & facts[column]:
                return False
        return True


class Table(NamedTuple):
    """The whole table: how urgent each sign is, and every row, the most telling first."""

    urgencies: Mapping[str, str]
    rows: tuple[Row, ...]


@functools.cache
def table() -> Table:
    """The table as triage.toml has it, read once."""
    with open(os.path.join(os.path.dirname(__file__), "triage.toml"), "rb") as file:
        return parse(tomllib.load(file))


def parse(document: Mapping[str, Any]) -> Table:
    """The table of a TOML document: [groups], and a table with `urgency` and `rows` for each sign."""
    groups = document.get("groups", {})
    signs = {name: sign for name, sign in document.items() if name != "groups"}
    rows = [
        Row(name, sign["urgency"], {column: frozenset(_ids(ids, groups)) for column, ids in row.items()})
        for name, sign in signs.items()
        for row in sign.get("rows", ())
    ]
    rows.sort(key=lambda row: (-LADDER.index(row.urgency), -len(row.columns)))
    return Table({name: sign["urgency"] for name, sign in signs.items()}, tuple(rows))


def _ids(ids: list[str], groups: Mapping[str, list[str]]) -> Iterator[str]:
    for name in ids:
        yield from groups.get(name, (name,))


def sign_of(slots: Mapping[str, str], after: str = "") -> str:
    """The sign that what was named amounts to, `after` being the last one given; "" if no row fits."""
    facts = {column: frozenset(slots[name] for name in names if name in slots) for column, names in COLUMNS.items()}
    facts["part"] = facts["part"] or frozenset((UNNAMED,))
    facts[AFTER] = frozenset((after,))
    return next((row.sign for row in table().rows if row.fits(facts)), "")


def urgency_of(sign: str) -> str:
    """How soon help is needed for a sign, one of `LADDER`."""
    return table().urgencies[sign]


def more_urgent(one: str, other: str) -> str:
    """The more urgent of two signs, the first if they are alike; "" is none."""
    if not one or not other:
        return one or other
    return max(one, other, key=lambda sign: LADDER.index(urgency_of(sign)))

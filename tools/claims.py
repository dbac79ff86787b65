"""The evidence page: every claim the skill speaks with what it rests on, and every seed claim with its answer.

Written into docs/evidence.md by `python -m tools.docs build`, so it can't say anything that the words don't.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cramp_coach.speech import Fill, parts
from cramp_coach.words import FOLDER, default_language
from tools.documents import read_toml
from tools.errors import ROOT, SourceError, line_of
from tools.words import SOURCES, Line, read_lines

ENGLISH = Path(FOLDER, default_language())
CONTENTS = ROOT / "docs" / "questions.toml"
SEEDS = ROOT / "tests" / "seeds.toml"
SEED_TEST = "test_every_seed_claim_is_answered"
LEFT_OUT = {"A1": "how the article's links earn money", "A25": "where to buy what it names"}

# What a line without a `strength` of its own rests on, by the strongest kind of source it names.
OF_KIND = ("guideline", "review", "trial", "study", "patient page", "press", "weak page", "own")


def spoken_claims() -> str:
    """Every line that claims something, a table for each file of the words."""
    lines = [line for line in read_lines(ENGLISH) if line.sources]
    blocks = []
    for name, group in itertools.groupby(lines, key=lambda line: line.path.stem):
        rows = [[f"`{line.ref}`", _text(line), strength_of(line), ", ".join(line.sources)] for line in group]
        blocks.append(f"### {name}\n\n{_table(['line', 'what is said', 'rests on', 'sources'], rows)}")
    return "\n" + "\n".join(blocks)


def contents() -> str:
    """What one would ask of the page, each question with the tables that answer it. Raises SourceError."""
    questions, text = read_toml(CONTENTS)
    tables = {line.path.stem for line in read_lines(ENGLISH) if line.sources}
    for name in sorted(tables - {name for names in questions.values() for name in names}):
        raise SourceError(CONTENTS, 0, f"no question leads to the table {name}", "name it under a question")
    for question, names in questions.items():
        for name in names:
            if name not in tables:
                raise SourceError(CONTENTS, line_of(text, question), f"there is no table {name}", "take it out")
    return "".join(
        f"- {question} {', '.join(f'[{name}](#{name})' for name in names)}\n" for question, names in questions.items()
    )


def seed_claims() -> str:
    """Each claim of the two seed articles with what reaches it and what answers it; the commercial ones as left out."""
    seeds, _ = read_toml(SEEDS)
    rows = [[row, f"(commercial: {what})", "left out", "", ""] for row, what in LEFT_OUT.items()]
    for row, seed in seeds.items():
        said = f"“{seed['after']}”, then “{seed['you']}”" if "after" in seed else f"“{seed['you']}”"
        rows.append([row, seed["claim"], said, f"`{seed['line']}`", f"`{SEED_TEST}[{row}]`"])
    rows.sort(key=lambda row: (row[0][0], int(row[0][1:])))
    return "\n" + _table(["row", "claim", "say", "answered by", "test"], rows)


def source_list() -> str:
    """Every source with its address."""
    rows = []
    for key, source in known_sources().items():
        title = f"[{source['title']}]({source['url']})" if "url" in source else source["title"]
        rows.append([key, title, source["kind"]])
    return "\n" + _table(["key", "source", "kind"], rows)


@functools.cache
def known_sources() -> dict[str, dict[str, Any]]:
    """Every source by its key, with title, kind and perhaps an address."""
    document, _ = read_toml(SOURCES)
    return document


def _text(line: Line) -> str:
    """What a line says, without its pauses."""
    words = (
        f"[{part.name}]" if isinstance(part, Fill) else part
        for part in parts(line.fields["say"])
        if isinstance(part, Fill | str)
    )
    return " ".join("".join(words).split())


def strength_of(line: Line) -> str:
    """What a line rests on: its own word for it, or else the strongest kind of source it names."""
    if "strength" in line.fields:
        return str(line.fields["strength"])
    sources = known_sources()
    kinds = {str(sources[key.partition(" ")[0]]["kind"]) for key in line.sources}
    return min(kinds, key=OF_KIND.index)


def _table(head: list[str], rows: list[list[str]]) -> str:
    def row(cells: list[str]) -> Iterator[str]:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"

    return "".join(itertools.chain(row(head), row(["---"] * len(head)), *(row(cells) for cells in rows)))

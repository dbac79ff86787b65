"""`python -m tools.docs build | check`: the parts of the documentation that the project writes itself.

A page holds a block between `<!-- generated: NAME -->` and `<!-- end -->`; build fills it, check
refuses one that has drifted. Exit code 0 if all is well, 1 if not.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from simulator.alexa import Alexa
from simulator.skill import local_skill
from simulator.terminal import converse
from tools import claims, review, triage
from tools.errors import ROOT, Problem, line_of, run
from tools.languages import translation

BLOCK = re.compile(r"(<!-- generated: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)

SAMPLE = ["open cramp coach", "I can't stand", "not yet", "it's gone", "yes please", "no thanks"]


def sample_conversation() -> str:
    """A real conversation, as the terminal shows it."""
    out = io.StringIO()
    converse(Alexa(local_skill()), io.StringIO("\n".join(SAMPLE)), out)
    lines = [re.sub(r"^(You|Alexa):", r"**\1:**", line) for line in out.getvalue().splitlines()]
    return "".join(f"> {line}\\\n" for line in lines).removesuffix("\\\n") + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "sample-conversation": sample_conversation,
    "contents": claims.contents,
    "claims": claims.spoken_claims,
    "seed-claims": claims.seed_claims,
    "sources": claims.source_list,
    "reviewed": review.statement,
    "languages": translation.statement,
    "triage": triage.page,
}


def pages() -> list[Path]:
    """Every page that may hold a generated block."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def filled(text: str) -> str:
    """A page with its blocks written again."""
    return BLOCK.sub(lambda block: f"{block[1]}{GENERATED[block[2]]()}{block[3]}", text)


def build() -> None:
    """Write every page again. Raises SourceError."""
    for page in pages():
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")


def check() -> Iterator[Problem]:
    """Every block that is not what build would make of it."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if filled(block[0]) != block[0]:
                yield Problem(page, line_of(text, block[1].strip()), f"{block[2]} has drifted", "run make docs")


if __name__ == "__main__":
    sys.exit(run("docs", __doc__, {"build": build, "check": check}))

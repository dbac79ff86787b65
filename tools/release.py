"""`python -m tools.release check TAG | notes TAG`: whether tag, version and changelog agree; what changed in it.

Exit code 0 if all is well, 1 if not (one line each: file, line, fix), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.documents import read_toml
from tools.errors import ROOT, Problem, complain, line_of

CHANGELOG = ROOT / "CHANGELOG.md"
PYPROJECT = ROOT / "pyproject.toml"


def problems(tag: str, changelog: Path = CHANGELOG, pyproject: Path = PYPROJECT) -> Iterator[Problem]:
    """Why a tag such as "v0.1.0" can't be released."""
    document, text = read_toml(pyproject)
    version = str(document["project"]["version"])
    if tag != f"v{version}":
        fix = f"tag it v{version}, or write the version that the tag names"
        yield Problem(pyproject, line_of(text, "version = "), f"the version is {version} and the tag {tag}", fix)
    if not notes(tag, changelog):
        fix = f'call what is under "Unreleased" "## {tag.removeprefix("v")}", followed by the date'
        yield Problem(changelog, 0, f"it says nothing about {tag}", fix)


def notes(tag: str, changelog: Path = CHANGELOG) -> str:
    """What the changelog says of a tag; "" if nothing."""
    version = re.escape(tag.removeprefix("v"))
    section = re.search(
        rf"^## {version}\b(?!\.).*\n(?P<notes>(?:(?!## ).*\n?)*)", changelog.read_text(encoding="utf-8"), re.MULTILINE
    )
    return section["notes"].strip() if section else ""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__.partition("\n")[2])
    parser.add_argument("command", choices=["check", "notes"])
    parser.add_argument("tag", help="such as v0.1.0")
    options = parser.parse_args(arguments)
    failed = complain(lambda: problems(options.tag))
    if failed:
        return failed
    if options.command == "notes":
        print(notes(options.tag))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tools.screens build | check | sheet`: pictograms from their source, and pictures of screens.

build makes the pictograms for the skill and for the docs, check refuses what has drifted, and
sheet draws the contact sheets of the docs with Amazon's renderer (needs Node's packages and
Chromium). Exit code 0 if all is well, 1 if not: one line a problem.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cramp_coach.screens import entry_for
from cramp_coach.words import FOLDER, languages
from tools.documents import write_changed
from tools.errors import ROOT, Problem, complain
from tools.screens.drawing import SOURCE, avg, read_pictograms, svg
from tools.words import read_lines

FOR_THE_SKILL = ROOT / "lambda" / "cramp_coach" / "screens" / "pictograms"
IMAGES = ROOT / "docs" / "images"
FOR_THE_DOCS = IMAGES / "pictograms"
LINES = FOR_THE_SKILL.with_name("lines.toml")
_LINES, _SOURCE = LINES.relative_to(ROOT), SOURCE.relative_to(ROOT)


def made() -> dict[Path, str]:
    """Every file that is made from the pictograms' source, with its text. Raises SourceError."""
    files = {}
    for pictogram in read_pictograms():
        files[FOR_THE_SKILL / f"{pictogram.name}.json"] = json.dumps(avg(pictogram), indent=1) + "\n"
        files[FOR_THE_DOCS / f"{pictogram.name}.svg"] = svg(pictogram)
    return files


def stale(files: dict[Path, str]) -> list[Path]:
    """Files beside the made ones that no pictogram makes any more."""
    there = [*FOR_THE_SKILL.glob("*.json"), *FOR_THE_DOCS.glob("*.svg")]
    return [path for path in there if path not in files]


def build() -> None:
    """Write every file, remove the stale ones. Raises SourceError."""
    files = made()
    for path in stale(files):
        path.unlink()
    for path, text in files.items():
        write_changed(path, text)


def check() -> Iterator[Problem]:
    """Every file that is not what build would make of it. Raises SourceError."""
    files = made()
    for path in stale(files):
        yield Problem(path, 0, f"{_SOURCE} has no such pictogram", "run make pictograms")
    for language in languages():
        yield from check_lines(Path(FOLDER, language), {path.stem for path in files})
    for path, text in files.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield Problem(path, 0, f"is not what {_SOURCE} makes", "run make pictograms")


def check_lines(folder: Path, known: set[str]) -> Iterator[Problem]:
    """Every line with a short text, which is for a screen, whose screen or pictogram (one of `known`) is missing."""
    for line in read_lines(folder):
        pictograms = pictograms_of(line.ref)
        if "short" in line.fields and not (pictograms or entry_for("lists", line.ref)):
            yield Problem(line.path, line.number, f"{line.ref} has no pictogram", f"name one in {_LINES}")
        for pictogram in pictograms:
            if pictogram not in known:
                yield Problem(LINES, 0, f"{line.ref} has '{pictogram}', which isn't drawn", f"draw it in {_SOURCE}")


def pictograms_of(line: str) -> list[str]:
    """The pictograms that lines.toml names for a line, one after the other."""
    entries = [entry_for(layout, line) for layout in ("warnings", "pictures")]
    return [name for entry in entries if entry for name in (entry if isinstance(entry, list) else [entry])]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.screens", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "sheet"])
    command = parser.parse_args(arguments).command

    def problems() -> Iterator[Problem]:
        if command == "build":
            build()
        yield from check()

    failed = complain(problems)
    if command == "sheet" and not failed:
        from tools.screens.sheet import draw_sheets  # a browser, for this command alone

        draw_sheets(IMAGES)
    return failed


if __name__ == "__main__":
    sys.exit(main())

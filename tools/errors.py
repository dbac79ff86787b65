"""How every tool here complains: one line that names the file, the line and the fix."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Problem(NamedTuple):
    """Something wrong in a source file. `line` counts from 1; 0 means the file as a whole."""

    path: Path
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        where = f"{path}:{self.line}" if self.line else f"{path}"
        return f"{where}: {self.what}; {self.fix}"


class SourceError(Exception):
    """A source that can't be read at all; the same four as a Problem."""

    def __init__(self, path: Path, line: int, what: str, fix: str) -> None:
        self.problem = Problem(path, line, what, fix)
        super().__init__(str(self.problem))


# What a command does: it finds problems, or nothing is wrong unless it raises SourceError.
Find = Callable[[], Iterable[Problem] | None]


def found_by(find: Find) -> list[Problem]:
    """What `find` finds; the source that it can't read is its only problem."""
    try:
        return list(find() or ())
    except SourceError as error:
        return [error.problem]


def complain(find: Find) -> int:
    """Print what `find` finds to standard error; returns the exit code."""
    found = found_by(find)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def run(tool: str, does: str | None, commands: Mapping[str, Find], arguments: list[str] | None = None) -> int:
    """The command line of a tool whose commands take nothing and find problems; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m tools.{tool}", description=does)
    parser.add_argument("command", choices=commands)
    return complain(commands[parser.parse_args(arguments).command])


def line_of(text: str, *needles: str, nth: int = 1) -> int:
    """The number of the `nth` line of `text` that holds a needle: the first of them that has as many; 0 if none has."""
    for needle in needles:
        hits = [number for number, line in enumerate(text.splitlines(), start=1) if needle in line]
        if len(hits) >= nth:
            return hits[nth - 1]
    return 0

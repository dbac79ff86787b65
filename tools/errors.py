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


def complain(find: Callable[[], Iterable[Problem]]) -> int:
    """Print what `find` finds, or the source that it can't read, to standard error; returns the exit code."""
    try:
        found = list(find())
    except SourceError as error:
        found = [error.problem]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def run(tool: str, does: str | None, commands: Mapping[str, Callable[[], Iterable[Problem]]]) -> int:
    """The command line of a tool whose commands take nothing and find problems; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m tools.{tool}", description=does)
    parser.add_argument("command", choices=commands)
    return complain(commands[parser.parse_args().command])


def line_of(text: str, needle: str, nth: int = 1) -> int:
    """The number of the `nth` line of `text` that holds `needle`; 0 if there are fewer."""
    hits = (number for number, line in enumerate(text.splitlines(), start=1) if needle in line)
    for _ in range(nth - 1):
        next(hits, 0)
    return next(hits, 0)

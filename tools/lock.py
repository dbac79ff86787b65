"""`python -m tools.lock build | check`: the exact packages, with their hashes, that everything here installs.

uv.lock is made of pyproject.toml, for every system and every Python from 3.11 on; of uv.lock is made what pip
installs, a file for each purpose. `build` writes all of them, and moves no version that may stay; what stands behind
it goes to `uv lock`, so `build --upgrade` takes the newest that pyproject.toml allows. `check` needs no network.

Exit code 0 if all is well, 1 if not (one line each: file, fix), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.errors import ROOT, Problem, SourceError, complain

# What pip installs, and the dependency group it is made of; Lambda gets no group, only the project's own dependencies.
EXPORTS = {"lambda/requirements.txt": ""} | {
    f"requirements/{group}.txt": group for group in ("run", "selfhost", "dev", "runtime", "aws", "bench")
}
HEADER = "# Written by `make lock`. What is wanted, and why, is in pyproject.toml.\n"
FIX = "make lock"


def problems(root: Path = ROOT) -> Iterator[Problem]:
    """Why the lock can't be trusted: it doesn't fit pyproject.toml, or what pip installs doesn't fit the lock."""
    lock = root / "uv.lock"
    if _uv(root, "lock", "--check", "--offline", "--no-cache").returncode:
        yield Problem(lock, 0, "does not fit pyproject.toml", FIX)
        return
    for name in EXPORTS:
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != exported(name, root):
            yield Problem(path, 0, "is not what uv.lock holds", FIX)


def build(root: Path = ROOT, *arguments: str) -> None:
    """Write the lock and what pip installs; `arguments` are for `uv lock`. Raises SourceError if uv can't."""
    run = _uv(root, "lock", *arguments)
    print(run.stderr, end="", file=sys.stderr)
    if run.returncode:
        raise SourceError(root / "pyproject.toml", 0, "uv can't lock it", "fix what uv names above")
    for name in EXPORTS:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(exported(name, root), encoding="utf-8")


def exported(name: str, root: Path = ROOT) -> str:
    """What the lock has for one file of EXPORTS, as pip reads it. Raises SourceError if uv can't read the lock."""
    group = ["--group", EXPORTS[name]] if EXPORTS[name] else []
    run = _uv(root, "export", "--frozen", "--offline", "--no-header", "--no-emit-project", *group)
    if run.returncode:
        raise SourceError(root / "uv.lock", 0, "uv can't read it", FIX)
    return HEADER + run.stdout


def requirements(path: Path) -> dict[str, str]:
    """The packages that a file for pip names, each with its lines. Raises SourceError if one has no version or hash."""
    found: dict[str, str] = {}
    name = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        code = line.partition("#")[0].rstrip()
        if code and not code[0].isspace():
            pinned = re.fullmatch(r"([\w.-]+)==\S+( ;[^\\]+)? \\", code)
            if not pinned:
                raise SourceError(path, number, f"{code} has no version and hash", FIX)
            name = pinned[1]
        if code:
            found[name] = found.get(name, "") + code + "\n"
    return found


def _uv(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A mirror or a date of somebody's own would be written into everybody's lock.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    command = [sys.executable, "-m", "uv", *arguments, "--no-python-downloads", "--python", sys.executable]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description=__doc__.partition("\n")[2])
    parser.add_argument("command", choices=["build", "check"])
    options, others = parser.parse_known_args(arguments)
    if options.command == "check":
        if others:
            parser.error(f"check takes nothing: {' '.join(others)}")
        return complain(problems)
    return complain(lambda: build(ROOT, *others))


if __name__ == "__main__":
    sys.exit(main())

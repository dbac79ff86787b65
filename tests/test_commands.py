"""The commands that the pages show are there, and take what they are given."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache

import pytest

from tools.errors import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """Every command of ours that a page shows, as (page, command), without its comment and what is piped into it."""
    found: dict[tuple[str, str], None] = {}
    for page in PAGES:
        for block, inline in CODE.findall(page.read_text(encoding="utf-8")):
            for line in (block or inline).splitlines():
                command = line.partition("#")[0].rpartition("| ")[2].strip()
                if re.match(r"make [a-z]|\S*python -m (tools|simulator|selfhost)", command):
                    found[page.name, command] = None
    return list(found)


@cache
def help_of(module: str) -> str:
    """What a module of ours says of itself."""
    asked = [sys.executable, "-m", module, "--help"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def python(command: str) -> list[str]:
    """The module that a command runs and what it is given; for make, its own recipe and not those that it needs."""
    words = shlex.split(command)
    if words[0] == "make":
        dry = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
        assert not dry.returncode, dry.stderr
        words = shlex.split(dry.stdout.splitlines()[-1], comments=True) if dry.stdout else []
    return words[words.index("-m") + 1 :] if "-m" in words else []


def test_pages_show_commands() -> None:
    assert {command for _, command in shown()} >= {"make run", "make test", "make certify ARGS=--submit"}


@pytest.mark.parametrize(("page", "command"), shown())
def test_a_command_is_there_and_takes_what_it_is_given(page: str, command: str) -> None:
    ran = python(command)
    if not ran or not ran[0].startswith(("tools", "simulator")):
        return  # make's own, or what is not ours
    if ran[0].startswith("tools.bench"):
        return  # takes nothing, and needs packages of its own
    module, *given = ran
    known = help_of(module)
    assert known.startswith("usage:")
    for word in given:
        if word.startswith("--") or word == given[0]:  # an option, or what to do
            assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", known), f"{page}: {command}"

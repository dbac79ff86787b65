"""The tools' common ground."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tools.errors import ROOT, Problem, line_of


def test_lines_are_found_and_counted() -> None:
    text = "a\nb = 1\nb = 1\n"
    assert [line_of(text, "b = 1"), line_of(text, "b = 1", nth=2), line_of(text, "b = 1", nth=3)] == [2, 3, 0]
    assert line_of(text, "c", "b", "a") == 2


def test_a_problem_is_one_line() -> None:
    assert str(Problem(ROOT / "a" / "b.toml", 3, "it is wrong", "fix it")) == "a/b.toml:3: it is wrong; fix it"
    assert str(Problem(Path("/elsewhere"), 0, "it is wrong", "fix it")) == "/elsewhere: it is wrong; fix it"


def test_make_help_names_every_target_and_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    described = dict(re.findall(r"^## ([a-z-]+): (.+)$", makefile, re.MULTILINE))
    (targets,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert set(described) == set(targets.split())
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {tuple(line.split(maxsplit=1)) for line in listed} == set(described.items())

"""The tools' common ground."""

from __future__ import annotations

from pathlib import Path

from tools.errors import ROOT, Problem, line_of


def test_lines_are_found_and_counted() -> None:
    text = "a\nb = 1\nb = 1\n"
    assert [line_of(text, "b = 1"), line_of(text, "b = 1", 2), line_of(text, "b = 1", 3)] == [2, 3, 0]


def test_a_problem_is_one_line() -> None:
    assert str(Problem(ROOT / "a" / "b.toml", 3, "it is wrong", "fix it")) == "a/b.toml:3: it is wrong; fix it"
    assert str(Problem(Path("/elsewhere"), 0, "it is wrong", "fix it")) == "/elsewhere: it is wrong; fix it"

"""The generated pages say what the words and the tests say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import changed
from tests.test_answers import SEED_ROWS, SEEDS
from tools import claims, docs
from tools.errors import ROOT, SourceError
from tools.words import read_lines


def test_the_pages_as_they_are_have_not_drifted() -> None:
    assert list(docs.check()) == []


def test_every_claim_stands_on_the_evidence_page_with_a_known_source() -> None:
    page, known = claims.spoken_claims(), claims.source_list()
    for line in read_lines(claims.ENGLISH):
        if line.sources:
            assert f"| `{line.ref}` |" in page
            assert all(f"| {source.partition(' ')[0]} |" in known for source in line.sources)


def test_a_table_without_a_question_is_named_with_the_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = tmp_path / "questions.toml"
    text = claims.CONTENTS.read_text(encoding="utf-8")
    monkeypatch.setattr(claims, "CONTENTS", questions)
    for old, new, said in (
        ('["card"]', "[]", "questions.toml: no question leads to the table card; name it under a question"),
        ('["card"]', '["card", "cord"]', "questions.toml:16: there is no table cord; take it out"),
    ):
        questions.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(SourceError, match=said):
            claims.contents()


def test_every_question_leads_to_a_heading() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    contents = page.partition("## Contents\n")[2].partition("\n## ")[0]
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^##+ (.+)$", page, re.MULTILINE)}
    leads_to = set(re.findall(r"\(#([^)]+)\)", contents))
    assert leads_to <= headings
    assert {line.path.stem for line in read_lines(claims.ENGLISH) if line.sources} <= leads_to


def test_every_seed_claim_stands_there_with_its_answer_or_as_left_out() -> None:
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in claims.seed_claims().splitlines()}
    assert rows.keys() >= SEED_ROWS | set(claims.LEFT_OUT)
    for name in SEED_ROWS:
        assert SEEDS[name]["you"] in rows[name] and f"[{name}]" in rows[name]


def test_a_claim_that_changes_is_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    english = Path(shutil.copytree(claims.ENGLISH, tmp_path / claims.ENGLISH.name))
    changed(english / "tip.toml", "slow, calm breathing", "quick breathing")
    monkeypatch.setattr(claims, "ENGLISH", english)
    (problem,) = docs.check()
    assert str(problem).endswith("claims has drifted; run make docs") and problem.line

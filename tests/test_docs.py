"""The generated pages say what the words and the tests say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.test_answers import SEED_ROWS, SEEDS
from tools import claims, docs
from tools.words import read_lines


def test_the_pages_as_they_are_have_not_drifted() -> None:
    assert list(docs.check()) == []


def test_every_claim_stands_on_the_evidence_page_with_a_known_source() -> None:
    page, known = claims.spoken_claims(), claims.source_list()
    for line in read_lines(claims.ENGLISH):
        if line.sources:
            assert f"| `{line.ref}` |" in page
            assert all(f"| {source.partition(' ')[0]} |" in known for source in line.sources)


def test_every_seed_claim_stands_there_with_its_answer_or_as_left_out() -> None:
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in claims.seed_claims().splitlines()}
    assert rows.keys() >= SEED_ROWS | set(claims.LEFT_OUT)
    for name in SEED_ROWS:
        assert SEEDS[name]["you"] in rows[name] and f"[{name}]" in rows[name]


def test_a_claim_that_changes_is_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Path(shutil.copytree(claims.ENGLISH, tmp_path / "en"))
    tips = changed / "tip.toml"
    tips.write_text(
        tips.read_text(encoding="utf-8").replace("slow, calm breathing", "quick breathing"), encoding="utf-8"
    )
    monkeypatch.setattr(claims, "ENGLISH", changed)
    (problem,) = docs.check()
    assert str(problem).endswith("claims has drifted; run make docs") and problem.line

"""The pack for a clinician: nothing is missing from it, and nothing claims more than was read."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cramp_coach.words import FOLDER, default_language
from tests.conftest import changed
from tools import docs, review
from tools.store.manifest import compile_manifest
from tools.words import read_lines

ENGLISH = default_language()
LINES = read_lines(Path(FOLDER, ENGLISH))


class Page(HTMLParser):
    """What stands in the rows of the page, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += [value or "" for name, value in attrs if tag == "tr" and name == "id"]
        self.fetched += [value or "" for name, value in attrs if name in ("src", "srcset") or tag in ("link", "script")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of reviews to write into."""
    path = Path(shutil.copy(review.RECORD, tmp_path))
    monkeypatch.setattr(review, "RECORD", path)
    return path


def note(*arguments: str) -> int:
    return review.main(["record", *arguments, "--by", "A. Name", "--role", "physiotherapist"])


def test_every_line_stands_on_the_page_once_and_nothing_is_fetched() -> None:
    page = Page(review.page(ENGLISH))
    assert sorted(page.rows) == sorted(line.ref for line in LINES)
    assert page.fetched == []
    assert "url(" not in review.page(ENGLISH) and "@import" not in review.page(ENGLISH)


def test_warnings_come_first_with_what_brings_them_and_how_soon() -> None:
    page = Page(review.page(ENGLISH))
    assert page.rows[0].startswith("sign.") and page.rows.index("calf.standing.1") < page.rows.index("topic.magnesium")
    chest = " ".join(page.words).partition("ChestSign")[2].partition("sign.")[0]
    assert "emergency" in chest and "my chest hurts" in chest and "; in: chest or heart" in chest


def test_what_brings_a_variant_of_a_warning_isnt_said_twice() -> None:
    variant = " ".join(Page(review.page(ENGLISH)).words).partition("a very hot body needs help")[2]
    assert variant.partition("a very hot body needs help")[2].partition("sign.")[2].startswith("FaintSign")


def test_nobody_has_reviewed_anything_yet() -> None:
    assert review.reviewed(ENGLISH) == (0, len(LINES))
    assert "No clinician has yet reviewed any" in review.statement()
    assert list(review.check()) == []


def test_a_line_counts_in_the_wording_that_was_read(record: Path) -> None:
    assert note("calf.standing") == 0
    count = sum(line.ref.startswith("calf.standing.") for line in LINES)
    assert review.reviewed(ENGLISH) == (count, len(LINES)) and review.share(ENGLISH) == "part"
    assert f"reviewed {count} of" in review.statement()
    assert "right: A. Name, physiotherapist" in review.page(ENGLISH)
    record.write_text(re.sub(r'(\nwording = ")..', r"\1zz", record.read_text(), count=1))
    assert review.reviewed(ENGLISH) == (count - 1, len(LINES))
    assert "changed since A. Name" in review.page(ENGLISH)


def test_another_wording_has_another_hash(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(Path(FOLDER, ENGLISH), tmp_path / ENGLISH))
    before = {line.ref: review.wording_of(line) for line in read_lines(folder)}
    changed(folder / "tip.toml", 'short = "Drink less alcohol."', 'short = "Drink less."')
    others = [line.ref for line in read_lines(folder) if before[line.ref] != review.wording_of(line)]
    assert others == ["tip.alcohol"]


def test_a_line_found_wrong_is_not_reviewed(record: Path) -> None:
    assert note("calf.standing.1", "--verdict", "too fast") == 0
    assert review.reviewed(ENGLISH)[0] == 0
    assert "too fast: A. Name" in review.page(ENGLISH)


def test_the_store_page_and_the_docs_say_how_much(record: Path) -> None:
    def store_page() -> str:
        return str(compile_manifest()["manifest"]["publishingInformation"]["locales"]["en-US"]["description"])

    assert "No clinician has checked it yet." in store_page() and "{" not in store_page()
    assert note("calf") == 0
    assert "A clinician has checked part of it, not all." in store_page()
    assert {str(problem).partition(": ")[2].partition(" ")[0] for problem in review.check()} == set(review.STATEMENTS)
    assert any("reviewed has drifted; run make docs" in str(problem) for problem in docs.check())
    assert note(*{line.ref.partition(".")[0] for line in LINES}, "disclaimer") == 0
    assert "A clinician has checked it." in store_page()


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('line = "calf.standing.1"', r"review\.toml:\d+: an entry without language, wording, by.*; complete it"),
        (
            f'language = "{ENGLISH}"\nline = "calf.flying.1"\nwording = "0"\nby = "A"\nrole = "B"\non = 2026-12-01\n'
            'verdict = "right"',
            r"review\.toml:\d+: calf.flying.1 is no line of the words; take",
        ),
    ],
)
def test_an_entry_that_makes_no_sense_is_named(record: Path, entry: str, complaint: str) -> None:
    record.write_text(f"{record.read_text()}\n[[reviewed]]\n{entry}\n")
    assert [problem for problem in map(str, review.check()) if re.search(complaint, problem)]


def test_a_name_that_no_line_has_is_refused(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert note("calves") == 1
    assert "no line is called calves; take the names" in capsys.readouterr().err
    assert review.reviewed(ENGLISH)[0] == 0

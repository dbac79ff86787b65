"""The words: each line with its sources, nothing promised, nothing missing."""

from __future__ import annotations

import ast
import re
import shutil
import tomllib
from pathlib import Path
from typing import BinaryIO

import pytest

from cramp_coach import speech
from cramp_coach.conversation import Event, State, respond
from cramp_coach.speech import Fill, parts
from cramp_coach.words import FOLDER, Words, default_language, languages, words_for
from tests.conftest import changed
from tools.errors import SourceError
from tools.languages import CheckedLanguage, checked
from tools.models.sources import first_locale
from tools.words import check, local_words, read_lines

ENGLISH = Path(FOLDER, default_language())


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """A copy of the English words to spoil."""
    return Path(shutil.copytree(ENGLISH, tmp_path / ENGLISH.name))


def test_the_words_as_they_are_have_no_problem() -> None:
    assert list(check(ENGLISH)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('say = "Rest."', r"tip\.toml:\d+: tip.new: no sources; say where"),
        ('say = "Rest."\nsources = ["D"]', r"tip.new: no known strength; say what it rests on: trial"),
        ('say = "Rest."\nsources = ["D"]\nstrength = "rock solid"', r"no known strength; say"),
        ('sources = ["NHS-W"]', r"tip.new: nothing to say; add"),
        ('say = 5\nsources = ["D"]', r"tip\.toml:\d+: tip.new: say is no text; write it in quotation marks"),
        ('say = "Rest."\nsources = ["MY-AUNT"]', r"unknown source 'MY-AUNT'; add it"),
        ('say = "Rest {pause 3} now."\nsources = ["D"]', r"unknown mark \{pause 3\}; use"),
        ('say = "Rest {hold 11} now."\nsources = ["D"]', r"unknown mark \{hold 11\}; use"),
        ('say = "Rest {hold 8 now."\nsources = ["D"]', r"unknown mark"),
        ('say = "Rest."\nshout = "Rest!"\nsources = ["D"]', r"unknown field 'shout'; use"),
        ('say = "Rest."\nshort = "one two three four five six seven"\nsources = ["D"]', r"more than 6 words; shorten"),
        ('say = "Call 911 now."\nsources = ["D"]', r"says '911'; say 'your local"),
        ('say = "This will cure it."\nsources = ["D"]', r"says 'cure'; promise"),
        ('say = "Take 300 mg."\nsources = ["D"]', r"says '300 mg'; name no dose"),
        ('say = "I can call for you."\nsources = ["D"]', r"says 'I can call'; the skill can't"),
        ('say = "Rest <break/> now."\nsources = ["D"]', r"has markup; write plain words"),
        ('say = "Rest &amp; sleep."\nsources = ["D"]', r"has markup; write plain words"),
        (
            f'say = "{"Rest it now. " * 14}"\nsources = ["D"]\nstrength = "opinion"',
            r"tip\.toml:\d+: tip.new: say has 52 words with what follows it, more than 40; shorten",
        ),
        (
            f'say = "Rest."\nreprompt = "{"Rest it now. " * 14}"\nsources = ["D"]\nstrength = "opinion"',
            r"tip.new: reprompt has 45 words with what follows it",
        ),
        (
            'say = "Caffeinated beverages precipitate nocturnal musculoskeletal symptoms."\nsources = ["D"]\n'
            'strength = "opinion"',
            r"tip.new: say reads at grade \d+\.\d, more than 8; use shorter",
        ),
        (
            'say = "Do you sleep well?"\nsources = ["D"]\nstrength = "opinion"',
            r"tip.new: say ends with a question; ask nothing",
        ),
        ('say = "You have a clot."\nsources = ["D"]', r"never say what it is"),
        (
            'say = "It wipes cramps out."\nsources = ["D"]',
            r"tip\.toml:\d+: .*'wipes cramps out'; promise nothing",
        ),
        ('say = "Try Theraworx first."\nsources = ["D"]', r"says 'Theraworx'; name no product or brand"),
        ('say = "Alexa, open sleep sounds."\nsources = ["D"]', r"says 'Alexa, open '; lead to no other skill"),
        ('say = "Subscribe to hear more."\nsources = ["D"]', r"says 'Subscribe'; sell nothing"),
        ('say = "It costs $5."\nsources = ["D"]', r"says '\$5'; sell nothing"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(english: Path, text: str, complaint: str) -> None:
    path = english / "tip.toml"
    path.write_text(path.read_text() + f"\n[new]\n{text}\n")
    found = [str(problem) for problem in check(english)]
    assert any(re.search(complaint, line) for line in found), found


def test_a_language_that_forbids_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text("[forbidden]\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"xx\.toml: \[forbidden\] has no promises; fill it in"):
        _ = CheckedLanguage(path).promises


def sentences_in(code: str) -> list[str]:
    """String literals of four words or more that are neither docstrings nor meant for a developer's log."""
    tree = ast.parse(code)
    excused: set[ast.AST] = set()
    for node in ast.walk(tree):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        logged = isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("error", "warning")
        )
        if docstring or logged:
            excused.update(ast.walk(node))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in excused
        and len(re.findall(r"[A-Za-z']+ ", node.value)) >= 3
    ]


def test_no_speech_stands_in_the_code() -> None:
    assert sentences_in('say("Sit well back, leg straight.")')
    for path in Path(FOLDER).parent.parent.rglob("*.py"):
        assert sentences_in(path.read_text(encoding="utf-8")) == [], path


def test_an_unknown_language_gets_english() -> None:
    assert words_for("tlh-KL")["calf.standing.1"] == words_for("en-GB")["calf.standing.1"]
    assert words_for("")["calf.standing.1"]


def test_every_country_has_its_own_word() -> None:
    said = {locale: speech.plain("often.hour", State(), words_for(locale)) for locale in ("en-US", "en-GB", "en-AU")}
    assert "a nurse line" in said["en-US"] and "nurse" not in said["en-GB"] and "Healthdirect" in said["en-AU"]
    assert words_for("en-ZA")["local#nurse_line"] == local_words(ENGLISH)["nurse_line"]
    assert words_for("en-../en/calf")["local#nurse_line"] == local_words(ENGLISH)["nurse_line"]


GENTLE = '[lying.1.gentle]\nsay = "Rest."\nshort = "Rest."\nsources = ["D"]\n\n'
LONG = 'crisis_line = "' + "now or then or " * 5


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("shin", "[lying.2]", "[lying.9]", r"shin\.lying\.2 is missing; add"),
        (
            "shin",
            "[lying.2]",
            f"{GENTLE}[lying.2]",
            r"shin\.lying\.1\.gentle: no reprompt, though shin\.lying\.1 has one; add",
        ),
        ("locales/en-CA", 'crisis_line = "', LONG, r"sign\.Crisis\.hold: say has "),
        (
            "locales/en-GB",
            'nurse_line = "',
            'nurses_line = "',
            r"en-GB\.toml:\d*:? ?nurse_line is not in both files; fix",
        ),
        ("locales/en-AU", '"Healthdirect"', '"call 000"', r"en-AU\.toml:\d+: nurse_line says '000'; say"),
        ("locales/en-IN", '"a health helpline"', '" "', r"en-IN\.toml:\d+: nurse_line is no plain text; write"),
        ("locales/en", 'crisis_line = "', 'crisis = "', r"en-US\.toml:\d+: crisis_line is not in both files; fix"),
    ],
)
def test_what_is_wrong_with_a_line_or_a_country_is_named(
    english: Path, file: str, old: str, new: str, complaint: str
) -> None:
    changed(english / f"{file}.toml", old, new)
    found = [str(problem) for problem in check(english)]
    assert any(re.search(complaint, line) for line in found), found


def test_a_country_without_a_file_is_named(english: Path) -> None:
    (english / "locales" / "en-CA.toml").unlink()
    with pytest.raises(SourceError, match=r"en-CA\.toml: file is missing; restore it"):
        list(check(english))


@pytest.mark.parametrize("locale", ["en-GB", *map(first_locale, languages())])
def test_a_launch_reads_no_word_of_the_country(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    load = tomllib.load

    def noted(file: BinaryIO) -> dict[str, object]:
        read.append(Path(file.name).name)
        return load(file)

    monkeypatch.setattr(tomllib, "load", noted)
    words = Words(f"{FOLDER}/{locale.partition('-')[0]}", locale)
    speech.render(respond(State(), Event("Launch"), words), words)
    assert sorted(read) == ["calf.toml", "cue.toml"]
    speech.plain("often.hour", State(), words)
    assert read[2:] == ["often.toml", f"{locale}.toml"]


def test_references_nobody_wrote_are_not_there() -> None:
    words = words_for("en-US")
    for ref in ("", ".", "calf", "calf.standing.1#sources", "../en/calf.standing.1", "calf.standing.1#", "nobody.1"):
        assert ref not in words
    with pytest.raises(KeyError):
        words["calf.standing.99"]


def test_every_text_splits_at_its_marks_and_can_be_filled() -> None:
    for line in read_lines(ENGLISH):
        for field in ("say", "reprompt", "short"):
            for part in parts(line.fields.get(field, "")):
                if isinstance(part, str):
                    assert "{" not in part and "}" not in part
                elif isinstance(part, Fill):
                    assert part.name in State._fields or part.name in local_words(ENGLISH)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "It gets rid of cramps.", "gets rid of"),
        ("en", "You'll never cramp again.", "never cramp"),
        ("en", "No more cramps at night.", "No more cramps"),
        ("en", "A stretch that stops all leg cramps.", "stops all leg cramps"),
        ("en", "Gone for good.", "for good"),
        ("en", "It works every time.", "works every time"),
        ("en", "This is completely safe.", "completely safe"),
        ("en", "It has no side effects.", "no side effects"),
        ("en", "They heal it.", "heal"),
        ("en", "Rub in deep heat, or icy-hot.", "deep heat"),
        ("en", "Rub in Icy-Hot.", "Icy-Hot"),
        ("en", "Ein Gel von Voltaren.", "Voltaren"),
        ("en", "Nothing cures them all.", "cures"),
        ("en", "No stretch heals a cramp.", None),
        ("en", "It may help. The studies are small.", None),
        ("en", "Heat may ease it for some.", None),
        ("de", "Nie wieder Krämpfe.", "Nie wieder"),
        ("de", "Das heilt den Krampf.", "heilt"),
        ("de", "Damit werden Sie schmerzfrei.", "schmerzfrei"),
        ("de", "Limptar hilft.", "Limptar"),
        ("de", "Das hilft vielen, aber nicht allen.", None),
        ("es", "Nunca más un calambre.", "Nunca más"),
        ("es", "Elimina los calambres.", "Elimina"),
        ("es", "Tome Gelocatil.", "Gelocatil"),
        ("es", "Puede ayudar un poco.", None),
    ],
)
def test_a_promise_or_a_product_is_found_in_its_language(language: str, text: str, found: str | None) -> None:
    rules = checked(language).never | checked(language).promises | checked(language).brands
    assert next((said for said, _ in checked(language).never_said(text, rules)), None) == found

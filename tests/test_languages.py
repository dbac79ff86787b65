"""Languages are files: one begins without code, is complete or refused, and is a draft until it has been read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from cramp_coach.conversation import Event, State, respond, triage
from cramp_coach.screens import TOUCHES
from cramp_coach.words import FOLDER, default_language, languages, words_for
from tests.conftest import heard_as
from tools.cases import utterances
from tools.documents import read_toml
from tools.errors import ROOT, SourceError, found_by
from tools.languages import complete, translation
from tools.models.sources import SOURCES, first_locale, locales_of, read_contract, read_language
from tools.words import check

TRANSLATED = translation.translations()
# What a language is made of and what looks at it; nothing of it needs the rest of the repository.
PARTS = ("docs", "interaction-models", "lambda", "simulator", "store", "tests", "tools", "translation")


def files_of(folder: Path) -> dict[str, str]:
    """Every file with a hash of what is in it."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


def test_french_is_begun_without_code(tmp_path: Path) -> None:
    for part in PARTS:
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "*.png")
        )
    before = files_of(tmp_path)
    show = [sys.executable, "-m", "tools.languages", "show", "fr"]
    first, again = (subprocess.run(show, cwd=tmp_path, capture_output=True, text=True, check=False) for _ in range(2))
    after = files_of(tmp_path)
    assert before.items() <= after.items()
    assert {Path(name).suffix for name in after.keys() - before.keys()} == {".toml", ".md", ".json"}
    assert first.returncode == 1 and re.match(r"begun: \d+ files\n", first.stdout), first.stderr
    assert again.stdout.startswith("every file of fr is there\n") and again.stdout.endswith("fr is not complete.\n")
    steps = re.findall(r"^ ?(\d+)\. .*?(\d+ left|done)   ", again.stdout, re.MULTILINE)
    assert [number for number, _ in steps] == [str(number) for number in range(1, 11)]
    assert [left for _, left in steps if left == "done"] == ["done"], "only the skeleton is there"
    # every text is named that is still to be written, with its place
    assert "words/fr/after.toml:3: after.walk: nothing to say; add a say text" in again.stdout


def test_a_language_that_alexa_does_not_speak(capsys: pytest.CaptureFixture[str]) -> None:
    from tools.languages.__main__ import main

    assert main(["show", "tlh"]) == 1
    assert capsys.readouterr().err == "Alexa has no locale of 'tlh': interaction-models/locales.toml lists them.\n"


def test_every_language_is_complete() -> None:
    assert complete.names() == languages()
    assert list(complete.check()) == []


def test_what_is_heard_is_in_one_language() -> None:
    """No line of a language is that of another: nothing falls back in the middle of a conversation."""
    for language in TRANSLATED:
        for path in sorted(Path(FOLDER, default_language()).glob("*.toml")):
            ours, theirs = (read_toml(Path(FOLDER, name, path.name))[0] for name in (language, path.parent.name))
            assert ours != theirs


# Answered as such only once something else was said of them.
NOT_ALONE = {"sign.JointPain", "sign.TendonPain"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sign_is_brought_by_something_that_is_said(language: str) -> None:
    locale = first_locale(language)
    words = words_for(locale)
    state = respond(State(), Event("Launch"), words).state
    said = (utterance for folder, utterance, _, _ in utterances() if folder == language)
    heard = {ref for each in said for ref in respond(state, heard_as(each, locale), words).say}
    signs = {f"sign.{sign}" for sign, urgency in triage.table().urgencies.items() if urgency != "none"}
    assert {sign for sign in signs - NOT_ALONE if not any(ref.startswith(sign) for ref in heard)} == set()


@pytest.mark.parametrize("language", languages())
def test_what_stands_on_a_button_can_be_said(language: str) -> None:
    for locale in locales_of(SOURCES / language):
        words = words_for(locale)
        heard = {touch: heard_as(words[f"screen.button.{touch}"], locale).name for touch in TOUCHES}
        assert heard == {touch: touch for touch in TOUCHES}, locale


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A copy of a translation's words to spoil."""
    return Path(shutil.copytree(Path(FOLDER, TRANSLATED[0]), tmp_path / "words" / TRANSLATED[0]))


def take_out(file: str, header: str) -> Callable[[Path], None]:
    """Take a line out of a file of words."""
    return replace(file, rf"^\[{re.escape(header)}\]\n(.+\n)+", "")


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Change the first of these in a file."""

    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert re.search(old, text, re.MULTILINE), "the test is out of date"
        path.write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")

    return edit


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (
            take_out("calf.toml", "standing.1"),
            r"calf\.toml: calf\.standing\.1 is missing; add the line, as .*en/calf.toml:8",
        ),
        (take_out("screen.toml", "button.Next"), r"screen\.toml: screen\.button\.Next is missing; add"),
        (take_out("sign.toml", "ColdLegSign"), r"sign\.toml: sign\.ColdLegSign is missing; add"),
        (take_out("calf.toml", "lying.3.gentle"), r"calf\.toml: calf\.lying\.3\.gentle is missing; add"),
        (
            replace("cue.toml", r'^reprompt = ".*"\n', ""),
            r"cue\.toml:\d+: cue\.\w+ has no reprompt; add it, as .*en/cue",
        ),
        (
            replace("calf.toml", r"\{hold 8\}", "{hold 7}"),
            r"calf\.toml:\d+: calf\.standing\.1 counts .*hold 7.*; count as",
        ),
        (replace("tip.toml", r"^\[end\]", "[ende]"), r"tip\.toml:\d+: tip\.ende is no line of en; take it out"),
        (lambda folder: (folder / "thigh.toml").unlink(), r"thigh\.toml: thigh\.1 is missing; add"),
    ],
)
def test_a_translation_that_lacks_something_is_refused(
    words: Path, spoil: Callable[[Path], None], complaint: str
) -> None:
    spoil(words)
    found = [str(problem) for problem in check(words)]
    assert any(re.search(complaint, line) for line in found), found


def test_a_file_in_another_encoding_is_named(words: Path) -> None:
    path = words / "calf.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(SourceError, match=r"calf\.toml:\d+: not UTF-8; save the file as UTF-8"):
        list(check(words))


def test_a_country_of_no_locale_is_named(words: Path) -> None:
    shutil.copy(words / "locales" / f"{words.name}.toml", words / "locales" / "xx-XX.toml")
    assert any("xx-XX.toml: is of no locale of the language; add" in str(problem) for problem in check(words))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (r"^locales = .*", "locales = []", r"language\.toml:\d+: no locales; list"),
        (r"^locales = .*", 'locales = ["es-XX"]', r"language\.toml:\d+: Alexa has no locale es-XX; take one of"),
        (r"^locales = .*", 'locales = ["fr-FR"]', r"language\.toml:\d+: fr-FR is no locale of es; move it"),
    ],
)
def test_a_locale_without_its_language_is_named(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = Path(shutil.copytree(SOURCES / "es", tmp_path / "es"))
    replace("language.toml", old, new)(folder)
    with pytest.raises(SourceError, match=complaint):
        locales_of(folder)


def test_a_letter_is_refused_where_amazon_refuses_it_and_only_there(tmp_path: Path) -> None:
    from tools.models.checks import characters

    folder = Path(shutil.copytree(SOURCES / "es", tmp_path / "es"))
    contract = read_contract()
    assert list(characters(read_language(contract, folder))) == []
    replace("language.toml", r"^letters = .*", 'letters = ""')(folder)
    assert re.search(r"'[áéíñóúü]', which Amazon refuses", str(next(characters(read_language(contract, folder)))))


@pytest.fixture
def manners(tmp_path: Path) -> Path:
    """A copy of a language's glossary, and of who has read it, to spoil."""
    return Path(shutil.copytree(ROOT / "translation" / TRANSLATED[0], tmp_path / TRANSLATED[0]))


@pytest.mark.parametrize(
    ("term", "complaint"),
    [
        (
            '["a"]\nsay = ["eins"]\navoid = ["zwei"]\n["b"]\nsay = ["Zwei"]\n',
            r"'zwei' is avoided for 'a' and said for 'b'",
        ),
        ('["a"]\nsay = ["eins"]\navoid = ["eins"]\n', r"'eins' is avoided for 'a' and said for 'a'"),
        ('["a"]\navoid = ["eins"]\n', r"glossary\.toml:1: 'a' has no say; write say"),
        (
            '["ease off"]\nsay = ["xyz"]\nalways = true\n',
            r"calf\.toml:\d+: .* lacks a rendering of 'ease off' in its say; say",
        ),
        ("", r"glossary\.toml: has no term; begin"),
        ("a = [\n", r"glossary\.toml:\d: not TOML"),
    ],
)
def test_a_glossary_that_contradicts_itself_or_the_words_is_refused(manners: Path, term: str, complaint: str) -> None:
    (manners / "glossary.toml").write_text(term, encoding="utf-8")
    found = list(map(str, found_by(lambda: translation.problems(manners.name, manners.parent))))
    assert any(re.search(complaint, line) for line in found), found


def test_a_word_to_avoid_is_named_where_it_is_said(manners: Path, words: Path) -> None:
    said = read_toml(words / "muscle.toml")[0]["calf"]["say"].split()[-1]
    (manners / "glossary.toml").write_text(f'["x"]\nsay = ["y"]\navoid = ["{said}"]\n', encoding="utf-8")
    found = [str(problem) for problem in translation.glossary(manners.name, manners.parent, words.parent)]
    assert any(
        f"muscle.calf says '{said}' in its say, which the glossary avoids for 'x'; say 'y'" in line for line in found
    )


def test_a_changed_english_line_makes_its_translation_stale(manners: Path) -> None:
    path = manners / "lines.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(kept | {"calf.standing.1": "0", "calf.lying.2": None}), encoding="utf-8")
    found = [str(problem) for problem in translation.stale(manners.name, manners.parent)]
    (line,) = (each for each in found if "calf.standing.1 " in each)
    assert re.search(
        r"calf\.toml:\d+: calf\.standing\.1 translates other words than .*en/calf\.toml:8; see that it", line
    )
    assert translation.translated(manners.name, ["calf"], manners.parent) > 20
    assert not [each for each in translation.stale(manners.name, manners.parent) if "calf.toml" in str(each)]
    with pytest.raises(SourceError, match="no line is called calve; take"):
        translation.translated(manners.name, ["calve"], manners.parent)


def test_a_language_is_a_draft_until_everybody_has_read_it(manners: Path) -> None:
    path = manners / "readers.toml"
    path.write_text('[native]\nname = "A. Reader"\non = 2026-12-31\n', encoding="utf-8")
    assert translation.unread(manners.name, manners.parent) == ["a clinician for the medical lines"]
    assert translation.state(manners.name, manners.parent) == "draft"
    path.write_text(path.read_text() + '[clinician]\nname = "B. Reader"\non = 2026-12-31\n', encoding="utf-8")
    assert translation.state(manners.name, manners.parent) == "read" and translation.unread(default_language()) == []
    path.write_text('[native]\nname = "A. Reader"\n', encoding="utf-8")
    found = [str(problem) for problem in translation.problems(manners.name, manners.parent)]
    assert any("'native' is no reader with a name and a day; give" in line for line in found), found

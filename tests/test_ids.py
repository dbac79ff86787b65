"""What stands in more than one place: whatever is forgotten in one of them is named, with file, line and fix.

Tried on a copy of the skill and its tools, as a contributor would change it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.errors import ROOT

CONVERSATION = "lambda/cramp_coach/conversation"
WORDS = "lambda/cramp_coach/words/en"
STATE, RELIEF, CONDITIONS, CUES, SIGNS, DIALOGUE, ANSWERS, DOCTOR, TRIAGE = (
    f"{CONVERSATION}/{name}.py"
    for name in ("state", "relief", "conditions", "cues", "signs", "dialogue", "answers", "doctor", "triage")
)
CONTRACT = "interaction-models/contract.toml"
SLOTS = "interaction-models/en/slots.toml"
COPIED = (
    "lambda",
    "tools",
    "simulator",
    "interaction-models",
    "skill-package/tasks",
    "skill-package/skill.json",
    "docs/sources.toml",
    "docs/images/pictograms",
)


@dataclass(frozen=True)
class Place:
    """One place of a change: the file, what is looked for, what stands there then, and what is said without it."""

    file: str
    old: str
    new: str
    command: str = ""
    complaint: str = ""


def line(name: str, text: str) -> str:
    """A line of the words."""
    return f'\n[{name}]\nsay = "{text}"\nreprompt = "{text}"\nshort = "Press that leg back."\nsources = ["MARSH"]\n'


STEPS = "".join(
    line(f"{position}.{step}", "Press that leg back. Hold. {hold 10} Ease off.")
    for position in ("standing", "sitting", "lying")
    for step in (1, 2, 3)
)

BUTTOCK = (
    Place(CONTRACT, '"thigh", "other",', '"thigh", "buttock", "other",', "ids", "MUSCLES has 'buttock', which Muscle"),
    Place(SLOTS, "[Muscle]\n", '[Muscle]\nbuttock = ["buttock"]\n', "models", "Muscle lacks 'buttock'; add the words"),
    Place(
        STATE,
        '"thigh", "other")',
        '"thigh", "other", "buttock")',
        "ids",
        "Muscle has 'buttock', which MUSCLES lacks; fix it, or add it to MUSCLES in lambda",
    ),
    Place(
        RELIEF,
        '    "thigh": "lying",\n',
        '    "thigh": "lying",\n    "buttock": "lying",\n',
        "ids",
        "MUSCLES has 'buttock', which DEFAULT_POSITION lacks",
    ),
    Place(f"{WORDS}/buttock.toml", "", STEPS, "words", "buttock.toml: buttock.standing.1 is missing; add the line"),
    Place(f"{WORDS}/muscle.toml", "", '\n[buttock]\nsay = "buttock"\n', "words", "muscle.buttock is missing; add"),
    Place(f"{WORDS}/helper.toml", "", line("buttock", "Press it."), "words", "helper.buttock is missing; add"),
    Place(f"{WORDS}/reach.toml", "", line("buttock", "Press it."), "words", "reach.buttock is missing; add"),
    Place(
        "lambda/cramp_coach/screens/lines.toml",
        "[pictures]\n",
        '[pictures]\n"buttock" = "toes_down"\n"helper.buttock" = "toes_down"\n"reach.buttock" = "toes_down"\n',
        "screens",
        "has no pictogram; name one in",
    ),
)

GOUT = (
    Place(
        CONTRACT,
        '"hot_weather", "nerve"',
        '"hot_weather", "gout", "nerve"',
        "ids",
        "LEAVES_OUT has 'gout', which Condition lacks",
    ),
    Place(SLOTS, "[Condition]\n", '[Condition]\ngout = ["gout"]\n', "models", "Condition lacks 'gout'; add the words"),
    Place(
        CONDITIONS,
        "LEAVES_OUT = {\n",
        'LEAVES_OUT = {\n    "gout": (),\n',
        "ids",
        "Condition has 'gout', which LEAVES_OUT lacks",
    ),
    Place(
        f"{WORDS}/person.toml",
        "",
        '\n[gout]\nsay = "Go slowly."\nsources = ["D"]\n',
        "words",
        "person.toml: person.gout is missing; add the line",
    ),
)

EASED = (
    Place(STATE, "Cue = Literal[\n", 'Cue = Literal[\n    "eased",\n', "ids",
          "CUES has 'eased', which Cue lacks"),
    Place(CUES, '    "again": (', '    "eased": ("Better", "NotBetter"),\n    "again": (', "ids",
          "Cue has 'eased', which CUES lacks"),
    Place(RELIEF, 'ask="let_go", reprompt', 'ask="eased", reprompt', "ids",
          "no answer asks 'eased'; ask it, or delete it"),
    Place(f"{WORDS}/cue.toml", "", '\n[eased]\nsay = "Is it easing?"\nreprompt = "Does it ease?"\n', "words",
          "cue.toml: cue.eased is missing; add the line"),
)  # fmt: skip

OMITTED = [(change, left_out) for change in (BUTTOCK, GOUT, EASED) for left_out in change]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A copy of what the checks read."""
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for folder in (tmp_path / WORDS).parent, tmp_path / "interaction-models":  # a change to one language is whole
        for other in {path for path in folder.iterdir() if path.is_dir()} - {folder / Path(WORDS).name}:
            shutil.rmtree(other)
    yield tmp_path


def put(copy: Path, place: Place) -> None:
    """Make one change; without a text to look for it goes to the end of the file, which may be new."""
    path = copy / place.file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert place.old in text, f"{place.file} lacks {place.old!r}: the test is out of date"
    path.write_text(text.replace(place.old, place.new, 1) if place.old else text + place.new, encoding="utf-8")


def complaints(copy: Path, command: str) -> list[str]:
    """What a check says about the copy; nothing but lines that name a file and a fix."""
    run = subprocess.run(
        [sys.executable, "-m", f"tools.{command}", "check"], cwd=copy, capture_output=True, text=True, check=False
    )
    said = run.stderr.splitlines()
    assert run.returncode == (1 if said else 0), run.stderr
    assert all(re.match(r"[\w./-]+\.\w+(:\d+: .+|: \S+ is missing); .+", each) for each in said), run.stderr
    return said


@pytest.mark.parametrize("change", [BUTTOCK, GOUT, EASED], ids=["buttock", "gout", "eased"])
def test_a_whole_change_has_no_problem(copy: Path, change: tuple[Place, ...]) -> None:
    for place in change:
        put(copy, place)
    assert [said for command in ("ids", "words", "screens") for said in complaints(copy, command)] == []


@pytest.mark.parametrize(("change", "left_out"), OMITTED, ids=[f"{each.file}-{each.complaint}" for _, each in OMITTED])
def test_what_a_change_leaves_out_is_named(copy: Path, change: tuple[Place, ...], left_out: Place) -> None:
    for place in change:
        if place is not left_out:
            put(copy, place)
    said = complaints(copy, left_out.command)
    assert any(left_out.complaint in each for each in said), said


SLIPS = [
    (CUES, '"tip": ("Tip"', '"tip": ("Tipp"', "CUES has 'Tipp', which EVENTS lacks"),
    (DIALOGUE, '*("Clot", ', '*("Clott", ', "ANSWERED_WHEN_WARNED has 'Clott', which EVENTS"),
    (DIALOGUE, '"SafeNow", "Next"', '"SafeNow", "Nex"', "ANSWERED_WHEN_UNSAFE has 'Nex', which"),
    (SIGNS, '"FeverSign", "SomethingWrong"', '"FeverSing", "SomethingWrong"', "SIGNS has 'FeverSing', which"),
    (SIGNS, '{"NoSign", "NotNow"', '{"NoSign", "NotNo"', "NO_SIGN has 'NotNo', which EVENTS"),
    (SIGNS, 'event.name == "Better"', 'event.name == "Bettter"', "event.name has 'Bettter', which"),
    (SIGNS, '"jaw": "JawSign"', '"jaws": "JawSign"', "Muscle has 'jaw', which MUSCLES lacks"),
    (SIGNS, '("jaw", "throat", "face")', '("jaws", "throat", "face")', "OF_PART has 'jaws', which"),
    (SIGNS, '"tea_colored", "odd_color"', '"tea_color", "odd_color"', "OF_A_THING has 'tea_color'"),
    (SIGNS, '"symptom_two", "circumst', '"symptom_too", "circumst', "PARTS has 'symptom_too'"),
    (TRIAGE, '"part_two", "muscle")', '"part_2", "muscle")', "COLUMNS has 'part_2', which [slots]"),
    (DOCTOR, 'slots.get("frequency"', 'slots.get("frequenzy"', "has 'frequenzy', which [slots]"),
    (DOCTOR, '"month": 1.0, ', "", "Period has 'month', which TIMES_A_MONTH lacks"),
    (DOCTOR, ', "seldom"), "often.none"', '), "often.none"', "Frequency has 'seldom', which FREQUENCIES"),
    (CONDITIONS, '"baby": "small', '"babe": "small', "Who has 'baby', which WHO lacks"),
    (CONDITIONS, '"diabetes": ("no_heat",)', '"diabetes": ("no_hot",)', "'no_hot', which FLAGS"),
    (ANSWERS, '"pickle_juice",', '"pickles",', "DOSED has 'pickles', which Topic lacks"),
    (RELIEF, '"toes": "foot"', '"toe": "foot"', "MUSCLE_OF has 'toe', which Part lacks"),
    ("lambda/cramp_coach/handlers/reading.py", '"age", "dur', '"dur', "has 'age', which BUILT_IN lacks"),
    ("lambda/cramp_coach/handlers/reading.py", "(1, 4)", "(1, 5)", "of version 1.4, and DOCUMENT_VERSION is 1.5"),
    ("lambda/cramp_coach/handlers/tasks.py", '("sitting", "lying")', '("sitting",)', "'lying', which BedtimeStretch"),
    ("lambda/cramp_coach/screens/__init__.py", ', "SomethingWrong"})', "})", "'SomethingWrong', which TOUCHES lacks"),
    ("lambda/cramp_coach/screens/lines.toml", '"unsafe" = [', '"unsave" = [', "Place has 'unsafe', which [buttons]"),
    ("lambda/cramp_coach/speech.py", '"85%", "70%"', '"85%"', "RATES has 2 levels, and LEVELS"),
    ("lambda/cramp_coach/speech.py", "0.85, 0.7)", "0.85, 0.75)", "0.75 is not the pace of '70%'"),
    (CONTRACT, 'Muscle = ["chest", "jaw", ', 'Muscle = ["chest", ', "OF_MUSCLE has 'jaw', which Muscle lacks"),
    (ANSWERS, '("relief", "stuck") and "dur', '("relief", "stukc") and "dur', "has 'stukc', which Place"),
    (DIALOGUE, '("let_go", "where")', '("let_go", "were")', "state.asked has 'were', which Cue"),
    # what is only found by playing it
    (SIGNS, 'f"sign.{name}"', 'f"signs.{name}"', "signs.toml: signs.ChestSign is missing"),
    (ANSWERS, 'slots.get("condition", "")', 'slots["condition"]', "KeyError ('condition') answers"),
]


@pytest.mark.parametrize(("file", "old", "new", "complaint"), SLIPS, ids=[slip[3] for slip in SLIPS])
def test_a_slip_is_named(copy: Path, file: str, old: str, new: str, complaint: str) -> None:
    put(copy, Place(file, old, new))
    said = complaints(copy, "ids")
    assert any(complaint in each for each in said), said


def test_a_words_file_that_is_gone_is_named(copy: Path) -> None:
    (copy / WORDS / "goodbye.toml").unlink()
    (said,) = complaints(copy, "words")  # once for all of its lines
    assert re.fullmatch(rf"{WORDS}/goodbye\.toml: goodbye\.\w+ is missing; add the line, or restore the file", said)
    assert f"{WORDS}/goodbye.toml: goodbye.stop is missing; add the line" in complaints(copy, "ids")


def test_a_cue_that_asks_nothing_is_named(copy: Path) -> None:
    put(copy, Place(f"{WORDS}/cue.toml", "Want a tip?", "There are tips."))
    (said,) = complaints(copy, "words")
    assert re.fullmatch(rf"{WORDS}/cue\.toml:\d+: cue\.tip: say asks nothing, .+; end it with a question", said)

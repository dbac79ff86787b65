"""The model tools: what they make is what Amazon takes, and what they refuse they refuse in one line.

That the sources as they are have no problem is seen by `make check`, which is part of `make test`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData

from cramp_coach.conversation import EVENTS
from cramp_coach.words import default_language
from simulator.model import MODELS, locales
from tests.conftest import changed
from tools.errors import found_by
from tools.models import checks, compiler
from tools.models.__main__ import main
from tools.models.sources import SOURCES, Language, folders, read_contract, read_head, read_language, read_languages

Edit = Callable[[Path], object]


def thinned(folder: Path) -> Path:
    """A copy of the English sources to spoil, with one template an intent, so that a check takes no time."""
    others = [path.parent.name for path in SOURCES.glob("*/language.toml") if path.parent.name != default_language()]
    copy = Path(shutil.copytree(SOURCES, folder / "interaction-models", ignore=shutil.ignore_patterns(*others)))
    for path in (copy / "en/intents").glob("*.toml"):
        first_only = re.sub(r"(templates = \[\n(?:  #.*\n)*  .*\n)(?:.*\n)*?\]", r"\1]", path.read_text())
        path.write_text(first_only)
    return copy


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Sources to spoil."""
    return thinned(tmp_path)


def complaints(sources: Path) -> list[str]:
    """What the tools say about these sources, as they print it."""
    found = found_by(lambda: checks.check_all(read_contract(sources), folders(sources)))
    return [str(problem) for problem in found]


def append(file: str, text: str) -> Edit:
    def edit(sources: Path) -> None:
        (sources / file).write_text((sources / file).read_text() + text)

    return edit


def replace(file: str, old: str, new: str) -> Edit:
    return lambda sources: changed(sources / file, old, new)


def without(intent: str, file: str = "en/intents/steering.toml") -> Edit:
    """Delete an intent's templates."""

    def edit(sources: Path) -> None:
        text, count = re.subn(rf"\[{intent}\]\ntemplates = \[\n.*\n\]\n", "", (sources / file).read_text())
        assert count == 1
        (sources / file).write_text(text)

    return edit


def both(*edits: Edit) -> Edit:
    def edit(sources: Path) -> None:
        for each in edits:
            each(sources)

    return edit


def template(text: str, intent: str = "SlowerIntent") -> Edit:
    """Add one template to an intent."""
    file = {"NotBetterIntent": "relief", "TopicIntent": "questions"}.get(intent, "steering")
    header = f"[{intent}]\ntemplates = [\n"
    return replace(f"en/intents/{file}.toml", header, f'{header}  "{text}",\n')


STEERING = r"en/intents/steering\.toml:\d+: "


# What is wrong beside each other: all of it is in one copy, which is checked once.
PROBLEMS: list[tuple[Edit, str]] = [
    (
        template("this is making it hurt more"),
        r"en/intents/\w+\.toml:\d+: .*SlowerIntent.* at .*:\d+, in .*Intent.*; keep it",
    ),
    (
        both(template("{muscle}", "NotBetterIntent"), template("calf")),
        r"en/intents/\w+\.toml:\d+: 'calf' is in .*; keep it",
    ),
    (
        both(template("does {topic} work", "TopicIntent"), template("does magnesium work")),
        r"'does magnesium work' is in SlowerIntent and, .* in TopicIntent; keep it",
    ),
    (
        both(
            replace("en/slots.toml", '"soap"', '"soap", "calf"'),
            template("{topic}", "TopicIntent"),
            template("{muscle}", "NotBetterIntent"),
        ),
        r"'\{(topic|muscle)\}' is in \w+ and, .* in \w+; keep it",
    ),
    (
        both(
            replace("en/slots.toml", '"soap"', '"soap", "soap on my calf"'),
            template("{topic}", "TopicIntent"),
            template("soap on my {muscle}", "NotBetterIntent"),
        ),
        r"'soap on my \{muscle\}' is in NotBetterIntent and, .* in TopicIntent; keep it",
    ),
    (template("help me"), STEERING + r"'help me' in SlowerIntent shadows .*AMAZON.HelpIntent; drop it"),
    (template("slow down 2 times"), STEERING + r".*'2', which Amazon refuses; spell"),
    (template("slow down, please"), STEERING + r".*',', which Amazon refuses; spell"),
    (template("[rarely]"), STEERING + r"an empty sample; "),
    (
        template("it's finally <gone>", "NotBetterIntent"),
        r"NotBetterIntent uses <gone>, which means the opposite; move",
    ),
    (
        template("tell me about remedies", "TopicIntent"),
        r"TopicIntent fills none of its needed slots \(topic\); put",
    ),
    (template("slow " * 50), STEERING + r".*samples of more than 200 characters; shorten"),
    (
        template("(my|the|his|her) (leg|calf|ankle|foot|thigh|knee) (is|looks|feels) (numb|swollen|blue|red)"),
        STEERING + r"'.*' of SlowerIntent is taken for \w+Intent; split the template",
    ),
    (template("quite a bit less speed"), STEERING + r"no test utterance reaches 'quite a bit less speed'; add one"),
    (append("en/rules.toml", 'spare = "never used"\n'), r"en/rules\.toml:\d+: no template uses <spare>; delete"),
    (
        replace("en/slots.toml", '"shins"', '"calf"'),
        r"en/slots\.toml:\d+: 'calf' means calf and shin in Muscle; keep",
    ),
    (
        replace("en/slots.toml", '"hamstrings"', '"ham,strings"'),
        r"en/slots\.toml:\d+: 'ham,strings' has ',', which Amazon refuses; spell",
    ),
    (
        replace("en/slots.toml", '"quads"', f'"{"quad " * 30}"'),
        r"en/slots\.toml:\d+: 'quadriceps' has words of more than 140 characters; shorten",
    ),
    (without("ThanksIntent"), r"contract\.toml:\d+: ThanksIntent has no templates in en; add some to en/intents/"),
    (
        append("contract.toml", "\n[intents.DanceIntent]\n"),
        r"contract\.toml:\d+: DanceIntent has no handler; add 'Dance'",
    ),
    (
        replace("contract.toml", 'example = "slower"', 'example = "it is gone"'),
        r"contract\.toml:\d+: the example 'it is gone' of SlowerIntent is taken for \w+Intent",
    ),
]

# What stops the reading, each in a copy of its own.
STOPS: list[tuple[Edit, str]] = [
    (template("go <nowhere>"), STEERING + r".*nowhere.*; add it to en/rules.toml"),
    (template("slow my {elbow}"), STEERING + r"SlowerIntent has no slot 'elbow'; declare it"),
    (template("slow (down"), STEERING + r".*; close what"),
    (
        template("(a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e) (a|b|c|d|e)"),
        STEERING + r".*makes more than \d+ samples",
    ),
    (
        append("en/intents/steering.toml", '\n[DanceIntent]\ntemplates = ["dance"]\n'),
        STEERING + r"unknown intent DanceIntent",
    ),
    (append("en/intents/steering.toml", "\nnot toml\n"), STEERING + r"not TOML: .*; fix"),
    (append("en/rules.toml", 'loop = "a <loop>"\n'), r"en/rules\.toml:\d+: a rule uses itself; break"),
    (append("en/slots.toml", '\n[Mood]\ngood = ["good"]\n'), r"en/slots\.toml:\d+: unknown slot type Mood; add"),
    (replace("en/slots.toml", "shin = [", "elbow = ["), r"en/slots\.toml:\d+: Muscle has no value 'elbow'; add"),
    (
        append("contract.toml", '\n[intents.DanceIntent]\nslots = ["step"]\n'),
        r"contract\.toml:\d+: .*unknown slot 'step'",
    ),
    (
        replace("contract.toml", 'muscle = "Muscle"', 'muscle = "Sinew"'),
        r"contract\.toml:\d+: .*unknown type Sinew",
    ),
    (replace("contract.toml", "[intents.WorseIntent]", "[intents.WorstIntent]"), r"unknown intent WorseIntent"),
    (lambda sources: (sources / "en/locales/en-IN.toml").rename(sources / "en/locales/en-ZA.toml"), r"no locale en-ZA"),
    (lambda sources: (sources / "en/rules.toml").unlink(), r"en/rules\.toml: file is missing; restore"),
    (lambda sources: (sources / "en/rules.toml").write_bytes(b'a = "x"\nb = "\xff"\n'), r"rules\.toml:2: not UTF-8"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said about sources with every one of the problems."""
    sources = thinned(tmp_path_factory.mktemp("spoiled"))
    for edit, _ in PROBLEMS:
        edit(sources)
    return complaints(sources)


@pytest.mark.parametrize("complaint", [complaint for _, complaint in PROBLEMS])
def test_what_is_wrong_is_named_with_file_line_and_fix(found: list[str], complaint: str) -> None:
    assert any(re.search(complaint, line) for line in found), found
    assert all("\n" not in line for line in found)


def test_nothing_is_wrong_with_sources_that_are_only_thinned(sources: Path) -> None:
    """Else a complaint might be of what was left out, and not of what was spoiled."""
    known = complaints(sources)
    assert [line for line in known if any(re.search(complaint, line) for _, complaint in PROBLEMS)] == []


@pytest.mark.parametrize(("edit", "complaint"), STOPS)
def test_what_cannot_be_read_is_one_line(sources: Path, edit: Edit, complaint: str) -> None:
    edit(sources)
    (line,) = complaints(sources)
    assert re.search(complaint, line) and "\n" not in line, line


def test_what_grew_past_a_budget_is_named(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template("(one|two|three|four) steps (slower|back)")(sources)
    contract = read_contract(sources)
    language = read_language(contract, sources / contract.examples)
    assert list(checks.budgets(contract, language)) == []
    monkeypatch.setattr(checks, "MAX_SAMPLES", 100)
    monkeypatch.setattr(checks, "MAX_BYTES", 1000)
    monkeypatch.setattr(checks, "MAX_SAMPLES_OF_INTENT", 7)
    found = [str(problem) for problem in checks.budgets(contract, language)]
    for complaint in (
        STEERING + r"SlowerIntent has \d+ samples in en-\w+, more than 7; make slots",
        r"en/language\.toml: the model of en-\w+ has \d+ samples, more than 100; start with the largest intents",
        r"en/language\.toml: the model of en-\w+ has \d+ bytes, more than 1000; start with the largest",
    ):
        assert sum(bool(re.search(complaint, line)) for line in found) == 1, found


def test_what_amazon_would_not_take_is_named(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = read_contract(sources)
    language = read_language(contract, sources / contract.examples)
    monkeypatch.setattr(checks, "MAX_INTENTS", 10)
    monkeypatch.setattr(checks, "MAX_VALUES", 10)
    found = [*map(str, checks.intents_and_handlers(contract)), *map(str, checks.limits(language))]
    assert any(re.search(r"contract\.toml: \d+ intents; Amazon takes 10: merge some", line) for line in found), found
    assert any(re.search(r"en/slots\.toml:\d+: Muscle has \d+ words; keep 10", line) for line in found), found


def test_a_handler_without_intent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVENTS, "Dance", EVENTS["Next"])
    assert any(
        "event Dance has no intent; add it" in line for line in map(str, checks.intents_and_handlers(read_contract()))
    )


@pytest.fixture(scope="module")
def english() -> Language:
    """The English sentences, which take seconds to read."""
    contract = read_contract()
    return read_language(contract, SOURCES / contract.examples)


def test_drift_and_stale_locales_are_named(english: Language, tmp_path: Path) -> None:
    others = shutil.ignore_patterns("es*", "de*")
    folder = Path(shutil.copytree(MODELS, tmp_path / "custom", ignore=others))
    (folder / "en-US.json").write_text((folder / "en-US.json").read_text().replace('"slower"', '"slowest"'))
    (folder / "en-GB.json").unlink()
    (folder / "en-ZA.json").write_text("{}")
    lexicon = Path(shutil.copytree(compiler.LEXICON, tmp_path / "lexicon", ignore=others))
    (lexicon / "en.json").write_text((lexicon / "en.json").read_text().replace('"calves"', '"calfs"'))
    found = [str(problem) for problem in checks.drift(read_contract(), [english], folder, lexicon)]
    assert len(found) == 4
    for complaint in (
        r"en-US\.json:\d+: .*; run make models",
        r"en-GB\.json: .*missing",
        r"en-ZA\.json: .*; run make models",
        r"lexicon/en\.json:\d+: .*; run make models",
    ):
        assert any(re.search(complaint, line) for line in found), found


def test_building_removes_stale_files_and_changes_nothing_twice(english: Language, tmp_path: Path) -> None:
    texts = compiler.compile_all(read_contract(), [english])
    (tmp_path / "en-ZA.json").write_text("{}")
    assert set(compiler.write_all(texts, tmp_path)) == {"en-ZA.json", *(f"{locale}.json" for locale in texts)}
    assert compiler.write_all(texts, tmp_path) == []


def test_a_broken_source_leaves_the_models_as_they_were(
    sources: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in MODELS.glob("*.json")}
    template("slow (down")(sources)
    monkeypatch.setattr("tools.models.__main__.read_contract", lambda: read_contract(sources))
    monkeypatch.setattr("tools.models.__main__.read_languages", lambda contract: read_languages(contract, sources))
    assert main(["build"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in MODELS.glob("*.json")} == before


@pytest.mark.parametrize("locale", locales())
def test_the_compiled_model_is_what_amazon_parses(locale: str) -> None:
    text = (MODELS / f"{locale}.json").read_text(encoding="utf-8")
    parsed: Any = DefaultSerializer().deserialize(text, InteractionModelData)
    language_model = parsed.interaction_model.language_model
    language = read_head(SOURCES / locale.partition("-")[0])
    assert language_model.invocation_name == language.invocation_name
    assert {intent.name for intent in language_model.intents} == set(read_contract().intents)
    for kind in language_model.types:
        for value in kind.values:
            assert value.id and value.name.value

"""The dialogs and utterances in Amazon's formats, and a recorded replay as a dialog test."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cramp_coach.words import default_language
from simulator.alexa import Alexa
from simulator.replay import QUIT, Replay, ReplayError, read_replay
from simulator.skill import local_skill
from simulator.smapi.nlu import write_csv
from simulator.ssml import words
from tools import exports
from tools.cases import dialogs, utterances


def few_utterances() -> list[tuple[str, str, str, dict[str, str]]]:
    """The first sixty in the default language, whatever languages come before it."""
    return [case for case in utterances() if case[0] == default_language()][:60]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A handful of dialogs and utterances: exporting all takes a minute."""
    monkeypatch.setattr(exports, "dialogs", lambda: [dialog for dialog in dialogs() if dialog.path.stem == "calf"])
    monkeypatch.setattr(exports, "utterances", few_utterances)
    for cached in (exports._playable, exports._annotated):
        cached.cache_clear()
    yield
    for cached in (exports._playable, exports._annotated):
        cached.cache_clear()


def test_a_dialog_becomes_a_replay_that_ends_and_that_a_closed_session_understands() -> None:
    found = dict(exports.replays("en-GB"))
    bare = found["calf-a-bare-sentence-opens-the-session-with-the-step"]
    assert bare.lines[0] == "ask cramp coach my calf is cramping"
    document = json.loads(bare.to_json())
    assert (document["locale"], document["type"], document["userInput"][-1]) == ("en-GB", "text", QUIT)
    assert all(line.strip() for line in document["userInput"])


def test_silence_has_no_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [dialog for dialog in dialogs() if any(turn.get("silence") for turn in dialog.turns)]
    assert silent
    monkeypatch.setattr(exports, "dialogs", lambda: silent)
    assert list(exports.replays("en-US")) == []


def test_a_replay_says_what_its_dialog_says() -> None:
    name, replay = next(exports.replays("en-US"))
    wanted = (default_language(), "open, can't stand, not yet, again, gone, thanks")
    dialog = next(dialog for dialog in dialogs() if (dialog.path.parent.name, dialog.name) == wanted)
    assert name == "calf-open-cant-stand-not-yet-again-gone-thanks"
    assert replay.lines == [turn["you"] for turn in dialog.turns]


def test_annotations_in_json_and_csv_say_the_same() -> None:
    rows = exports.annotation_set("en-AU")
    assert len(rows) == len(few_utterances())
    table = list(csv.DictReader(io.StringIO(write_csv(rows))))
    for row, line in zip(rows, table, strict=True):
        intent = row["expected"][0]["intent"]
        assert (line["utterance"], line["intent"]) == (row["inputs"]["utterance"], intent["name"])
        slots = {key[5:-1]: value for key, value in line.items() if key.startswith("slot[") and value}
        assert slots == {name: slot["value"] for name, slot in intent.get("slots", {}).items()}


def test_a_locale_has_its_languages_utterances_and_its_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [case for case in utterances() if case[0] == "en-IN"]
    assert own
    monkeypatch.setattr(exports, "utterances", lambda: own)
    assert len(exports.annotation_set("en-IN")) == len(own)
    assert exports.annotation_set("en-US") == []


def test_everything_is_written_for_every_locale(tmp_path: Path) -> None:
    exports.build(tmp_path)
    for locale in ("en-US", "en-GB", "en-CA", "en-AU", "en-IN"):
        assert json.loads((tmp_path / locale / "annotations.json").read_text())["data"]
        assert (tmp_path / locale / "annotations.csv").read_text().startswith("utterance,referenceTimestamp,intent")
        assert read_replay(next((tmp_path / locale / "replays").glob("*.json"))).locale == locale


def test_a_recorded_replay_becomes_a_dialog_test() -> None:
    lines = ["open cramp coach", 'the "knot" is still there', "it's gone", "no thanks"]
    (dialog,) = tomllib.loads(exports.as_dialog(Replay("en-GB", lines), "recorded"))["dialog"]
    assert (dialog["name"], dialog["locale"]) == ("recorded", "en-GB")
    alexa = Alexa(local_skill(), "en-GB")
    for turn, line in zip(dialog["turn"], lines, strict=True):
        exchange = alexa.hear(line)
        assert turn["you"] == line
        assert words(exchange.speech).startswith(turn["alexa"][0].removeprefix("^"))
        assert turn.get("ends", False) != exchange.open


def test_a_replay_with_a_byte_order_mark_is_read_past_it(tmp_path: Path) -> None:
    path = tmp_path / "replay.json"
    path.write_text(Replay("en-US", ["open cramp coach"]).to_json(), encoding="utf-8-sig")
    assert read_replay(path).lines == ["open cramp coach"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"not json", "not JSON in UTF-8; record"),
        (b"\xff\xfe", "not JSON in UTF-8; record"),
        (b"[" * 100_000, "not JSON in UTF-8; record"),
        (b"[]", "no replay; it must be"),
        (b'{"userInput": ["next"]}', "no locale; add"),
        (b'{"locale": "en-US"}', "userInput must be a list"),
        (b'{"locale": "en-US", "userInput": ["next", " "]}', "none of them blank"),
        (b'{"locale": "en-US", "userInput": [1]}', "userInput must be a list"),
    ],
)
def test_what_is_no_replay_is_refused_in_a_line(
    text: bytes, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(text)
    with pytest.raises(ReplayError, match=complaint):
        read_replay(path)
    assert exports.main(["dialog", str(path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_neither_is_a_file_that_is_not_there_nor_a_locale_without_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exports.main(["dialog", str(tmp_path / "none.json")]) == 1
    (tmp_path / "fr.json").write_text('{"locale": "fr-FR", "userInput": ["bonjour"]}')
    assert exports.main(["dialog", str(tmp_path / "fr.json")]) == 1
    assert "no interaction model for locale 'fr-FR'" in capsys.readouterr().err

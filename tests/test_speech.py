"""How it sounds: every answer that can be reached keeps the rules of docs/design.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cramp_coach import speech
from cramp_coach.conversation import Event, State, Turn, respond
from cramp_coach.conversation.cues import CUES
from cramp_coach.words import Words, default_language, languages, words_for
from simulator import ssml
from simulator.limits import MAX_BREAK, MAX_SPEECH
from tests.conversations import WORDS, reachable_turns
from tools.bench import voice
from tools.languages import checked
from tools.models.sources import first_locale
from tools.words import MAX_WORDS, counted_words, kind_of

ENGLISH = checked(default_language())
LOCALES = [first_locale(language) for language in languages()]
MAX_WORDS_FIRST = 25  # the instruction itself, on launch
MIN_COACHING = 60  # seconds for someone who never speaks


@cache
def spoken(locale: str) -> list[tuple[Turn, speech.Speech]]:
    """Every different answer once."""
    turns = {(*turn.say, turn.ask, *turn.reprompt): turn for _, turn in reachable_turns()}
    return [(turn, speech.render(turn, words_for(locale))) for turn in turns.values()]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_is_ssml_within_the_limits(locale: str) -> None:
    for turn, said in spoken(locale):
        for document in filter(None, said):
            assert len(document) < MAX_SPEECH
            assert all(item.pause <= MAX_BREAK for item in ssml.spoken(document))
        assert (said.reprompt is None) == (not turn.ask)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_fits_one_breath_and_reads_easily(locale: str) -> None:
    wrong = set()
    language = checked(locale.partition("-")[0])
    for turn, said in spoken(locale):
        kind = kind_of(turn.say)
        for document in filter(None, said):
            count, hard = counted_words(document, language.name), language.too_hard([ssml.words(document)], kind)
            if count > MAX_WORDS[kind] or hard:
                wrong.add(f"{turn.say}: {count} words, {hard}: {ssml.words(document)}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_cue_comes_last_and_a_closing_asks_nothing(locale: str) -> None:
    for turn, said in spoken(locale):
        if said.reprompt is None:
            assert "?" not in said.ssml, turn.say
        else:
            assert ssml.words(said.ssml).endswith("?"), turn.say
            assert ssml.words(said.reprompt).endswith("?"), turn.say
            assert said.reprompt != said.ssml, turn.say


def test_a_launch_begins_with_the_verb_of_the_step() -> None:
    words = ssml.words(speech.render(respond(State(), Event("Launch"), WORDS), WORDS).ssml)
    assert words.split()[0] == "Stand"
    assert len(words.split(". ")[0].split()) <= MAX_WORDS_FIRST


def test_a_silent_session_is_a_minute_of_coaching() -> None:
    said = speech.render(respond(State(), Event("Launch"), WORDS), WORDS)
    assert said.reprompt
    assert ssml.silence_seconds(said.ssml) + ssml.silence_seconds(said.reprompt) >= MIN_COACHING


@pytest.mark.parametrize(
    ("state", "rate", "volume"),
    [
        (State(), None, None),
        (State(slow=1), "85%", None),
        (State(slow=2), "70%", None),
        (State(soft=1), None, "soft"),
        (State(soft=2, slow=1), "85%", "x-soft"),
    ],
)
def test_pace_and_voice(state: State, rate: str | None, volume: str | None) -> None:
    root = ssml.parse_ssml(speech.render(respond(state, Event("Launch"), WORDS), WORDS).ssml)
    prosody = root.find("prosody")
    found = (prosody.get("rate"), prosody.get("volume")) if prosody is not None else (None, None)
    assert found == (rate, volume)


@pytest.mark.parametrize(("long", "seconds"), [(0, 25), (1, 34), (2, 45)])  # five of them are for getting up
def test_longer_holds(long: int, seconds: int) -> None:
    turn = respond(State(long=long), Event("Launch"), WORDS)
    assert ssml.silence_seconds(speech.render(turn, WORDS).ssml) == pytest.approx(seconds, abs=1)


def test_a_hold_begins_when_the_voice_gets_there(tmp_path: Path) -> None:
    (tmp_path / "calf.toml").write_text('[1]\nsay = "One two, three. {rest 3} Hold. {hold 8} And on. {hold 2} Off."')
    estimated = speech.hold_span(("calf.1",), State(), Words(str(tmp_path)))
    assert estimated and estimated == pytest.approx((4 / 2.5 + 3, 10 + 2 / 2.5))
    (tmp_path / "voice.json").write_text('{"One two, three.": 7, "Hold.": 0.5, "And on.": 1.5}')
    assert speech.hold_span(("calf.1",), State(), Words(str(tmp_path))) == (10.5, 11.5)
    slower = speech.hold_span(("calf.1",), State(slow=2), Words(str(tmp_path)))
    assert slower == pytest.approx((7.5 / 0.7 + 3, 10 + 1.5 / 0.7))


def test_the_voice_is_timed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(voice, "seconds", lambda text, language: 0.5 * len(text.split()))
    assert voice.measured(ENGLISH.name)["Nearly there."] == 1.0
    first = next(step for step in voice.steps(ENGLISH.name) if step.ref == "calf.standing.1")
    assert first.instruction < first.hold and first.holding > 20
    monkeypatch.setenv("PATH", "")
    voice.report()
    assert "not measured, espeak-ng is missing" in capsys.readouterr().out
    assert voice.main() == 1
    assert "espeak-ng is missing: install it" in capsys.readouterr().err


def test_markup_in_words_is_escaped() -> None:
    class Sharp:
        def __getitem__(self, ref: str) -> str:
            return 'Ice & "heat" < 20 > {hold 8} it\'s'

    turn = Turn(State(), ("any",), (), "again")
    said = speech.render(turn, Sharp())  # type: ignore[arg-type]
    assert 'Ice & "heat" < 20 >' in ssml.words(said.ssml)


def test_plain_text_has_no_pauses() -> None:
    text = speech.plain("other.2", State(muscle="hamstring"), WORDS)
    assert "back of the thigh" in text
    assert "{" not in text and "  " not in text and "<" not in text


def test_every_cue_has_words() -> None:
    for cue in CUES:
        assert f"cue.{cue}" in WORDS and f"cue.{cue}#reprompt" in WORDS

"""The simulator itself: Alexa's rules for sessions and responses, and the front end in the terminal."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from simulator.__main__ import main
from simulator.alexa import ENDINGS, Alexa
from simulator.devices import APL, DEVICES, UnknownDeviceError
from simulator.limits import problems
from simulator.ssml import SsmlError, transcript
from simulator.terminal import converse
from tools.errors import ROOT


def speak(
    ssml: str, ends: bool | None = False, reprompt: str | None = "<speak>Well?</speak>", **more: Any
) -> dict[str, Any]:
    response: dict[str, Any] = {"outputSpeech": {"type": "SSML", "ssml": ssml}, "shouldEndSession": ends, **more}
    if reprompt:
        response["reprompt"] = {"outputSpeech": {"type": "SSML", "ssml": reprompt}}
    return {"version": "1.0", "response": response}


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (None, "no response object"),
        ({"version": "1.0"}, "no response object"),
        ({"version": "1.0", "response": {"outputSpeech": "Hm?"}}, "outputSpeech is not an object"),
        ({"version": "1.0", "response": {"reprompt": "Well?"}}, "reprompt is not an object"),
        (speak("<speak>Hm?</speak>", card="Hm"), "the card is not an object with texts"),
        (speak("<speak>Hm?</speak>", card={"title": 5}), "the card is not an object with texts"),
        (speak("<speak>Hm?</speak>", directives=[{}]), "directives is not a list of objects with a type"),
        (speak("<speak>Hm?</speak>", directives={"a": 1}), "directives is not a list of objects with a type"),
        ({**speak("<speak>Hm?</speak>"), "sessionAttributes": "x"}, "sessionAttributes is not an object"),
        ({**speak("<speak>Hm?</speak>"), "sessionAttributes": {"x": float("nan")}}, "not JSON"),
        ({"version": "2.0", "response": {"shouldEndSession": True}}, "version"),
        (speak("<speak>" + "x" * 8000 + "?</speak>"), "characters"),
        (speak("<speak>Hm?</speak>", card={"title": "t", "content": "x" * 8000}), "the card"),
        ({**speak("<speak>Hm?</speak>"), "sessionAttributes": {"x": "y" * 25000}}, "bytes"),
        (speak("<speak>Fish & chips?</speak>"), "not well-formed"),
        (speak("<speak>Hm?"), "not well-formed"),
        (speak("<p>Hm?</p>"), "the root"),
        (speak("<speak><marquee>Hm?</marquee></speak>"), "<marquee>"),
        (speak('<speak>Hm <break time="11s"/>?</speak>'), "a break"),
        (speak('<speak>Hm <break time="long"/>?</speak>'), "no time"),
        (speak("<speak>Hm?</speak>", reprompt="<speak>Fish & chips?</speak>"), "reprompt: not well-formed"),
        (speak("<speak>That's it.</speak>"), "nothing was asked"),
        (speak("<speak>Hm?</speak>", reprompt=None), "without a reprompt"),
        (speak("<speak>Hm?</speak>", reprompt="<speak>Well.</speak>"), "the reprompt asks nothing"),
        (speak("<speak>Hm?</speak>", ends=True, reprompt=None), "but the session closes"),
        (speak("<speak>Bye.</speak>", ends=True), "a reprompt, but"),
        (speak("<speak>Hm?</speak>", ends=None), "shouldEndSession is not set"),
    ],
)
def test_what_alexa_would_refuse(response: Any, reason: str) -> None:
    assert any(reason in problem for problem in problems(response)), problems(response)


@pytest.mark.parametrize(
    "response",
    [
        speak("<speak>Shall we?</speak>"),
        speak('<speak>Hold. <break time="10s"/> <amazon:effect name="whispered">Again?</amazon:effect></speak>'),
        speak("<speak>Say next when it eases.</speak>"),
        speak("<speak>Rest well.</speak>", ends=True, reprompt=None),
        {
            "version": "1.0",
            "response": {"outputSpeech": {"type": "PlainText", "text": "Bye & good night."}, "shouldEndSession": True},
        },
    ],
)
def test_what_alexa_takes(response: Any) -> None:
    assert problems(response) == []


def test_pauses_are_shown() -> None:
    assert transcript(
        '<speak>Hold. <break time="10s"/> Ease <break time="500ms"/> off. <break time="1s"/></speak>'
    ) == ("Hold. (10 seconds) Ease (0.5 seconds) off. (1 second)")
    with pytest.raises(SsmlError):
        transcript("<speak>Fish & chips</speak>")


class Recorder:
    """A skill that keeps what it was sent."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[dict[str, Any]] = []

    def __call__(self, envelope: dict[str, Any]) -> Any:
        self.requests.append(envelope)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


OPEN = {**speak("<speak>Well?</speak>"), "sessionAttributes": {"round": 1}}
CLOSED = speak("<speak>Bye.</speak>", ends=True, reprompt=None)
SILENT = {"version": "1.0", "response": {}}


def test_a_session_keeps_its_attributes_until_it_ends() -> None:
    skill = Recorder(OPEN, OPEN, CLOSED, OPEN)
    alexa = Alexa(skill)
    for utterance in ("open cramp coach", "next", "stop", "next"):
        alexa.hear(utterance)
    sessions = [request["session"] for request in skill.requests]
    assert [session["new"] for session in sessions] == [True, False, False, True]
    assert [session["attributes"] for session in sessions] == [{}, {"round": 1}, {"round": 1}, {}]
    assert len({session["sessionId"] for session in sessions}) == 2
    assert len({session["user"]["userId"] for session in sessions}) == 1


def test_silence_brings_the_reprompt_and_then_the_end() -> None:
    skill = Recorder(OPEN, SILENT)
    alexa = Alexa(skill)
    assert not alexa.stay_silent().open
    alexa.hear("open cramp coach")
    assert alexa.stay_silent().speech == "<speak>Well?</speak>"
    assert len(skill.requests) == 1
    ended = alexa.stay_silent()
    assert (ended.open, ended.ended) == (False, "EXCEEDED_MAX_REPROMPTS")
    assert skill.requests[-1]["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"


def test_an_answer_after_the_reprompt_starts_the_wait_anew() -> None:
    alexa = Alexa(Recorder(OPEN))
    alexa.hear("open cramp coach")
    alexa.stay_silent()
    alexa.hear("next")
    assert alexa.stay_silent().speech == "<speak>Well?</speak>"


@pytest.mark.parametrize("broken", [RuntimeError("no"), None, speak("<speak>Fish & chips?</speak>")])
def test_a_skill_that_fails_ends_the_session_with_the_reason(broken: Any) -> None:
    alexa = Alexa(Recorder(OPEN, broken))
    alexa.hear("open cramp coach")
    exchange = alexa.hear("next")
    assert exchange.refused and exchange.ended == "ERROR" and not alexa.listening


@pytest.mark.parametrize(
    ("utterance", "request_type", "intent"),
    [
        ("open cramp coach", "LaunchRequest", None),
        ("Alexa, open Cramp Coach.", "LaunchRequest", None),
        ("alexa launch cramp coach please", "LaunchRequest", None),
        ("cramp coach", "LaunchRequest", None),
        ("ask cramp coach to help my calf", "IntentRequest", "CrampHelpIntent"),
        ("ask cramp coach for a tip", "IntentRequest", "TipIntent"),
        ("tell cramp coach that my foot is cramping", "IntentRequest", "CrampNowIntent"),
        ("open cramp coach and help my calf", "IntentRequest", "CrampHelpIntent"),
        ("alexa next", "IntentRequest", "AMAZON.NextIntent"),
        ("tell me again", "IntentRequest", "RepeatIntent"),
        ("stop", "IntentRequest", "AMAZON.StopIntent"),
    ],
)
def test_ways_to_call(utterance: str, request_type: str, intent: str | None) -> None:
    skill = Recorder(OPEN)
    Alexa(skill).hear(utterance)
    request = skill.requests[0]["request"]
    assert (request["type"], request.get("intent", {}).get("name")) == (request_type, intent)


def test_slots_come_with_their_resolution() -> None:
    skill = Recorder(OPEN)
    Alexa(skill).hear("my left big toe is cramping")
    slot = skill.requests[0]["request"]["intent"]["slots"]["muscle"]
    assert slot["value"] == "big toe"
    authority = slot["resolutions"]["resolutionsPerAuthority"][0]
    assert authority["status"]["code"] == "ER_SUCCESS_MATCH"
    assert authority["values"][0]["value"] == {"name": "foot", "id": "foot"}


def piped(text: str, alexa: Alexa, **options: Any) -> str:
    out = io.StringIO()
    converse(alexa, io.StringIO(text), out, **options)
    return out.getvalue()


@pytest.mark.parametrize("seed", ["1", "3", "8"])
def test_two_equally_near_readings_are_chosen_between_alike_in_every_process(seed: str) -> None:
    """Sets are walked in an order that differs from process to process, and sums with the order."""
    command = [sys.executable, "-m", "simulator", "--verbose"]
    asked = "Does drinking tonic water help with nighttime leg cramps?\n"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, env=environment, check=True)
    assert "topic=tonic_water " in run.stdout


def test_a_piped_conversation_is_a_transcript(alexa: Callable[[], Alexa]) -> None:
    out = piped("my calf is cramping\nnext\n\nit's gone\nno thanks\n", alexa()).splitlines()
    assert out[0] == "You: my calf is cramping"
    assert out[1].startswith("Alexa: Stand up slowly") and "(8 seconds)" in out[1]
    assert "You: (nothing for 8 seconds)" in out
    assert out[-1] == f"(the session is over: {ENDINGS['SKILL_CLOSED']})"


def test_verbose_shows_what_was_understood(alexa: Callable[[], Alexa]) -> None:
    out = piped("open cramp coach\nmy foot is cramping\nblah blah\n", alexa(), verbose=True)
    assert "[LaunchRequest]" in out
    assert "[CrampNowIntent" in out
    assert "[AMAZON.FallbackIntent]" in out


def test_json_is_one_object_a_turn(alexa: Callable[[], Alexa]) -> None:
    lines = piped("my foot is cramping\n\n", alexa(), as_json=True).splitlines()
    first, second = map(json.loads, lines)
    assert (first["intent"], first["slots"], first["open"]) == (
        "CrampNowIntent",
        {"muscle": "foot", "cramp": "cramp"},
        True,
    )
    assert first["request"]["request"]["type"] == "IntentRequest"
    assert second["alexa"] == first["reprompt"]


def test_bad_bytes_and_endless_lines_are_not_understood_and_nothing_breaks() -> None:
    lines = b"open cramp coach\n" + b"\xff\xfe\x80\n" + b"a" * 1_000_000 + b"\n\x00\x1b[2J\nnext\n"
    run = subprocess.run([sys.executable, "-m", "simulator"], input=lines, capture_output=True, cwd=ROOT, check=True)
    out = run.stdout.decode()
    assert out.count("missed that") == 3
    assert "\x1b" not in out
    assert "Alexa: Hold the wall" in out
    assert len(out) < 10_000


def test_an_unknown_locale_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--locale", "tlh-KL"]) == 2
    assert "tlh-KL" in capsys.readouterr().err


def test_help_says_what_is_not_emulated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "not emulated" in capsys.readouterr().out


@pytest.mark.parametrize("name", DEVICES)
def test_a_request_says_what_screen_the_device_has(name: str, alexa: Callable[..., Alexa]) -> None:
    context = (alexa(device=name).hear("open cramp coach").request or {})["context"]
    screen = DEVICES[name].screen
    assert (APL in context["System"]["device"]["supportedInterfaces"]) == bool(screen)
    assert context.get("Viewport", {}).get("shape") == (screen.shape if screen else None)


def test_a_touch_is_sent_as_the_documents_own_event(alexa: Callable[..., Alexa]) -> None:
    request = (alexa(device="show-5").touch(["Next"], "a token").request or {})["request"]
    assert (request["type"], request["arguments"], request["token"]) == (f"{APL}.UserEvent", ["Next"], "a token")


def test_an_unknown_device_is_refused_by_name(alexa: Callable[..., Alexa]) -> None:
    with pytest.raises(UnknownDeviceError, match="no device 'toaster'; there are echo"):
        alexa(device="toaster")

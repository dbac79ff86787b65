"""The Lambda entry point: whatever arrives, and whatever breaks, a valid response leaves."""

from __future__ import annotations

import copy
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from ask_sdk_core.exceptions import AskSdkException
from hypothesis import given
from hypothesis import strategies as st

from cramp_coach.conversation import dialogue
from lambda_function import lambda_handler
from simulator import ssml
from simulator.limits import problems
from tests.conversations import events
from tests.test_conversation import ANY_JSON

SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
SECRET = "amzn1.ask.account.SECRETUSER"


def envelope(request: dict[str, Any], attributes: Any = None) -> dict[str, Any]:
    application = {"applicationId": SKILL_ID}
    user = {"userId": SECRET}
    common = {"requestId": "r", "timestamp": "2026-01-10T03:00:00Z", "locale": "en-US"}
    session = {"new": False, "sessionId": "s", "application": application, "user": user, "attributes": attributes or {}}
    return {
        "version": "1.0",
        "session": session,
        "context": {"System": {"application": application, "user": user, "device": {"supportedInterfaces": {}}}},
        "request": {**common, **request},
    }


def intent(name: str, slots: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "IntentRequest",
        "intent": {"name": name, "confirmationStatus": "NONE", "slots": slots or {}},
        **more,
    }


def said(response: dict[str, Any]) -> str:
    return ssml.words(response["response"]["outputSpeech"]["ssml"])


LAUNCH = {"type": "LaunchRequest"}
IN_RELIEF = {"place": "relief", "position": "lying", "round": 2, "here": ["calf.lying.2"], "asked": "again"}


def step_to(table: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The table that a path leads into, and the last of its names: of "session.attributes", the session."""
    *names, last = path.split(".")
    for name in names:
        table = table[name]
    return table, last


def changed(path: str, value: Any) -> dict[str, Any]:
    """A launch envelope with one thing changed: "session.attributes" = 3, say."""
    made = envelope(LAUNCH)
    table, last = step_to(made, path)
    if value is KeyError:
        del table[last]
    else:
        table[last] = value
    return made


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        "",
        {},
        {"request": None},
        changed("request", KeyError),
        changed("request.type", "Alexa.Something.New"),
        changed("request.type", 7),
        changed("request.locale", ["en-US"]),
        changed("session", KeyError),
        changed("session", None),
        changed("session", []),
        changed("session.attributes", "calf"),
        changed("session.attributes", {"place": ["relief"], "round": "2", "here": {}, "said": [1], "asked": 3}),
        changed("session.attributes", {"place": "diary", "round": 99, "here": ["calf.flying.1"], "version": 2}),
        changed("session.attributes", {"here": ["../../secrets.x", "calf.standing.1#sources"]}),
        changed("session.new", "perhaps"),
        changed("context", KeyError),
        changed("context.System", None),
        changed("context.System.device", {"supportedInterfaces": {"Alexa.New": {"x": 1}}}),
        envelope(intent("LaunchIntent")),
        envelope(intent("CrampNowIntent", dialogState="PONDERING")),
        envelope(intent("AMAZON.NextIntent", {"muscle": None})),
        envelope({"type": "IntentRequest"}),
        envelope({"type": "IntentRequest", "intent": "next"}),
        envelope({"type": "IntentRequest", "intent": {"name": None, "slots": []}}),
        envelope({"type": "Alexa.Presentation.APL.UserEvent", "arguments": ["?"], "source": 3}),
    ],
)
def test_malformed_requests_still_get_a_useful_step(event: Any) -> None:
    response = lambda_handler(event, None)
    assert problems(response) == []
    assert "Hold." in said(response) or "talk you through" in said(response) or "missed" in said(response)


@pytest.mark.parametrize("code", ["ER_SUCCESS_NO_MATCH", "ER_ERROR_TIMEOUT", "ER_OF_NEXT_YEAR"])
def test_a_muscle_that_is_not_on_the_list_gets_the_rule_of_opposites(code: str) -> None:
    authority = {"authority": "a", "status": {"code": code}}
    slot = {"name": "muscle", "value": "wotsit", "resolutions": {"resolutionsPerAuthority": [authority]}}
    response = lambda_handler(envelope(intent("CrampNowIntent", {"muscle": slot})), None)
    assert "away from the way your muscle is pulling" in said(response)


def test_two_resolutions_take_the_first() -> None:
    values = [{"value": {"id": "foot", "name": "foot"}}, {"value": {"id": "shin", "name": "shin"}}]
    authority = {"authority": "a", "status": {"code": "ER_SUCCESS_MATCH"}, "values": values}
    slot = {"name": "muscle", "value": "f", "resolutions": {"resolutionsPerAuthority": [authority]}}
    assert "toes back" in said(lambda_handler(envelope(intent("CrampNowIntent", {"muscle": slot})), None))


def test_a_slot_without_a_value_is_no_slot() -> None:
    response = lambda_handler(envelope(intent("CrampNowIntent", {"muscle": {"name": "muscle"}})), None)
    assert said(response).startswith("Stand up slowly")


def test_a_handler_that_breaks_goes_back_to_the_step_and_logs_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError(f"{SECRET} said their calf hurts")

    monkeypatch.setitem(dialogue.EVENTS, "Next", broken)
    response = lambda_handler(envelope(intent("AMAZON.NextIntent"), IN_RELIEF), None)
    assert problems(response) == []
    assert "toes up again" in said(response)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    line = caplog.text
    assert "IntentRequest" in line and "RuntimeError" in line
    assert SECRET not in line and "calf" not in line


def test_if_even_that_breaks_the_first_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dialogue.EVENTS["Lost"]
    calls = []

    def broken_once(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("again")
        return real(*arguments)

    def broken(*_: Any) -> Any:
        raise RuntimeError("first")

    monkeypatch.setitem(dialogue.EVENTS, "Next", broken)
    monkeypatch.setitem(dialogue.EVENTS, "Lost", broken_once)
    response = lambda_handler(envelope(intent("AMAZON.NextIntent"), IN_RELIEF), None)
    assert problems(response) == []
    assert "Stand up slowly" in said(response)


def test_only_the_skill_named_in_the_environment_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILL_ID", SKILL_ID)
    assert said(lambda_handler(envelope(LAUNCH), None)).startswith("Stand")
    foreign = copy.deepcopy(envelope(LAUNCH))
    foreign["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.somebody-else"
    for event in (foreign, {}, {"request": {"type": "Alexa.Something.New"}}):
        with pytest.raises(AskSdkException):
            lambda_handler(event, None)


@given(st.lists(st.sampled_from(events()), max_size=12))
def test_the_session_closes_if_and_only_if_nothing_was_asked(sequence: list[Any]) -> None:
    attributes: dict[str, Any] = {}
    for event in sequence:
        name = event.name if event.name != "Launch" else "AMAZON.FallbackIntent"
        slots = {key: {"name": key, "value": value} for key, value in event.slots.items()}
        response = lambda_handler(envelope(intent(f"{name}Intent", slots), attributes), None)
        assert problems(response) == []
        assert response["response"]["shouldEndSession"] == (not said(response).endswith("?"))
        attributes = response.get("sessionAttributes", {})


@given(ANY_JSON, ANY_JSON)
def test_arbitrary_json_is_answered(request: Any, session: Any) -> None:
    response = lambda_handler({"request": request, "session": session}, None)
    kind = request.get("type") if isinstance(request, dict) else ""
    assert problems(response, kind if isinstance(kind, str) else "") == []


def test_nothing_but_the_sdk_and_the_standard_library_is_imported() -> None:
    probe = (
        "import json, sys; sys.path.insert(0, 'lambda'); from lambda_function import lambda_handler;"
        "lambda_handler(json.loads(sys.argv[1]), None);"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe, json.dumps(envelope(LAUNCH))], capture_output=True, text=True, check=True
    )
    imported = set(json.loads(run.stdout)) - set(sys.stdlib_module_names)
    sdk = {"ask_sdk_core", "ask_sdk_model", "ask_sdk_model_runtime", "ask_sdk_runtime", "dateutil", "six"}
    ours = {"cramp_coach", "lambda_function"}
    assert {name for name in imported if not name.startswith("_")} <= sdk | ours


def test_the_first_word_of_every_way_in_is_the_step(alexa: Callable[[str], Any]) -> None:
    for locale in ("en-US", "en-GB", "en-CA", "en-AU", "en-IN"):
        for phrase in ("open cramp coach", "my leg is cramping", "ask cramp coach to help my calf"):
            assert ssml.words(alexa(locale).hear(phrase).speech).startswith("Stand up slowly")

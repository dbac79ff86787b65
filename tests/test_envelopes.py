"""Requests of every kind, from Lambda's entry point and over HTTP: each gets the kind of answer that is due to it.

`envelopes.toml` has them, and says how they are described.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_model import Request

from cramp_coach.envelope import is_silent
from lambda_function import lambda_handler
from selfhost.app import create_app
from simulator import ssml
from simulator.limits import problems
from tests.test_entry_point import envelope, intent, step_to

Json = dict[str, Any]

DATA = tomllib.loads((Path(__file__).parent / "envelopes.toml").read_text(encoding="utf-8"))
SECRET = "SECRETUSER"  # in every message that must not be logged, and the id of the user
FIELDS = {"what", "kind", "log", "request", "intent", "slots", "of", "attributes", "screen", "without", "null"}


def whole(described: Json) -> Json:
    """The request envelope that a table of envelopes.toml describes."""
    assert described.keys() <= FIELDS
    request = described.get("request", {})
    if "intent" in described:
        slots = {name: slot_of(name, slot) for name, slot in described.get("slots", {}).items()}
        request = intent(described["intent"], slots, type=described.get("of", "IntentRequest"))
    made = envelope(request, described.get("attributes"))
    made["session"]["new"] = "attributes" not in described
    if "screen" in described:
        apl = {"runtime": {"maxVersion": described["screen"]}}
        made["context"]["System"]["device"]["supportedInterfaces"] = {"Alexa.Presentation.APL": apl}
    for path in (*described.get("without", ()), *described.get("null", ())):
        table, last = step_to(made, path)
        del table[last]
        if path in described.get("null", ()):
            table[last] = None
    return made


def slot_of(name: str, described: Json) -> Json:
    """A slot as Alexa sends it: with the words in it, and what became of them where Alexa tried to place them."""
    slot: Json = {"name": name, "confirmationStatus": "NONE"}
    if "value" in described:
        slot["value"] = described["value"]
    authority: Json = {"authority": "a", "status": {"code": described.get("code", "ER_SUCCESS_MATCH")}}
    if "id" in described:
        authority["values"] = [{"value": {"name": described["value"], "id": described["id"]}}]
    if "id" in described or "code" in described:
        slot["resolutions"] = {"resolutionsPerAuthority": [authority]}
    return slot


def kind_of(response: Json) -> str:
    """What kind of answer this is, in the words of envelopes.toml."""
    answer = response["response"]
    if "canFulfillIntent" in answer:
        assert answer.keys() == {"canFulfillIntent"}
        return str(answer["canFulfillIntent"]["canFulfill"])
    if "outputSpeech" not in answer:
        assert answer == {}
        return "silence"
    if response["sessionAttributes"].get("place") == "warned":
        return "warning"
    return "step" if "Hold." in ssml.words(answer["outputSpeech"]["ssml"]) else "answer"


def over_http(event: Json) -> Any:
    """The answer of the web service, which anybody may ask."""
    answer = create_app("", verify=False).test_client().post("/", json=event)
    assert answer.status_code == 200
    return answer.get_json()


def over_lambda(event: Json) -> Any:
    return lambda_handler(event, None)


@pytest.mark.parametrize("ask", [over_lambda, over_http])
@pytest.mark.parametrize("described", DATA["envelope"], ids=lambda described: described["what"])
def test_each_request_gets_the_kind_of_answer_that_is_due(
    described: Json, ask: Callable[[Json], Any], caplog: pytest.LogCaptureFixture
) -> None:
    event = whole(described)
    response = ask(event)
    assert problems(response, event["request"]["type"]) == []
    assert kind_of(response) == described["kind"]
    lines = [record.getMessage() for record in caplog.records if record.name == "cramp_coach"]
    assert [line.startswith(described["log"]) for line in lines] == ([True] if "log" in described else [])
    assert SECRET not in caplog.text and "\n" not in "".join(lines)
    if described["kind"] == "silence" and "session" in event:  # which would forget where it was
        assert response["sessionAttributes"] == described.get("attributes", {})


@pytest.mark.parametrize("ask", [over_lambda, over_http])
@pytest.mark.parametrize("silent", [True, False])
def test_each_type_that_amazon_knows_is_answered_or_not(silent: bool, ask: Callable[[Json], Any]) -> None:
    for kind in DATA["silent" if silent else "spoken"]:
        response = ask(whole({"request": {"type": kind}}))
        assert problems(response, kind) == []
        assert (kind_of(response) == "silence") == silent, kind


def test_no_type_is_left_out() -> None:
    assert sorted([*DATA["silent"], *DATA["spoken"], "CanFulfillIntentRequest"]) == sorted(
        Request.discriminator_value_class_map
    )


def test_skill_and_simulator_hold_the_same_types_silent() -> None:
    spoken = {"version": "1.0", "response": {"outputSpeech": {"type": "PlainText", "text": "Hello."}}}
    types = {*Request.discriminator_value_class_map, *(whole(each)["request"]["type"] for each in DATA["envelope"])}
    refused = {kind for kind in types if f"speech in answer to {kind}" in problems(spoken, kind)}
    assert refused == {kind for kind in types if is_silent(kind)} | {"CanFulfillIntentRequest"}


@pytest.mark.parametrize("task", ["CrampNow", "BedtimeStretch", "Levitate"])
def test_a_session_that_a_task_began_shows_nothing(task: str) -> None:
    name = f"amzn1.ask.skill.0-0-0-0-0.{task}"
    event = whole({"request": {"type": "LaunchRequest", "task": {"name": name, "version": "1"}}, "screen": "2024.3"})
    begun = lambda_handler(event, None)
    later = {"intent": "AMAZON.NextIntent", "screen": "2024.3", "attributes": begun["sessionAttributes"]}
    touch = {"request": {"type": "Alexa.Presentation.APL.UserEvent", "arguments": ["Next"]}} | {
        name: later[name] for name in ("screen", "attributes")
    }
    for response in (begun, lambda_handler(whole(later), None), lambda_handler(whole(touch), None)):
        assert kind_of(response) == "step"
        assert "directives" not in response["response"]
    by_voice = lambda_handler(whole({"request": {"type": "LaunchRequest"}, "screen": "2024.3"}), None)
    assert [each["type"] for each in by_voice["response"]["directives"]] == ["Alexa.Presentation.APL.RenderDocument"]

"""Ways to the first step that need no "open cramp coach": tasks, and what Alexa asks before it sends somebody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cramp_coach.conversation import EVENTS, INTERNAL_EVENTS
from cramp_coach.conversation.signs import SIGNS
from cramp_coach.handlers.can_fulfill import BY_ITSELF
from cramp_coach.handlers.tasks import TASKS
from lambda_function import lambda_handler
from simulator import ssml
from simulator.alexa import Alexa, Exchange
from simulator.limits import problems
from tools.errors import ROOT

Device = Callable[..., Alexa]


def completed(exchange: Exchange) -> bool:
    response = (exchange.response or {})["response"]
    done = [directive for directive in response.get("directives", []) if directive["type"] == "Tasks.CompleteTask"]
    assert all(directive["status"] == {"code": "200", "message": "OK"} for directive in done)
    return bool(done)


@pytest.mark.parametrize(("task", "asked"), [("CrampNow", "my leg is cramping"), ("BedtimeStretch", "bedtime stretch")])
def test_a_task_is_answered_like_the_words_for_it(task: str, asked: str, alexa: Device) -> None:
    by_task, by_voice = alexa().start_task(task), alexa().hear(f"ask cramp coach {asked}")
    assert by_task.refused == []
    assert by_task.open
    assert by_task.speech == by_voice.speech
    assert by_task.reprompt == by_voice.reprompt


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_task_is_complete_when_the_skill_closes_the_session_and_not_before(task: str, alexa: Device) -> None:
    device = alexa()
    assert not completed(device.start_task(task))
    for said in ("next", "help", "does magnesium help"):
        exchange = device.hear(said)
        assert exchange.refused == []
        assert not completed(exchange)
    last = device.hear("stop")
    assert not last.open
    assert completed(last)
    assert not completed(device.hear("open cramp coach"))
    assert not completed(device.hear("stop"))


@pytest.mark.parametrize(
    ("task", "values", "first_words"),
    [
        ("CrampNow", {"muscle": "foot"}, "Put that foot up"),
        ("CrampNow", {"muscle": "calf"}, "Stand up slowly"),
        ("BedtimeStretch", {"position": "lying"}, "Lie back"),
        ("BedtimeStretch", {"position": "sitting"}, "Sit on the bed's edge"),
        # whatever else arrives counts as nothing
        ("CrampNow", {"muscle": "chest"}, "Stand up slowly"),
        ("CrampNow", {"muscle": ["foot"], "side": 3}, "Stand up slowly"),
        ("BedtimeStretch", {"position": "standing"}, "Sit on the bed's edge"),
        ("BedtimeStretch", {"muscle": "foot"}, "Sit on the bed's edge"),
    ],
)
def test_a_task_takes_one_input(task: str, values: dict[str, Any], first_words: str, alexa: Device) -> None:
    exchange = alexa().start_task(task, **values)
    assert exchange.refused == []
    assert ssml.words(exchange.speech).startswith(first_words)


@pytest.mark.parametrize("task", sorted(TASKS))
def test_what_a_definition_offers_is_taken(task: str, alexa: Device) -> None:
    slot, allowed = TASKS[task]
    definition = json.loads((ROOT / "skill-package" / "tasks" / f"{task}.1.json").read_text())
    ((name, offered),) = definition["components"]["schemas"]["Input"]["properties"].items()
    assert name == slot
    assert set(offered["enum"]) <= set(allowed)
    heard = {ssml.words(alexa().start_task(task, **{name: value}).speech) for value in offered["enum"]}
    assert len(heard) > len(offered["enum"]) // 2, "the choices make no difference"


def test_a_task_of_another_name_gets_the_first_step(alexa: Device) -> None:
    exchange = alexa().start_task("Levitate")
    assert ssml.words(exchange.speech).startswith("Stand up slowly")
    tasks: list[Any] = [None, "CrampNow", [], {}, {"name": 3}, {"name": ""}, {"name": "CrampNow", "input": "foot"}]
    for task in tasks:
        response = lambda_handler({"request": {"type": "LaunchRequest", "locale": "en-US", "task": task}}, None)
        assert problems(response) == []
        assert ssml.words(response["response"]["outputSpeech"]["ssml"]).startswith("Stand up slowly")


def verdict(exchange: Exchange) -> Any:
    assert exchange.refused == []
    return (exchange.response or {})["response"]["canFulfillIntent"]


@pytest.mark.parametrize(
    ("utterance", "can", "slots"),
    [
        ("my calf is cramping", "YES", {"muscle": "YES", "cramp": "YES"}),
        ("leg cramp", "YES", {"cramp": "YES"}),
        ("does magnesium help", "YES", {"topic": "YES"}),
        ("start my bedtime stretch", "YES", {}),
        ("my elbow is cramping", "MAYBE", {"muscle": "NO"}),
        # pain in the chest is no cramp to be stretched, and no business of ours
        ("my chest is cramping", "NO", None),
        ("my chest hurts", "NO", {}),
        ("call an ambulance", "NO", {}),
        # these need a conversation: said to nobody in particular they mean something else
        ("next", "NO", {}),
        ("quieter", "NO", {}),
        ("it's gone", "NO", None),
        ("how do i bake bread", "NO", None),
    ],
)
def test_alexa_is_told_what_could_be_answered(
    utterance: str, can: str, slots: dict[str, str] | None, alexa: Device
) -> None:
    device = alexa()
    if utterance == "my elbow is cramping":
        answer = lambda_handler(unlisted_muscle(), None)["response"]["canFulfillIntent"]
    else:
        answer = verdict(device.could_answer(utterance))
    assert answer["canFulfill"] == can
    if slots is not None:
        assert {name: slot["canFulfill"] for name, slot in answer.get("slots", {}).items()} == slots
    assert all(slot["canFulfill"] == slot["canUnderstand"] for slot in answer.get("slots", {}).values())


def unlisted_muscle() -> dict[str, Any]:
    authority = {"authority": "a", "status": {"code": "ER_SUCCESS_NO_MATCH"}}
    slot = {"name": "muscle", "value": "elbow", "resolutions": {"resolutionsPerAuthority": [authority]}}
    intent = {"name": "CrampNowIntent", "slots": {"muscle": slot, "age": {"name": "age"}}}
    return {"request": {"type": "CanFulfillIntentRequest", "locale": "en-US", "intent": intent}}


def test_asking_changes_nothing(alexa: Device) -> None:
    device = alexa()
    device.hear("open cramp coach")
    before = json.dumps(device.attributes), device.session_id
    response = device.could_answer("start my bedtime stretch").response or {}
    assert not response.get("sessionAttributes")
    assert response["response"].keys() == {"canFulfillIntent"}
    assert (json.dumps(device.attributes), device.session_id) == before
    assert ssml.words(device.hear("not yet").speech).startswith("Hold the wall")


@pytest.mark.parametrize("intent", [None, "x", {}, {"name": None}, {"name": "NobodysIntent"}, {"name": "LaunchIntent"}])
def test_whatever_alexa_asks_about_there_is_a_verdict(intent: Any) -> None:
    request = {"type": "CanFulfillIntentRequest", "locale": "tlh", "intent": intent}
    response = lambda_handler({"request": request}, None)
    assert problems(response, "CanFulfillIntentRequest") == []
    assert response["response"]["canFulfillIntent"]["canFulfill"] == "NO"


def test_a_verdict_comes_out_even_when_ours_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cramp_coach.handlers.can_fulfill.BY_ITSELF", None)
    response = lambda_handler(unlisted_muscle(), None)
    assert response["response"] == {"canFulfillIntent": {"canFulfill": "NO"}}


def test_what_is_offered_exists_and_is_no_warning_sign() -> None:
    spoken = EVENTS.keys() - INTERNAL_EVENTS
    assert spoken >= BY_ITSELF
    assert spoken >= TASKS.keys()
    assert not BY_ITSELF & set(SIGNS)

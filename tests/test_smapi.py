"""Amazon's interface: bodies that its own classes read, errors in its shape, and its own unmodified command line."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.evaluations.profile_nlu_response import ProfileNluResponse
from ask_smapi_model.v1.skill.invocations.invocation_response_status import InvocationResponseStatus
from ask_smapi_model.v1.skill.nlu.evaluations.get_nlu_evaluation_response import GetNLUEvaluationResponse
from ask_smapi_model.v1.skill.nlu.evaluations.get_nlu_evaluation_results_response import GetNLUEvaluationResultsResponse
from ask_smapi_model.v1.skill.standardized_error import StandardizedError
from ask_smapi_model.v1.vendor_management.vendors import Vendors
from ask_smapi_model.v2.skill.invocations.invocations_api_response import InvocationsApiResponse
from ask_smapi_model.v2.skill.simulations.simulations_api_response import SimulationsApiResponse
from flask.testing import FlaskClient

from simulator.envelope import APPLICATION_ID
from simulator.matching import shared_matcher
from simulator.replay import Replay
from simulator.server import Server, create_app
from simulator.skill import local_skill
from simulator.smapi import how_to_use, simulations
from simulator.ssml import words
from tests.ask_cli import Ask, read
from tools import exports
from tools.cases import dialogs
from tools.errors import ROOT
from tools.waiting import wait_for

SKILL = f"/skills/{APPLICATION_ID}"
SIMULATIONS = f"/v2{SKILL}/stages/development/simulations"
INVOCATIONS = f"/v2{SKILL}/stages/development/invocations"
SETS, EVALUATIONS = (f"/v1{SKILL}/{name}" for name in ("nluAnnotationSets", "nluEvaluations"))
PROFILE = f"/v1{SKILL}/stages/development/interactionModel/locales/en-US/profileNlu"
DIALOGS = [
    "open, can't stand, not yet, again, gone, thanks",
    "straight to it in one breath",
    "no to another round, then yes it has let go",
]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app().test_client()


def asked(content: str, mode: str = "FORCE_NEW_SESSION", **more: Any) -> dict[str, Any]:
    return {"input": {"content": content}, "device": {"locale": "en-US"}, "session": {"mode": mode}, **more}


def simulated(client: FlaskClient, body: dict[str, Any]) -> Any:
    started = client.post(SIMULATIONS, json=body)
    assert started.status_code == 200 and started.json, started.text
    return over(client, f"{SIMULATIONS}/{started.json['id']}")


def over(client: FlaskClient, address: str) -> Any:
    """The state of what was started, once it is over."""

    def ended() -> Any:
        state: Any = client.get(address).json
        return state if state["status"] != "IN_PROGRESS" else None

    return wait_for(ended, address)


def test_a_simulation_is_what_amazons_class_reads(client: FlaskClient) -> None:
    state = read(simulated(client, asked("open cramp coach")), SimulationsApiResponse)
    assert state.status.value == "SUCCESSFUL"
    assert state.result.alexa_execution_info.alexa_responses[0].content.caption.startswith("Stand up slowly")
    (invocation,) = state.result.skill_execution_info.invocations
    assert invocation.invocation_response.body["response"]["shouldEndSession"] is False


def test_a_session_goes_on_until_a_new_one_of_the_same_user_is_forced(client: FlaskClient) -> None:
    def session(body: dict[str, Any]) -> Any:
        (invocation,) = simulated(client, body)["result"]["skillExecutionInfo"]["invocations"]
        return invocation["invocationRequest"]["body"]["session"]

    bodies = asked("open cramp coach"), asked("next", "DEFAULT"), asked("my foot is cramping")
    sessions = [session(body) for body in bodies]
    assert [each["new"] for each in sessions] == [True, False, True]
    assert sessions[0]["user"] == sessions[2]["user"]


def test_a_profile_and_an_invocation_are_too(client: FlaskClient) -> None:
    profile = read(client.post(PROFILE, json={"utterance": "my left calf is cramping"}).json, ProfileNluResponse)
    assert profile.selected_intent.name == "CrampNowIntent"
    muscle = profile.selected_intent.slots["muscle"]
    (authority,) = muscle.resolutions.resolutions_per_authority
    assert muscle.value == "calf" and [(value.id, value.name) for value in authority.values] == [("calf", "calf")]
    launch = {"version": "1.0", "request": {"type": "LaunchRequest", "locale": "en-US"}, "session": {}}
    launch["context"] = {"System": {"application": {"applicationId": APPLICATION_ID}}}
    body = {"endpointRegion": "NA", "skillRequest": {"body": launch}}
    answered = read(client.post(INVOCATIONS, json=body).json, InvocationsApiResponse)
    assert answered.status.value == "SUCCESSFUL"
    said = answered.result.skill_execution_info.invocation_response.body["response"]["outputSpeech"]["ssml"]
    assert "Stand up" in said
    older: Any = client.post(f"/v1{SKILL}/invocations", json=body).json
    # the whole can't be read: that class takes each field of invocationRequest for a request of its own
    assert InvocationResponseStatus(older["status"]) is InvocationResponseStatus.SUCCEEDED
    assert read(client.get("/v1/vendors").json, Vendors).vendors


@pytest.fixture
def annotation_set(client: FlaskClient) -> str:
    """The id of an empty set."""
    created: Any = client.post(SETS, json={"locale": "en-US", "name": "some"}).json
    return str(created["id"])


def evaluated(client: FlaskClient, annotation_set: str, rows: list[dict[str, Any]]) -> str:
    """The address of an evaluation of these that is over."""
    assert client.post(f"{SETS}/{annotation_set}/annotations", json={"data": rows}).status_code == 200
    body = {"stage": "development", "locale": "en-US", "source": {"annotationId": annotation_set}}
    address = f"{EVALUATIONS}/{client.post(EVALUATIONS, json=body).json['id']}"  # type: ignore[index]
    over(client, address)
    return address


def test_an_evaluation_counts_what_passed_and_what_failed(client: FlaskClient, annotation_set: str) -> None:
    rows = [
        {"inputs": {"utterance": said}, "expected": [{"intent": {"name": intent, **slots}}]}
        for said, intent, slots in [
            ("my toes are cramping", "CrampNowIntent", {"slots": values({"muscle": "toes", "cramp": "cramping"})}),
            ("my toes are cramping", "CrampNowIntent", {"slots": values({"muscle": "foot", "cramp": "cramp"})}),
            ("my toes are cramping", "CrampNowIntent", {"slots": values({"muscle": "calf", "cramp": "cramp"})}),
            ("my toes are cramping", "CrampNowIntent", {"slots": values({"muscle": "toes"})}),
            ("slower", "QuieterIntent", {}),
        ]
    ]
    evaluation = evaluated(client, annotation_set, rows)
    annotations = f"{SETS}/{annotation_set}"
    assert client.get(f"{annotations}/properties").json["numberOfEntries"] == len(rows)  # type: ignore[index]
    state = read(client.get(evaluation).json, GetNLUEvaluationResponse)
    assert state.status.value == "FAILED"
    results = read(client.get(f"{evaluation}/results").json, GetNLUEvaluationResultsResponse)
    assert results.total_failed == 3
    assert [case.status.value for case in results.test_cases] == ["PASSED", "PASSED", "FAILED", "FAILED", "FAILED"]
    failed = client.get(f"{evaluation}/results?testCaseStatus=FAILED&maxResults=2").json
    assert len(failed["testCases"]) == 2 and failed["paginationContext"] == {"totalCount": "3", "nextToken": "2"}  # type: ignore[index]
    csv = "utterance,intent,slot[muscle],slot[cramp]\nmy toes are cramping,CrampNowIntent,toes,cramping\n"
    assert client.post(f"{annotations}/annotations", data=csv, content_type="text/csv").status_code == 200
    assert client.get(f"{annotations}/annotations").json == {"data": rows[:1]}
    assert client.delete(annotations).status_code == 204
    assert client.get(f"{annotations}/properties").status_code == 404


def test_a_csv_keeps_its_times_and_may_come_from_a_spreadsheet(client: FlaskClient, annotation_set: str) -> None:
    path, time = f"{SETS}/{annotation_set}/annotations", "2026-01-10T03:00:00.000Z"
    csv = f"\ufeffutterance,referenceTimestamp,intent\nnext,{time},AMAZON.NextIntent\n"
    assert client.post(path, data=csv.encode(), content_type="text/csv").status_code == 200
    (row,) = client.get(path).json["data"]  # type: ignore[index]
    assert row["inputs"] == {"utterance": "next", "referenceTimestamp": time}


def test_an_evaluation_needs_a_stage_and_its_pages_a_size(client: FlaskClient, annotation_set: str) -> None:
    body = {"locale": "en-US", "source": {"annotationId": annotation_set}}
    assert client.post(EVALUATIONS, json=body).status_code == 400
    assert client.post(EVALUATIONS, json={**body, "stage": "live"}).status_code == 404
    results = f"{evaluated(client, annotation_set, cramps('my calf is cramping'))}/results"
    assert client.get(f"{results}?maxResults=1").status_code == 200
    for query in ("maxResults=0", "maxResults=x", "testCaseStatus=BOGUS"):
        assert client.get(f"{results}?{query}").status_code == 400


NAME_FREE = {"type": "NFI_ISOLATED_SIMULATION"}
NO_SET = {"locale": "en-US", "source": {"annotationId": "none"}}
OTHER = SIMULATIONS.replace(APPLICATION_ID, "amzn1.ask.skill.nobody")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", OTHER, asked("next"), 404, "RESOURCE_NOT_FOUND"),
        ("POST", SIMULATIONS.replace("development", "live"), asked("next"), 404, "RESOURCE_NOT_FOUND"),
        ("POST", SIMULATIONS, asked("next", device={"locale": "fr-FR"}), 400, "INVALID_ENUM_VALUE"),
        ("POST", SIMULATIONS, asked("next", device="Echo"), 400, "MISSING_REQUIRED_PROPERTY"),
        ("POST", SIMULATIONS, asked(" "), 400, "INVALID_STRING_LENGTH"),
        ("POST", SIMULATIONS, asked("x" * 501), 400, "INVALID_STRING_LENGTH"),
        ("POST", SIMULATIONS, asked("next", "SOMETIMES"), 400, "INVALID_ENUM_VALUE"),
        ("POST", SIMULATIONS, asked("next", simulation=NAME_FREE), 400, "OPERATION_NOT_ALLOWED"),
        ("POST", SIMULATIONS, [], 400, "INVALID_DATA_TYPE"),
        ("POST", SIMULATIONS, b"", 400, "CONTENT_PARSE_FAILURE"),
        ("POST", SIMULATIONS, b"{", 400, "CONTENT_PARSE_FAILURE"),
        ("POST", SIMULATIONS, b"[" * 100_000, 400, "CONTENT_PARSE_FAILURE"),
        ("POST", SIMULATIONS, b"\xff\xfe", 400, "CONTENT_PARSE_FAILURE"),
        ("GET", f"{SIMULATIONS}/none", None, 404, "RESOURCE_NOT_FOUND"),
        ("POST", PROFILE, {}, 400, "MISSING_REQUIRED_PROPERTY"),
        ("POST", PROFILE.replace("en-US", "fr-FR"), {"utterance": "weiter"}, 400, "INVALID_ENUM_VALUE"),
        ("POST", PROFILE, {"utterance": "x" * 501}, 400, "INVALID_STRING_LENGTH"),
        ("POST", INVOCATIONS, {"endpointRegion": "NA", "skillRequest": []}, 400, "INVALID_DATA_TYPE"),
        ("POST", INVOCATIONS, {"endpointRegion": "MOON", "skillRequest": {"body": {}}}, 400, "INVALID_ENUM_VALUE"),
        ("GET", PROFILE.replace("/profileNlu", "").replace("en-US", "xx"), None, 404, "RESOURCE_NOT_FOUND"),
        ("POST", EVALUATIONS, NO_SET, 404, "RESOURCE_NOT_FOUND"),
        ("GET", f"{EVALUATIONS}/none", None, 404, "RESOURCE_NOT_FOUND"),
    ],
)  # fmt: skip
def test_what_is_refused_and_how(
    client: FlaskClient, method: str, path: str, body: Any, status: int, code: str
) -> None:
    sent = {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
    response = client.open(path, method=method, **sent)
    assert (response.status_code, response.json["violations"][0]["code"]) == (status, code)  # type: ignore[index]
    assert response.json["message"] and "Traceback" not in response.text  # type: ignore[index]


@pytest.mark.parametrize(
    ("code", "kind", "body"),
    [
        ("CONTENT_PARSE_FAILURE", "text/csv", b"utterance,intent\n" + b"x" * 200_000 + b",CrampNowIntent\n"),
        ("MISSING_REQUIRED_PROPERTY", "text/csv", b"utterance,intent\nmy calf\n"),
        ("CONTENT_PARSE_FAILURE", "text/csv", b"utterance,intent\nmy calf, hurts,CrampNowIntent\n"),
        ("CONTENT_PARSE_FAILURE", "text/csv", "utterance,intent\nnä,CrampNowIntent\n".encode("latin-1")),
        ("INVALID_DATA_TYPE", "text/csv", b"utterance,intent,referenceTimestamp\ncalf,CrampNowIntent,yesterday\n"),
        ("MISSING_REQUIRED_PROPERTY", "text/csv", b"utterance,slot[muscle]\nmy calf,calf\n"),
        ("INVALID_DATA_TYPE", "application/json", b'{"data": [{"inputs": {"utterance": "calf"}, "expected": [{}]}]}'),
        (
            "INVALID_DATA_TYPE",
            "application/json",
            b'{"data": [{"inputs": {"utterance": "calf"}, "expected": '
            b'[{"intent": {"name": "CrampNowIntent", "slots": {"muscle": {"value": ["calf"]}}}}]}]}',
        ),
    ],
)
def test_what_is_no_annotation_set(client: FlaskClient, annotation_set: str, code: str, kind: str, body: bytes) -> None:
    response = client.post(f"{SETS}/{annotation_set}/annotations", data=body, content_type=kind)
    assert (response.status_code, response.json["violations"][0]["code"]) == (400, code)  # type: ignore[index]
    source = {"stage": "development", "source": {"annotationId": annotation_set}}
    other = client.post(EVALUATIONS, json={**source, "locale": "en-GB"})
    assert (other.status_code, other.json["violations"][0]["code"]) == (400, "PRECONDITION_NOT_MET")  # type: ignore[index]
    evaluation = client.post(EVALUATIONS, json={**source, "locale": "en-US"}).json["id"]  # type: ignore[index]
    assert client.get(f"{EVALUATIONS}/{evaluation}/results?nextToken={'9' * 5000}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("DELETE", SIMULATIONS, 405), ("POST", SIMULATIONS, 413)],
)
def test_what_is_not_there_and_what_is_too_much(client: FlaskClient, method: str, path: str, status: int) -> None:
    data = b"x" * (5 * 1024 * 1024) if status == 413 else None
    response = client.open(path, method=method, data=data)
    assert response.status_code == status and response.json["message"]  # type: ignore[index]


def test_one_simulation_at_a_time() -> None:
    goes_on = threading.Event()

    def slow(envelope: dict[str, Any]) -> Any:
        assert goes_on.wait(30)
        return local_skill()(envelope)

    client = create_app(slow).test_client()
    first = client.post(SIMULATIONS, json=asked("open cramp coach")).json
    second = client.post(SIMULATIONS, json=asked("next"))
    assert (second.status_code, second.json["violations"][0]["code"]) == (409, "PRECONDITION_NOT_MET")  # type: ignore[index]
    assert client.get(f"{SIMULATIONS}/{first['id']}").json["status"] == "IN_PROGRESS"  # type: ignore[index]
    goes_on.set()
    assert over(client, f"{SIMULATIONS}/{first['id']}")["status"] == "SUCCESSFUL"  # type: ignore[index]


def test_a_response_that_alexa_would_refuse_is_a_failed_simulation() -> None:
    client = create_app(lambda envelope: {"version": "1.0", "response": {"outputSpeech": "?"}}).test_client()
    state = read(simulated(client, asked("open cramp coach")), SimulationsApiResponse)
    assert (state.status.value, state.result.error.code) == ("FAILED", "INVALID_SKILL_RESPONSE")
    body = {"endpointRegion": "NA", "skillRequest": {"body": {"request": {"type": "LaunchRequest"}}}}
    answered = read(client.post(INVOCATIONS, json=body).json, InvocationsApiResponse)
    assert (answered.status.value, answered.result.error.code) == ("FAILED", "INVALID_SKILL_RESPONSE")


def test_a_skill_that_fails_is_a_failed_invocation() -> None:
    def broken(envelope: dict[str, Any]) -> Any:
        raise RuntimeError("whoever said what")

    client = create_app(broken).test_client()
    body = {"endpointRegion": "NA", "skillRequest": {"body": {}}}
    response = client.post(INVOCATIONS, json=body)
    assert response.json["status"] == "FAILED" and "whoever" not in response.text  # type: ignore[index]


def test_how_to_use_it_names_the_address_and_the_override() -> None:
    text = how_to_use("http://127.0.0.1:9")
    assert "export ASK_SMAPI_SERVER_BASE_URL=http://127.0.0.1:9" in text
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert json.dumps(package["overrides"]) in text and package["devDependencies"]["ask-cli"] in text


# --- Amazon's own command line ---


@pytest.mark.needs("node")
@pytest.mark.parametrize("name", DIALOGS)
def test_ask_dialog_says_what_the_dialog_test_wants_to_hear(name: str, ask: Ask, tmp_path: Path) -> None:
    dialog = next(dialog for dialog in dialogs() if (dialog.locale, dialog.name) == ("en-US", name))
    path = tmp_path / "replay.json"
    path.write_text(Replay("en-US", [turn["you"] for turn in dialog.turns]).to_json(), encoding="utf-8")
    heard = [
        line.partition("Alexa > ")[2]
        for line in ask("dialog", "--replay", str(path)).splitlines()
        if "Alexa > " in line
    ]
    assert len(heard) == len(dialog.turns)
    for turn, line in zip(dialog.turns, heard, strict=True):
        for piece in turn.get("alexa", []):
            assert piece.removeprefix("^").lower() in line.lower()
            assert line.startswith(piece[1:]) or not piece.startswith("^"), line


@pytest.mark.needs("node")
def test_ask_smapi_simulates_profiles_and_invokes(ask: Ask, tmp_path: Path) -> None:
    place = ("-s", APPLICATION_ID, "-g", "development")
    started = json.loads(
        ask("smapi", "simulate-skill", *place, "--input-content", "open cramp coach", "--device-locale", "en-US")
    )
    state = json.loads(ask("smapi", "get-skill-simulation", *place, "-i", started["id"]))
    assert state["status"] == "SUCCESSFUL"
    caption = state["result"]["alexaExecutionInfo"]["alexaResponses"][0]["content"]["caption"]
    assert caption.startswith("Stand up slowly")
    profile = json.loads(ask("smapi", "profile-nlu", *place, "-l", "en-US", "-u", "it's gone"))
    assert profile["selectedIntent"]["name"] == "BetterIntent"
    envelope = tmp_path / "request.json"
    sent = state["result"]["skillExecutionInfo"]["invocations"][0]["invocationRequest"]["body"]
    envelope.write_text(json.dumps(sent), encoding="utf-8")
    invoked = json.loads(
        ask("smapi", "invoke-skill", *place[:2], "--endpoint-region", "NA", "--skill-request-body", f"file:{envelope}")
    )
    assert invoked["status"] == "SUCCEEDED"
    said = invoked["result"]["skillExecutionInfo"]["invocationResponse"]["body"]["response"]["outputSpeech"]["ssml"]
    assert words(said) == caption


def values(slots: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in slots.items()}


@pytest.mark.needs("node")
def test_ask_smapi_evaluates_an_utterance_set(ask: Ask, tmp_path: Path) -> None:
    rows = exports.annotation_set("en-US")[::60]  # all of them are heard in test_utterances.py
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps({"data": rows}), encoding="utf-8")
    skill = ("-s", APPLICATION_ID)
    annotation_id = json.loads(
        ask("smapi", "create-nlu-annotation-set", *skill, "-l", "en-US", "--name", "utterances")
    )["id"]
    ask(
        *("smapi", "update-annotations-for-nlu-annotation-sets", *skill, "--annotation-id", annotation_id),
        *("--content-type", "application/json", "--update-nlu-annotation-set-annotations-request", f"file:{path}"),
    )
    evaluation_id = json.loads(
        ask(
            *("smapi", "create-nlu-evaluations", *skill, "-g", "development", "-l", "en-US"),
            *("--source-annotation-id", annotation_id),
        )
    )["id"]

    def ended() -> Any:
        status = json.loads(ask("smapi", "get-nlu-evaluation", *skill, "--evaluation-id", evaluation_id))["status"]
        return status if status != "IN_PROGRESS" else None

    status = wait_for(ended, "the evaluation", seconds=1800, pause=3)
    results = json.loads(ask("smapi", "get-result-for-nlu-evaluations", *skill, "--evaluation-id", evaluation_id))
    # an utterance may be taken for another intent that answers it as well: the evaluation counts it, as Amazon's did
    heard = [shared_matcher("en-US").match(row["inputs"]["utterance"]).intent for row in rows]
    others = sum(intent != row["expected"][0]["intent"]["name"] for intent, row in zip(heard, rows, strict=True))
    assert (status, results["totalFailed"]) == ("FAILED" if others else "PASSED", others)
    assert others < len(rows) / 2
    assert results["paginationContext"]["totalCount"] == str(len(rows))


def test_a_body_without_a_length_is_not_cut_off_at_the_limit() -> None:
    rows = (b"my calf is cramping,CrampNowIntent\n" * 1000 for _ in range(150))
    with Server(create_app(), 0) as server, closing(http.client.HTTPConnection(server.address[7:])) as connection:
        connection.request("POST", SETS, json.dumps({"locale": "en-US", "name": "big"}))
        annotations = f"{SETS}/{json.load(connection.getresponse())['id']}/annotations"
        connection.request("POST", annotations, rows, {"Content-Type": "text/csv"}, encode_chunked=True)
        assert connection.getresponse().status == 413


@pytest.mark.parametrize("path", [f"{SIMULATIONS}/none", "/v1/nothing", f"{EVALUATIONS}/none"])
def test_an_error_has_the_code_where_amazons_class_reads_it(client: FlaskClient, path: str) -> None:
    error = DefaultSerializer().deserialize(client.get(path).text, StandardizedError)
    assert error.code == "RESOURCE_NOT_FOUND" and error.message


def test_a_skill_that_is_not_enabled_can_not_be_simulated() -> None:
    client = create_app().test_client()
    enablement = f"/v1{SKILL}/stages/development/enablement"
    assert [client.delete(enablement).status_code, client.get(enablement).status_code] == [204, 404]
    assert client.post(SIMULATIONS, json=asked("open cramp coach")).status_code == 403
    assert client.get(enablement.replace("development", "live")).status_code == 404


def test_a_skill_that_hangs_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulations, "MAX_RUN_SECONDS", 0.2)
    goes_on = threading.Event()
    answers = iter([lambda: goes_on.wait(30)])

    def hangs_once(envelope: dict[str, Any]) -> Any:
        next(answers, lambda: None)()
        return local_skill()(envelope)

    client = create_app(hangs_once).test_client()
    hung = client.post(SIMULATIONS, json=asked("open cramp coach")).json["id"]  # type: ignore[index]
    assert over(client, f"{SIMULATIONS}/{hung}")["status"] == "FAILED"
    assert client.post(SIMULATIONS, json=asked("open cramp coach")).status_code == 200
    goes_on.set()


def cramps(*utterances: str) -> list[dict[str, Any]]:
    """The rows of a set, each expected to be a cramp in the calf."""
    expected = [{"intent": {"name": "CrampNowIntent", "slots": values({"muscle": "calf"})}}]
    return [{"inputs": {"utterance": utterance}, "expected": expected} for utterance in utterances]


def test_results_are_chosen_and_paged(client: FlaskClient, annotation_set: str) -> None:
    evaluation = evaluated(client, annotation_set, cramps("my calf is cramping", "call an ambulance"))
    first = client.get(f"{evaluation}/results?maxResults=1").json
    assert first["paginationContext"]["totalCount"] == "2"  # type: ignore[index]
    second = client.get(first["_links"]["next"]["href"]).json  # type: ignore[index]
    heard = [page["testCases"][0]["inputs"]["utterance"] for page in (first, second)]  # type: ignore[index]
    assert heard == ["my calf is cramping", "call an ambulance"] and "next" not in second["_links"]  # type: ignore[index]
    for name, most in (("CrampNowIntent", 1), ("Bogus", 0)):
        chosen = client.get(f"{evaluation}/results?actualIntentName={name}").json["testCases"]  # type: ignore[index]
        assert len(chosen) == most
    assert client.get(f"{SETS}?locale=en-GB").json["annotationSets"] == []  # type: ignore[index]

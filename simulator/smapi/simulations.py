"""Simulations, invocations and NLU profiles: what `ask dialog` and `ask smapi simulate-skill` talk to.

Amazon's service takes a simulation, and tells later how it went; so does this one. It has one user with one device,
whose session goes on from simulation to simulation. A response that Alexa would refuse is a failed simulation.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify

from simulator.alexa import Alexa, Exchange
from simulator.envelope import resolved_slots
from simulator.limits import problems
from simulator.matching import LONGEST_UTTERANCE, Match, shared_matcher
from simulator.skill import Skill
from simulator.smapi.errors import (
    SmapiError,
    bad_request,
    body_of_request,
    known_locale,
    known_skill,
    not_found,
    text_in,
)
from simulator.ssml import words

Json = dict[str, Any]

KEPT_SECONDS = 10 * 60.0  # as Amazon keeps them
MOST_KEPT = 200
MODES = ("DEFAULT", "FORCE_NEW_SESSION")
REGIONS = ("NA", "EU", "FE", "default")
ENDPOINT = "lambda_function.lambda_handler"


class Simulations:
    """The one user's device, and what was simulated on it lately."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill
        self._alexa: Alexa | None = None
        self._pool = ThreadPoolExecutor(1, "simulation")
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Future[Json]]] = OrderedDict()

    def start(self, utterance: str, locale: str, mode: str) -> str:
        """Start a simulation; returns its id. Raises SmapiError while another one runs."""
        with self._lock:
            self._forget()
            if any(not future.done() for _, future in self._kept.values()):
                message = "Another simulation is in progress. Wait until it is over."
                raise SmapiError(HTTPStatus.CONFLICT, "PRECONDITION_NOT_MET", message)
            simulation = str(uuid.uuid4())
            self._kept[simulation] = (time.monotonic(), self._pool.submit(self._run, utterance, locale, mode))
            return simulation

    def state(self, simulation: str) -> Json:
        """How a simulation stands, as SimulationsApiResponse. Raises SmapiError if it isn't known, or no more."""
        with self._lock:
            self._forget()
            if simulation not in self._kept:
                raise not_found("simulation")
            future = self._kept[simulation][1]
        return {"id": simulation, **(future.result() if future.done() else {"status": "IN_PROGRESS", "result": None})}

    def _forget(self) -> None:
        while self._kept:
            started, future = next(iter(self._kept.values()))
            if not future.done() or (time.monotonic() - started < KEPT_SECONDS and len(self._kept) <= MOST_KEPT):
                return
            self._kept.popitem(last=False)

    def _run(self, utterance: str, locale: str, mode: str) -> Json:
        if self._alexa is None or self._alexa.locale != locale or mode == "FORCE_NEW_SESSION":
            before = self._alexa
            self._alexa = Alexa(self._skill, locale, matcher=shared_matcher(locale))
            if before:  # a new session, and not somebody else
                self._alexa.user_id, self._alexa.device_id = before.user_id, before.device_id
        return outcome(self._alexa.hear(utterance))


def outcome(exchange: Exchange) -> Json:
    """A turn as the status and the result of a simulation."""
    skill_side = {"invocations": [invocation(exchange.request, exchange.response)]}
    if exchange.refused:
        return {"status": "FAILED", "result": {"skillExecutionInfo": skill_side, "error": refusal(exchange.refused)}}
    said = [{"type": "Speech", "content": {"caption": words(exchange.speech)}}] if exchange.speech else []
    alexa_side = {"alexaResponses": said, "consideredIntents": considered(exchange.match)}
    return {"status": "SUCCESSFUL", "result": {"alexaExecutionInfo": alexa_side, "skillExecutionInfo": skill_side}}


def refusal(reasons: list[str]) -> Json:
    """Why Alexa would not have spoken a response, as the error of a simulation or an invocation."""
    return {"code": "INVALID_SKILL_RESPONSE", "message": "; ".join(reasons)}


def invocation(request: Json | None, response: object) -> Json:
    """What was sent to the skill and what came back."""
    return {
        "invocationRequest": {"endpoint": ENDPOINT, "body": request},
        "invocationResponse": {"body": response},
        "metrics": {"skillExecutionTimeInMilliseconds": 0},  # times are for the benchmark
    }


def considered(match: Match | None) -> list[Json]:
    """The intent that was taken, if any: the matcher weighs all and tells of the one."""
    return [intent_of(match)] if match else []


def intent_of(match: Match) -> Json:
    """An intent with its filled slots, as profile-nlu shows it."""
    return {"name": match.intent, "confirmationStatus": "NONE", "slots": resolved_slots(match)}


def create_simulations(skill: Skill) -> Blueprint:
    """The blueprint for simulations, invocations and profiles of `skill`."""
    blueprint = Blueprint("simulations", __name__)
    simulations = Simulations(skill)

    @blueprint.post("/v2/skills/<skill_id>/stages/<stage>/simulations")
    def simulate(skill_id: str, stage: str) -> Response:
        known_skill(skill_id, stage)
        body = body_of_request()
        utterance = text_in(body, "input", "content")
        if len(utterance) > LONGEST_UTTERANCE:
            raise bad_request(f"input.content has more than {LONGEST_UTTERANCE} characters.", "INVALID_STRING_LENGTH")
        locale = known_locale(text_in(body, "device", "locale"))
        mode = text_in(body, "session", "mode") if body.get("session") else MODES[0]
        if mode not in MODES:
            raise bad_request(f"session.mode is {' or '.join(MODES)}.", "INVALID_ENUM_VALUE")
        kind = text_in(body, "simulation", "type") if body.get("simulation") else "DEFAULT"
        if kind != "DEFAULT":
            what = "Only simulations of the type DEFAULT are supported; the skill has no name-free interaction yet."
            raise bad_request(what, "OPERATION_NOT_ALLOWED")
        simulation = simulations.start(utterance, locale, mode)
        return jsonify(id=simulation, status="IN_PROGRESS", result=None)

    @blueprint.get("/v2/skills/<skill_id>/stages/<stage>/simulations/<simulation>")
    def get_simulation(skill_id: str, stage: str, simulation: str) -> Response:
        known_skill(skill_id, stage)
        return jsonify(simulations.state(simulation))

    # the versions differ in how they call success
    @blueprint.post("/v1/skills/<skill_id>/invocations", defaults={"stage": "development", "succeeded": "SUCCEEDED"})
    @blueprint.post("/v2/skills/<skill_id>/stages/<stage>/invocations", defaults={"succeeded": "SUCCESSFUL"})
    def invoke(skill_id: str, stage: str, succeeded: str) -> Response:
        known_skill(skill_id, stage)
        body = body_of_request()
        if text_in(body, "endpointRegion") not in REGIONS:
            raise bad_request(f"endpointRegion is {', '.join(REGIONS[:-1])} or {REGIONS[-1]}.", "INVALID_ENUM_VALUE")
        asked = body.get("skillRequest")
        envelope = asked.get("body") if isinstance(asked, dict) else None
        if not isinstance(envelope, dict):
            raise bad_request("skillRequest.body must be a request envelope.", "INVALID_DATA_TYPE")
        try:
            response = skill(envelope)
        except Exception as error:  # on Lambda it would be a failed invocation
            result = {"error": {"code": "SKILL_INVOCATION_FAILED", "message": type(error).__name__}}
            return jsonify(status="FAILED", result=result)
        result = {"skillExecutionInfo": invocation(envelope, response)}
        request = envelope.get("request")
        if reasons := problems(response, str(request.get("type")) if isinstance(request, dict) else ""):
            return jsonify(status="FAILED", result={**result, "error": refusal(reasons)})
        return jsonify(status=succeeded, result=result)

    @blueprint.post("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>/profileNlu")
    def profile(skill_id: str, stage: str, locale: str) -> Response:
        known_skill(skill_id, stage)
        utterance = text_in(body_of_request(), "utterance")
        if len(utterance) > LONGEST_UTTERANCE:
            raise bad_request(f"utterance has more than {LONGEST_UTTERANCE} characters.", "INVALID_STRING_LENGTH")
        match = shared_matcher(known_locale(locale)).match(utterance)
        return jsonify(sessionEnded=False, selectedIntent=intent_of(match), consideredIntents=considered(match))

    return blueprint

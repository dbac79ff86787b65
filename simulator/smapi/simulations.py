"""Simulations, invocations and NLU profiles: what `ask dialog` and `ask smapi simulate-skill` talk to.

Amazon's service takes a simulation, and tells later how it went; so does this one. It has one user with one device,
whose session goes on from simulation to simulation. A response that Alexa would refuse is a failed simulation.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify, request

from simulator.alexa import Alexa, Exchange
from simulator.envelope import resolved_slots
from simulator.limits import problems
from simulator.matching import MAX_UTTERANCE, Match, shared_matcher
from simulator.skill import Json, Skill, table
from simulator.smapi.background import in_background
from simulator.smapi.errors import SmapiError, bad_request, body_of_request, known_locale, look_up, text_in
from simulator.smapi.packages import the_skill
from simulator.ssml import words

KEPT_SECONDS = 10 * 60.0  # as Amazon keeps them
MAX_KEPT = 200
MODES = ("DEFAULT", "FORCE_NEW_SESSION")
KINDS = ("DEFAULT", "NFI_ISOLATED_SIMULATION")
REGIONS = ("NA", "EU", "FE", "default")
MAX_RUN_SECONDS = 10.0  # seconds; Alexa waits for a skill for about 8
ENDPOINT = "lambda_function.lambda_handler"


class Simulations:
    """The one user's device, and what was simulated on it lately."""

    def __init__(self, skill: Skill) -> None:
        self.skill = skill
        self._alexa: Alexa | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Future[Json]]] = OrderedDict()

    def start(self, utterance: str, locale: str, mode: str) -> str:
        """Start a simulation; returns its id. Raises SmapiError while another one runs."""
        with self._lock:
            self._forget()
            if any(not future.done() and not hangs(started) for started, future in self._kept.values()):
                message = "Another simulation is in progress. Wait until it is over."
                raise SmapiError(HTTPStatus.CONFLICT, "PRECONDITION_NOT_MET", message)
            if any(not future.done() for _, future in self._kept.values()):
                self._alexa = None  # the device that hangs is left to itself
            simulation = str(uuid.uuid4())
            self._kept[simulation] = (time.monotonic(), in_background(self._run, utterance, locale, mode))
            return simulation

    def state(self, simulation: str) -> Json:
        """How a simulation stands, as SimulationsApiResponse. Raises SmapiError if it isn't known, or no more."""
        with self._lock:
            self._forget()
            started, future = look_up(self._kept, simulation, "simulation")
        if future.done():
            return {"id": simulation, **future.result()}
        if hangs(started):
            return {"id": simulation, "status": "FAILED", "result": {"error": refusal(["the skill doesn't answer"])}}
        return {"id": simulation, "status": "IN_PROGRESS", "result": None}

    def _forget(self) -> None:
        while self._kept:
            started, future = next(iter(self._kept.values()))
            fresh = time.monotonic() - started < KEPT_SECONDS and len(self._kept) <= MAX_KEPT
            if fresh or not (future.done() or hangs(started)):
                return
            self._kept.popitem(last=False)

    def _run(self, utterance: str, locale: str, mode: str) -> Json:
        if self._alexa is None or self._alexa.locale != locale or mode == "FORCE_NEW_SESSION":
            before = self._alexa
            self._alexa = Alexa(self.skill, locale)
            if before:  # a new session, and not somebody else
                self._alexa.user_id, self._alexa.device_id = before.user_id, before.device_id
        return outcome(self._alexa.hear(utterance))


def hangs(started: float) -> bool:
    """Whether a run that isn't over, since `started` on the monotonic clock, is given up."""
    return time.monotonic() - started > MAX_RUN_SECONDS


def outcome(exchange: Exchange) -> Json:
    """A turn as the status and the result of a simulation."""
    skill_side = {"invocations": [invocation(exchange.request, exchange.response)]}
    if exchange.refused:
        return {"status": "FAILED", "result": {"skillExecutionInfo": skill_side, "error": refusal(exchange.refused)}}
    said = [{"type": "Speech", "content": {"caption": words(exchange.speech)}}] if exchange.speech else []
    alexa_side = {"alexaResponses": said, "consideredIntents": considered(exchange.match)}
    return {"status": "SUCCESSFUL", "result": {"alexaExecutionInfo": alexa_side, "skillExecutionInfo": skill_side}}


def refusal(reasons: Sequence[str]) -> Json:
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
    """An intent with its filled slots, as Amazon's testing classes read it: flatter than in a request."""
    slots = resolved_slots(match)
    for slot in slots.values():
        for authority in slot.get("resolutions", {}).get("resolutionsPerAuthority", []):
            if "values" in authority:
                authority["values"] = [each["value"] for each in authority["values"]]
    return {"name": match.intent, "confirmationStatus": "NONE", "slots": slots}


routes = Blueprint("simulations", __name__)


def kept() -> Simulations:
    """The simulations of the current app."""
    found: Simulations = current_app.extensions["simulations"]
    return found


@routes.post("/v2/skills/<skill_id>/stages/<stage>/simulations")
def simulate() -> tuple[Response, dict[str, str]]:
    """Begin to say something to the skill."""
    if not the_skill().enabled:
        raise SmapiError(HTTPStatus.FORBIDDEN, "PRECONDITION_NOT_MET", "The skill is not enabled.")
    body = body_of_request()
    utterance = short("input.content", text_in(body, "input", "content"))
    locale = known_locale(text_in(body, "device", "locale"))
    mode = chosen(body, "session", "mode", MODES)
    if chosen(body, "simulation", "type", KINDS) != KINDS[0]:
        what = "Only simulations of the type DEFAULT are supported; the skill has no name-free interaction yet."
        raise bad_request(what, "OPERATION_NOT_ALLOWED")
    simulation = kept().start(utterance, locale, mode)
    begun = jsonify(id=simulation, status="IN_PROGRESS", result=None)
    return begun, {"Location": f"{request.path}/{simulation}"}


@routes.get("/v2/skills/<skill_id>/stages/<stage>/simulations/<simulation>")
def get_simulation(simulation: str) -> Response:
    """How it went."""
    return jsonify(kept().state(simulation))


# the versions differ in how they call success
@routes.post("/v1/skills/<skill_id>/invocations", defaults={"succeeded": "SUCCEEDED"})
@routes.post("/v2/skills/<skill_id>/stages/<stage>/invocations", defaults={"succeeded": "SUCCESSFUL"})
def invoke(succeeded: str) -> Response:
    """Hand the skill a request as it is."""
    body = body_of_request()
    if text_in(body, "endpointRegion") not in REGIONS:
        raise bad_request(f"endpointRegion is {', '.join(REGIONS[:-1])} or {REGIONS[-1]}.", "INVALID_ENUM_VALUE")
    envelope = table(body.get("skillRequest")).get("body")
    if not isinstance(envelope, dict):
        raise bad_request("skillRequest.body must be a request envelope.", "INVALID_DATA_TYPE")
    try:
        response = kept().skill(envelope)
    except Exception as error:  # on Lambda it would be a failed invocation
        result = {"error": {"code": "SKILL_INVOCATION_FAILED", "message": type(error).__name__}}
        return jsonify(status="FAILED", result=result)
    result = {"skillExecutionInfo": invocation(envelope, response)}
    if reasons := problems(response, str(table(envelope.get("request")).get("type"))):
        return jsonify(status="FAILED", result={**result, "error": refusal(reasons)})
    return jsonify(status=succeeded, result=result)


@routes.post("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>/profileNlu")
def profile(locale: str) -> Response:
    """What an utterance is taken for."""
    utterance = short("utterance", text_in(body_of_request(), "utterance"))
    match = shared_matcher(known_locale(locale)).match(utterance)
    return jsonify(sessionEnded=False, selectedIntent=intent_of(match), consideredIntents=considered(match))


def short(name: str, utterance: str) -> str:
    """The utterance. Raises SmapiError that calls it `name` if nobody says as much in one breath."""
    if len(utterance) > MAX_UTTERANCE:
        raise bad_request(f"{name} has more than {MAX_UTTERANCE} characters.", "INVALID_STRING_LENGTH")
    return utterance


def chosen(body: Json, part: str, name: str, values: Sequence[str]) -> str:
    """The value of `part.name` in the body, the first of `values` where there is no such part. Raises SmapiError."""
    value = text_in(body, part, name) if body.get(part) else values[0]
    if value not in values:
        raise bad_request(f"{part}.{name} is {' or '.join(values)}.", "INVALID_ENUM_VALUE")
    return value

"""The web service: one path for Alexa, two for whoever watches over it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import Any

from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_core.skill import CustomSkill
from cryptography.x509 import Certificate
from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
    UnsupportedMediaType,
)

from cramp_coach import guard
from cramp_coach.envelope import Json, request_type, table
from cramp_coach.handlers.log import where

from .chains import AMAZON, Chains, trusted_roots
from .sdk import VERIFY_SIGNATURE_APP_CONFIG, VERIFY_TIMESTAMP_APP_CONFIG, SkillAdapter, VerificationException
from .settings import Settings
from .verifier import RequestVerifier

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = logging.getLogger("selfhost.requests")


class JsonSerializer:
    """Plain JSON where ask-sdk would make objects: the guard reads requests its own way."""

    def deserialize(self, payload: str, obj_type: object) -> Json:
        """A request envelope. Raises VerificationException if it is none."""
        try:
            envelope = json.loads(payload.removeprefix("\ufeff"))
        except (ValueError, RecursionError):  # not JSON, an endless number, a nest without end
            raise VerificationException("the body is not JSON") from None
        if not request_type(envelope):
            raise VerificationException("the body is not a request that Alexa sends")
        return table(envelope)

    def serialize(self, response_envelope: Json) -> Json:
        """A response envelope, as it is."""
        return response_envelope


class GuardedSkill(CustomSkill):
    """The skill as Lambda runs it, guard and all, in the shape that flask-ask-sdk asks for.

    The adapter reads requests before its verifiers run, and answers 500 when a skill breaks; the guard
    does neither, so it takes the place of the whole of `CustomSkill`.
    """

    def __init__(self) -> None:
        self.serializer = JsonSerializer()  # type: ignore[assignment]
        self.custom_user_agent = None  # type: ignore[assignment]

    def invoke(self, request_envelope: Json, context: Any) -> Json:  # type: ignore[override]
        """Answer a request: JSON in, JSON out. Whatever breaks, the person gets a step.

        Raises VerificationException if it is for another skill, which the guard sees even where nothing is verified.
        """
        g.request_type = request_type(request_envelope)
        try:
            return guard.answer(request_envelope, context)
        except AskSdkException as error:
            raise VerificationException(str(error)) from None


def create_app(
    skill_id: str,
    *,
    roots: Iterable[Certificate] | None = None,
    origin: str = AMAZON,
    verify: bool = True,
    body_bytes: int = Settings.body_bytes,
) -> Flask:
    """The service for the skill `skill_id`.

    `roots` and `origin` are for tests: other certificates to trust than Mozilla's, another host to fetch
    chains from than Amazon's. `verify=False` lets anybody in, and is for development on one's own machine.
    `body_bytes` is the most that a request may hold. Raises ValueError if `skill_id` is empty and verified.
    """
    if verify and not skill_id:
        raise ValueError("a request can't be verified without the skill's id")
    app = Flask("selfhost", static_folder=None)
    app.config[VERIFY_SIGNATURE_APP_CONFIG] = False  # `RequestVerifier` does both, and more
    app.config[VERIFY_TIMESTAMP_APP_CONFIG] = False
    app.config["MAX_CONTENT_LENGTH"] = body_bytes
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # The adapter would log a stack trace for each bad request; `_finish` logs a line for each request.
    app.logger.disabled = True

    if not verify:
        log.warning("requests are not verified")
    trusted = trusted_roots() if roots is None else list(roots)
    verifiers = [RequestVerifier(Chains(trusted, origin), skill_id)] if verify else []
    SkillAdapter(GuardedSkill(), skill_id, verifiers, app).register(app, "/", endpoint="skill")
    app.add_url_rule("/health/live", "live", _live)
    app.add_url_rule("/health/ready", "ready", lambda: _ready(skill_id))
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _break)
    return app


def _begin() -> None:
    g.begun = time.perf_counter()
    if request.endpoint != "skill":
        return
    if request.mimetype != "application/json" or request.content_encoding:
        raise UnsupportedMediaType("Send application/json, not compressed.")
    try:
        body = request.get_data()
    except HTTPException:
        raise
    except Exception:  # each server has its own for a broken chunk, or a client that went away or was too slow
        raise BadRequest("The body did not arrive in whole.") from None
    if request.content_length is None and len(body) >= (request.max_content_length or 0):  # cut off at the limit
        raise RequestEntityTooLarge
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    fields = {
        "path": request.endpoint or "none",
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.begun) * 1000, 1),
        "type": g.get("request_type"),
        "reason": g.get("reason"),
    }
    level = logging.WARNING if response.status_code >= 400 else logging.INFO
    log.log(level, "request", extra={"fields": {name: value for name, value in fields.items() if value is not None}})
    return response


def _refuse(error: HTTPException) -> Response:
    """The status, and a sentence; why a verification failed is for the log alone."""
    cause = error.__context__
    g.reason = g.get("broken") or (str(cause) if isinstance(cause, VerificationException) else error.description)
    response = jsonify(error=error.description)
    response.status_code = error.code or 500
    if isinstance(error, ServiceUnavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    if isinstance(error, RequestEntityTooLarge):  # the rest of it is not going to be read
        response.headers["Connection"] = "close"
    return response


def _break(error: Exception) -> Response:
    g.broken = f"{type(error).__name__} at {where(error)}"
    return _refuse(InternalServerError())


def _live() -> Response:
    return jsonify(live=True)


def _ready(skill_id: str) -> tuple[Response, int]:
    """Ready is who can say the first step: so it is asked for."""
    application = {"application": {"applicationId": skill_id}}
    launch = {"request": {"type": "LaunchRequest", "locale": "en-US"}, "context": {"System": application}}
    try:
        ready = "outputSpeech" in guard.answer(launch, None)["response"]
    except Exception:
        ready = False
    return jsonify(ready=ready), 200 if ready else 503

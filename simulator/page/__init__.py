"""The page: a front end of the simulator in the browser. It asks the engine over JSON and has no logic of its own.

| request | does |
|---|---|
| `GET /` | the page |
| `GET /page/choices` | locales with what to say first, devices, states worth seeing, whether there is a renderer |
| `POST /page/conversations` `{locale, device, acts}` | starts one, in which these acts were done: 201 with its state |
| `GET /page/conversations/ID` | its state, with all turns: what a reloaded page needs |
| `PUT /page/conversations/ID` `{locale, device, acts}` | starts over, perhaps on another device or in the middle |
| `POST /page/conversations/ID/turns` | one act: `{say}`, `{silent: true}`, `{touch: [...]}` or `{request: {...}}` |
| `GET /page/conversations/ID/everywhere` | what every device with a screen shows after the same acts |
| `GET /page/conversations/ID/replay` | what was said, as a file for `ask dialog --replay` |
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request, send_from_directory
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from simulator.devices import DEFAULT_DEVICE, DEVICES, UnknownDeviceError
from simulator.languages import UnknownLocaleError
from simulator.model import ROOT, locales
from simulator.page.conversations import ActError, Conversations, UnknownConversationError
from simulator.skill import Json, Skill

STATIC = Path(__file__).parent / "static"
STATES = Path(__file__).parent / "states.toml"
MANIFEST = ROOT / "skill-package" / "skill.json"
# Amazon's own renderer of screens, where `npm ci` or `make screens` has fetched it
RENDERERS = [folder / "node_modules" / "apl-viewhost-web" for folder in (ROOT, ROOT / "build" / "screens")]
MAX_BYTES = 256 * 1024  # of one request: a whole conversation that is played again
DEFAULT_LOCALE = "en-US"

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
# The renderer builds functions from strings and writes styles. So it lives in a frame of its own that may do
# nothing else: no network, and an origin that can't reach the page.
SCREEN_SECURITY_POLICY = "; ".join(
    [
        "sandbox allow-scripts",
        "default-src 'none'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "img-src data: blob:",
        "connect-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)


page = Blueprint("page", __name__)


def serve_page(app: Flask, skill: Skill) -> None:
    """Let `app` serve the page, talking to `skill`."""
    app.extensions["conversations"] = Conversations(skill)
    app.register_blueprint(page)


def conversations() -> Conversations:
    """The conversations of the current app."""
    found: Conversations = current_app.extensions["conversations"]
    return found


@page.before_request
def small() -> None:
    """A request of the page is smaller than Amazon's may be."""
    request.max_content_length = MAX_BYTES


@page.get("/")
def index() -> Response:
    """The page."""
    return _secured(send_from_directory(STATIC, "page.html"), CONTENT_SECURITY_POLICY)


@page.get("/screen")
def screen() -> Response:
    """The frame that draws screens."""
    return _secured(send_from_directory(STATIC, "screen.html"), SCREEN_SECURITY_POLICY)


@page.get("/static/<path:name>")
def static(name: str) -> Response:
    """What both of them load."""
    return _for_frame(send_from_directory(STATIC, name))


@page.get("/renderer.js")
def renderer() -> Response:
    """Amazon's renderer, if it was fetched."""
    folder = _renderer()
    if folder is None:
        raise NotFound("Amazon's renderer is not here: run make screens.")
    return _for_frame(send_from_directory(folder, "index.js", max_age=3600))


@page.get("/page/choices")
def choices() -> Response:
    """What there is to choose from."""
    devices = [{"name": name, **asdict(device)} for name, device in DEVICES.items()]
    usual = {"locale": DEFAULT_LOCALE, "device": DEFAULT_DEVICE}
    states = tomllib.loads(STATES.read_text(encoding="utf-8"))
    drawn = _renderer() is not None
    return jsonify(locales=locales(), devices=devices, usual=usual, renderer=drawn, states=states, examples=_examples())


def _examples() -> dict[str, list[str]]:
    """What the store page of each locale gives to say, without the name that wakes the device."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))["manifest"]
    pages = manifest["publishingInformation"]["locales"]
    return {locale: [line.partition(", ")[2] for line in page["examplePhrases"]] for locale, page in pages.items()}


@page.post("/page/conversations")
def start() -> tuple[Response, int]:
    """A new conversation."""
    return jsonify(conversations().start(*_choice()).state()), 201


@page.get("/page/conversations/<conversation_id>")
def state(conversation_id: str) -> Response:
    """All of a conversation."""
    return jsonify(conversations().find(conversation_id).state())


@page.put("/page/conversations/<conversation_id>")
def start_over(conversation_id: str) -> Response:
    """Another in its place."""
    conversations().find(conversation_id)
    return jsonify(conversations().start_over(conversation_id, *_choice()).state())


@page.post("/page/conversations/<conversation_id>/turns")
def turn(conversation_id: str) -> Response:
    """One turn of it."""
    return jsonify(conversations().find(conversation_id).do(_body()))


@page.get("/page/conversations/<conversation_id>/everywhere")
def everywhere(conversation_id: str) -> Response:
    """What every screen shows after it."""
    return jsonify(conversations().everywhere(conversation_id))


@page.get("/page/conversations/<conversation_id>/replay")
def replay(conversation_id: str) -> Response:
    """What was said in it, as a file."""
    made = conversations().find(conversation_id).replay().to_json()
    as_file = {"Content-Disposition": "attachment; filename=replay.json"}
    return Response(made, mimetype="application/json", headers=as_file)


@page.errorhandler(HTTPException)
def refused(error: HTTPException) -> tuple[Response, int]:
    """What Flask refuses."""
    return jsonify(message=error.description), error.code or 500


@page.errorhandler(UnknownConversationError)
@page.errorhandler(ActError)
@page.errorhandler(UnknownLocaleError)
@page.errorhandler(UnknownDeviceError)
def impossible(error: Exception) -> tuple[Response, int]:
    """A conversation that isn't there, and what nobody can ask for."""
    return jsonify(message=str(error)), 404 if isinstance(error, UnknownConversationError) else 400


def _renderer() -> Path | None:
    return next((folder for folder in RENDERERS if (folder / "index.js").is_file()), None)


def _body() -> Json:
    body = request.get_json()
    if not isinstance(body, dict):
        raise BadRequest("The body is not a JSON object.")
    return body


def _choice() -> tuple[str, str, list[Any]]:
    body = _body()
    locale, device = body.get("locale", DEFAULT_LOCALE), body.get("device", DEFAULT_DEVICE)
    acts = body.get("acts", [])
    if not isinstance(locale, str) or not isinstance(device, str) or not isinstance(acts, list):
        raise BadRequest("locale and device are strings, acts is a list.")
    return locale, device, acts


def _secured(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
    return response


def _for_frame(response: Response) -> Response:
    # the frame of the screen has an origin of its own, to which this server is another site
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"  # nothing here is secret, and fonts need it
    return response

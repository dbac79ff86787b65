"""The simulator over HTTP: the page for a person, and Amazon's own interface for its command line.

It is for this machine alone. It listens on the loopback interface, answers to loopback names only (a name of
somebody else's that points here is refused), and takes nothing from another site's pages.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator.page import serve_page
from simulator.skill import Skill, local_skill
from simulator.smapi import serve_smapi

HOST = "127.0.0.1"
PORT = 8026  # if it is taken, whatever is free
LOOPBACK_NAMES = ["localhost", "127.0.0.1"]
MAX_BYTES = 4 * 1024 * 1024  # of one request: a big interaction model or annotation set
# how Amazon calls what Flask itself refuses
CODES = {HTTPStatus.NOT_FOUND: "RESOURCE_NOT_FOUND", HTTPStatus.METHOD_NOT_ALLOWED: "OPERATION_NOT_ALLOWED"}
# what the sandboxed frame of the screen loads; to it, everything is another site
FOR_EVERY_SITE = ("page.static", "page.renderer")


def create_app(skill: Skill | None = None) -> Flask:
    """The web application, around the skill of this checkout or another.

    Every front end of it drives the same engine, `simulator.alexa.Alexa`.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(TRUSTED_HOSTS=LOOPBACK_NAMES, MAX_CONTENT_LENGTH=MAX_BYTES)
    app.json = EnvelopeJson(app)
    served = skill or local_skill()
    app.before_request(refuse_other_sites)
    app.before_request(refuse_the_endless)
    serve_page(app, served)
    serve_smapi(app, served)
    app.after_request(harden)
    app.after_request(let_go_of_files)
    app.register_error_handler(HTTPException, explain)
    return app


class EnvelopeJson(DefaultJSONProvider):
    """JSON in Amazon's order, from whoever may have written it."""

    sort_keys = False

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Parse it. Raises ValueError, which Flask answers with 400, also if it is nested too deeply."""
        try:
            return super().loads(s, parse_constant=_refuse_constant, **options)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def refuse_other_sites() -> None:
    """A page of another site may link here, and nothing else. A program that is not a browser says nothing of sites."""
    if request.endpoint in FOR_EVERY_SITE and request.method == "GET":
        return
    ours = request.host_url.rstrip("/")
    follows_link = request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "document"
    near = request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    if request.headers.get("Origin", ours) != ours or not (near or follows_link):
        abort(403, "Requests from other sites are refused.")


def refuse_the_endless() -> None:
    """A body that doesn't say how long it is would be cut off at the limit, and the rest of it never missed."""
    if request.content_length is None and len(request.get_data()) >= MAX_BYTES:
        abort(413)


def harden(response: Response) -> Response:
    """Nothing is guessed, kept, framed or sent on."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def let_go_of_files(response: Response) -> Response:
    """A file is read before it is sent: werkzeug never closes one whose reader goes away halfway."""
    if response.direct_passthrough:
        response.direct_passthrough = False
        response.get_data()
        response.close()
    return response


def explain(error: HTTPException) -> tuple[Response, int]:
    """An error as Amazon's interfaces word it: JSON with a code and a message."""
    status = HTTPStatus(error.code or 500)
    return jsonify(code=CODES.get(status, status.name), message=error.description), status


class QuietHandler(WSGIRequestHandler):
    """Logs no request: nobody wants them between the lines of a conversation."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """The simulator's web server in a thread of this process."""

    def __init__(self, app: Flask, port: int = PORT) -> None:
        """Binds `port`, or a free one if it is taken. Raises OSError if not even that can be had."""
        listener = _listener(port)
        with listener:  # the server works on a copy
            self._server: BaseWSGIServer = make_server(
                HOST, 0, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno()
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Where a browser finds it, such as "http://127.0.0.1:8026"."""
        return f"http://{HOST}:{self._server.port}"

    def __enter__(self) -> Server:
        """Start serving."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self) -> None:
        """Until somebody presses Ctrl-C."""
        with suppress(KeyboardInterrupt):
            self._thread.join()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError:
        return socket.create_server((HOST, 0))

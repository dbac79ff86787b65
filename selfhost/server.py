"""gunicorn around the service: several processes, a graceful stop, and clients that hold up nobody.

Threads, because a request takes a millisecond but may wait for a certificate. gunicorn's threaded worker gives
a thread to whoever connects and waits in its one event loop for whoever doesn't hang up, so that a few dozen
connections on which nothing happens would hold up everybody. `Worker` gives a thread to a request once it begins,
ends it if it isn't there in time, and waits for nobody in the loop. docs/decisions.md has what was measured.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from .logs import LOGGING
from .settings import Settings


class Connection(TConn):  # type: ignore[misc]
    """A client's connection. Its thread has waited for the client to hang up, so closing it waits for nobody."""

    def close(self, graceful: bool = False) -> None:
        """Close it, in the event loop."""
        util.close(self.sock)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, in which idle, slow and lingering clients hold up nobody."""

    read_seconds = Settings.read_seconds

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._reading: dict[TConn, float] = {}

    def accept(self, listener: Any) -> None:
        """Take a connection, which gets a thread as soon as something is sent."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another worker was faster, or it is gone again
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.set_timeout()
        self.pending_conns.append(connection)
        readable = partial(self.on_pending_socket_readable, connection)
        self.poller.register(client, selectors.EVENT_READ, readable)

    def handle(self, conn: TConn) -> Any:
        """Serve a request of a connection, in a thread. Whether the connection is kept."""
        self._reading[conn] = time.monotonic() + self.read_seconds
        try:
            kept = super().handle(conn)
        finally:
            del self._reading[conn]
        if not kept:  # what is closed while something of the client's is unread would take the answer with it
            util.close_graceful(conn.sock)
        return kept

    def notify(self) -> None:
        """Once a second or more often, in the main thread: nothing more is read from who is late.

        The thread that waits for it gets the end of the stream; what it has to say can still be sent.
        """
        super().notify()
        now = time.monotonic()
        for conn, deadline in list(self._reading.items()):
            if now > deadline:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not. Whoever had connected before the stop is still served.

        gunicorn would keep the listening sockets open until it is done, and who connects meanwhile would
        wait and be dropped; closed at once, it is refused at once, and a proxy tries elsewhere or again.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                before = -1
                while before != self.nr_conns:
                    before = self.nr_conns
                    self.accept(listener)
                listener.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """A stop waits no longer for connections on which nothing was sent yet than for those that were kept."""
        super()._cap_keepalive(deadline)
        for connection in self.pending_conns:
            connection.timeout = min(connection.timeout, deadline)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """What is not HTTP is the client's mistake, always. Nobody's address or words are logged or sent back."""
        if isinstance(exc, ParseException):
            with suppress(OSError):
                util.write_error(client, 400, "Bad Request", "")
        else:
            super().handle_error(req, client, addr, exc)


class Closing:
    """Makes gunicorn close a connection where an answer says `Connection: close`, which it would leave out."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve a request, by the Web Server Gateway Interface (PEP 3333)."""

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if ("Connection", "close") in headers:
                start_response.__self__.force_close()  # gunicorn's response
            return start_response(status, headers, *error)

        return self._app(environ, start)


class Server(BaseApplication):  # type: ignore[misc]
    """The service `create` makes, under gunicorn."""

    def __init__(self, create: Callable[[], Flask], settings: Settings) -> None:
        self._create = create
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Every setting of gunicorn that isn't its default."""
        Worker.read_seconds = self._settings.read_seconds
        chosen = {
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "graceful_timeout": self._settings.stop_seconds,
            "worker_class": Worker,
            "preload_app": True,  # one import, shared memory; a service that can't start says so at once
            "keepalive": 15,  # a proxy keeps connections open
            "control_socket_disable": True,
            "logconfig_dict": LOGGING,  # gunicorn would log in its own way otherwise
            "accesslog": None,  # it would name addresses; selfhost.app has a line for each request
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The WSGI application."""
        app = self._create()
        app.wsgi_app = Closing(app.wsgi_app)  # type: ignore[method-assign]
        return app

"""gunicorn around the service: several processes, a graceful stop, and an end to slow clients.

Threads, because a request takes a millisecond but may wait for a certificate. What gunicorn's threaded
worker lacks is a limit on how long a client may take to send its request, so that a few clients that send
a byte now and then could hold every thread: `Worker` adds it. (gevent would make such clients cheap but
not end them, at the price of patching the standard library.) A reverse proxy in front, which TLS needs
anyway, takes a request in whole before it passes it on.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from .logs import LOGGING
from .settings import Settings


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker; but a request has to be there in time."""

    read_seconds = Settings.read_seconds

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._reading: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        """Serve a request of a connection, in a thread."""
        self._reading[conn] = time.monotonic() + self.read_seconds
        try:
            return super().handle(conn)
        finally:
            del self._reading[conn]

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

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """What is no HTTP is the client's mistake, always. Nobody's address or words are logged or sent back."""
        if isinstance(exc, ParseException):
            with suppress(OSError):
                util.write_error(client, 400, "Bad Request", "")
        else:
            super().handle_error(req, client, addr, exc)


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
            "logconfig_dict": LOGGING,
            "accesslog": None,  # it would name addresses; selfhost.app has a line for each request
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The WSGI application."""
        return self._create()

"""Work that a request starts and does not wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


def in_background(work: Callable[Given, Made], *args: Given.args, **options: Given.kwargs) -> Future[Made]:
    """Do it in a thread of its own, which never keeps the process from ending; an executor's threads would."""
    future: Future[Made] = Future()

    def run() -> None:
        try:
            future.set_result(work(*args, **options))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future

"""Waiting for what happens, and not for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def wait_for(condition: Callable[[], Value], what: object = "", seconds: float = 60, pause: float = 0.02) -> Value:
    """Wait until `condition` holds, and return what it says. How long that takes is no defect; but there is an end."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"timed out waiting for: {what}")
        time.sleep(pause)
    return value

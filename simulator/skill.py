"""The skill under test, known only through JSON in and JSON out."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

LAMBDA = Path(__file__).resolve().parent.parent / "lambda"

Json = dict[str, Any]
Skill = Callable[[Json], Any]


def local_skill() -> Skill:
    """`lambda_handler` from this checkout, fed and read as serialised JSON like on Lambda."""
    if str(LAMBDA) not in sys.path:
        sys.path.insert(0, str(LAMBDA))
    handler = importlib.import_module("lambda_function").lambda_handler

    def call(envelope: Json) -> Any:
        return json.loads(json.dumps(handler(json.loads(json.dumps(envelope)), None)))

    return call


def table(value: Any) -> Json:
    """`value` if it is a JSON object, else an empty one: what is sent, or answered, may be anything."""
    return value if isinstance(value, dict) else {}

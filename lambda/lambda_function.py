"""The AWS Lambda entry point."""

from __future__ import annotations

import os
from typing import Any

from cramp_coach import guard

# Where Lambda takes a snapshot (or keeps functions ready), this runs before anybody waits.
if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand") != "on-demand":
    guard.warm_up()


def lambda_handler(event: object, context: Any) -> dict[str, Any]:
    """Answer one Alexa request: the request envelope in, the response envelope out, both as JSON.

    Never raises but for a request that is meant for another skill (see `guard.answer`).
    """
    return guard.answer(event, context)

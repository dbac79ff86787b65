"""When something of ours breaks: a useful step all the same."""

from __future__ import annotations

from ask_sdk_core.dispatch_components import AbstractExceptionHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from ..conversation import Event
from ..envelope import CAN_FULFILL
from .answering import answer
from .log import log_failure
from .reading import request_of


class ErrorHandler(AbstractExceptionHandler):
    """Anything that a handler raised, and any request that no handler takes."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        """Everything that somebody waits to hear an answer to; the guard has the rest."""
        return bool(request_of(handler_input).object_type != CAN_FULFILL)

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """Go back to the step they were at."""
        log_failure(str(request_of(handler_input).object_type), exception)
        return answer(handler_input, Event("Lost"))

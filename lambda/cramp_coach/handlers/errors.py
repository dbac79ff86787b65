"""When something of ours breaks: a useful step all the same, and one log line about nobody."""

from __future__ import annotations

from ask_sdk_core.dispatch_components import AbstractExceptionHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from ..conversation import Event
from ..envelope import CAN_FULFILL
from .answering import answer
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


def log_failure(request_type: str, exception: BaseException) -> None:
    """One line: what kind of request, what kind of error, where. Never a message, which could quote a person."""
    import logging  # only when something breaks: it costs a cold start two milliseconds

    trace = exception.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
    error = type(exception).__name__
    logging.getLogger("cramp_coach").error("request failed: type=%s error=%s at=%s", request_type, error, where)

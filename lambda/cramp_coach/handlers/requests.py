"""An answer for each kind of request that somebody waits to have answered; the guard has the rest."""

from __future__ import annotations

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from ..conversation import EVENTS, INTERNAL_EVENTS, Event
from ..envelope import CAN_FULFILL, TOUCH
from .answering import answer
from .log import log_failure
from .reading import AMAZON, event_name, event_of, locale_of, request_of, touch_of
from .tasks import task_of


def launch(handler_input: HandlerInput) -> Response:
    """ "Open cramp coach": the first step, at once. A routine or a link can start the bedtime stretch instead."""
    return answer(handler_input, task_of(handler_input) or Event("Launch"))


def intent(handler_input: HandlerInput) -> Response:
    """What was said."""
    return answer(handler_input, event_of(handler_input))


def touch(handler_input: HandlerInput) -> Response:
    """A touch on a screen, as if it had been said."""
    return answer(handler_input, touch_of(handler_input))


def can_fulfill(handler_input: HandlerInput) -> Response:
    """Whether the skill could answer something that was said to Alexa without naming it; nothing is changed."""
    from .can_fulfill import verdict  # Alexa asks this of no one in pain: a launch needn't wait for its classes

    return handler_input.response_builder.set_can_fulfill_intent(
        verdict(request_of(handler_input).intent, locale_of(handler_input))
    ).response


ANSWERS = {"LaunchRequest": launch, "IntentRequest": intent, TOUCH: touch, CAN_FULFILL: can_fulfill}


class RequestHandler(AbstractRequestHandler):
    """Every request with an answer, of `ANSWERS`."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether it is one, and of an intent that there is."""
        kind = request_of(handler_input).object_type
        return kind in ANSWERS and (kind != "IntentRequest" or is_known(request_of(handler_input).intent.name))

    def handle(self, handler_input: HandlerInput) -> Response:
        """Answer it."""
        return ANSWERS[request_of(handler_input).object_type](handler_input)


class ErrorHandler(AbstractExceptionHandler):
    """Anything that broke, and any request without an answer: a useful step all the same."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:
        """Everything that somebody waits to hear an answer to; the guard has the rest."""
        return bool(request_of(handler_input).object_type != CAN_FULFILL)

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """Go back to the step they were at."""
        log_failure(str(request_of(handler_input).object_type), exception)
        return answer(handler_input, Event("Lost"))


def is_known(intent_name: str) -> bool:
    """Whether an intent has an event. Amazon's own come unasked, too ("shuffle off"), and are not understood."""
    return intent_name.startswith(AMAZON) or handles(intent_name)


def handles(intent_name: str) -> bool:
    """Whether an intent has a handler: the models are checked against this."""
    name = event_name(intent_name)
    return name in EVENTS and name not in INTERNAL_EVENTS

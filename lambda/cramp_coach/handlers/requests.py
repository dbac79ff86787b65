"""One handler for each kind of request that somebody waits to have answered; the guard has the rest."""

from __future__ import annotations

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from ..conversation import EVENTS, INTERNAL_EVENTS, Event
from ..envelope import CAN_FULFILL, TOUCH
from .answering import answer
from .reading import AMAZON, event_name, event_of, locale_of, request_of, touch_of
from .tasks import task_of


class LaunchHandler(AbstractRequestHandler):
    """ "Open cramp coach": the first step, at once. A routine or a link can start the bedtime stretch instead."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether this is a launch."""
        return bool(request_of(handler_input).object_type == "LaunchRequest")

    def handle(self, handler_input: HandlerInput) -> Response:
        """Answer with the step itself."""
        return answer(handler_input, task_of(handler_input) or Event("Launch"))


class IntentHandler(AbstractRequestHandler):
    """Every intent that the conversation knows. Amazon's own come unasked, too ("shuffle off"): not understood."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether this is an intent with an event behind it, or one of Amazon's."""
        request = request_of(handler_input)
        name = request.intent.name if request.object_type == "IntentRequest" else ""
        return name.startswith(AMAZON) or handles(name)

    def handle(self, handler_input: HandlerInput) -> Response:
        """Answer what was said."""
        return answer(handler_input, event_of(handler_input))


class TouchHandler(AbstractRequestHandler):
    """A touch on a screen: the same events as the voice."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether something was touched."""
        return bool(request_of(handler_input).object_type == TOUCH)

    def handle(self, handler_input: HandlerInput) -> Response:
        """Answer as if it had been said."""
        return answer(handler_input, touch_of(handler_input))


class CanFulfillHandler(AbstractRequestHandler):
    """Whether the skill could answer something that was said to Alexa without naming it."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether Alexa asks that."""
        return bool(request_of(handler_input).object_type == CAN_FULFILL)

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say what could be answered, and change nothing."""
        from .can_fulfill import verdict  # Alexa asks this of no one in pain: a launch needn't wait for its classes

        return handler_input.response_builder.set_can_fulfill_intent(
            verdict(request_of(handler_input).intent, locale_of(handler_input))
        ).response


def handles(intent_name: str) -> bool:
    """Whether an intent has a handler: the models are checked against this."""
    name = event_name(intent_name)
    return name in EVENTS and name not in INTERNAL_EVENTS

"""Answering a request: the conversation's turn as an Alexa response."""

from __future__ import annotations

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from .. import speech
from ..conversation import Event, respond
from ..words import words_for
from .reading import locale_of, state_of
from .tasks import TASK, began_with_task, task_completed


def answer(handler_input: HandlerInput, event: Event) -> Response:
    """Answer `event`. The session stays open if and only if something was asked."""
    words = words_for(locale_of(handler_input))
    turn = respond(state_of(handler_input), event, words)
    spoken = speech.render(turn, words)
    builder = handler_input.response_builder
    builder.speak(spoken.ssml)
    if spoken.reprompt is not None:
        builder.ask(spoken.reprompt)
    builder.set_should_end_session(spoken.reprompt is None)
    attributes = turn.state.to_attributes()
    if began_with_task(handler_input):
        attributes[TASK] = True
        if spoken.reprompt is None:
            builder.add_directive(task_completed())
    if handler_input.request_envelope.session:
        handler_input.attributes_manager.session_attributes = attributes
    return builder.response

"""Answering a request: the conversation's turn as an Alexa response."""

from __future__ import annotations

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Response

from .. import speech
from ..conversation import Event, Turn, respond
from ..words import Words, words_for
from .log import log_failure
from .reading import has_screen, locale_of, state_of
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
    if turn.card:
        from ask_sdk_model.ui import SimpleCard  # seldom wanted

        title, *lines = (speech.plain(ref, turn.state, words) for ref in turn.card)
        builder.set_card(SimpleCard(title=title, content="\n".join(lines)))
    attributes = turn.state.to_attributes()
    if began_with_task(handler_input):  # which Alexa may refuse a screen: the voice carries everything
        attributes[TASK] = True
        if spoken.reprompt is None:
            builder.add_directive(task_completed())
    elif has_screen(handler_input):
        _show(handler_input, turn, words)
    if handler_input.request_envelope.session:
        handler_input.attributes_manager.session_attributes = attributes
    return builder.response


def _show(handler_input: HandlerInput, turn: Turn, words: Words) -> None:
    """Show the turn. A screen that breaks is left out: the voice carries everything."""
    try:
        # only where there is a screen: a launch on an Echo waits for none of this
        from ask_sdk_model.interfaces.alexa.presentation.apl import RenderDocumentDirective

        from ..screens import screen_for

        screen = screen_for(turn, words)
        if screen:
            handler_input.response_builder.add_directive(RenderDocumentDirective(**screen))
    except Exception as exception:
        log_failure("screen", exception)

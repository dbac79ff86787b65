"""The least an ask-sdk-core skill can be: what every figure of `make bench` stands beside."""

from typing import Any

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Response


class AnyHandler(AbstractRequestHandler):
    """Says the same to everything."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Everything."""
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        """Say hello and listen."""
        return handler_input.response_builder.speak("Hello.").ask("Hello?").response


builder = SkillBuilder()
builder.add_request_handler(AnyHandler())
lambda_handler: Any = builder.lambda_handler()

"""The skill: handlers, interceptors and error handling, in the order in which they are tried."""

from __future__ import annotations

from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder

from .handlers.requests import ErrorHandler, RequestHandler


def create_skill() -> CustomSkill:
    """The one skill object, for Lambda and for a server alike."""
    builder = SkillBuilder()
    builder.add_request_handler(RequestHandler())
    builder.add_exception_handler(ErrorHandler())
    return builder.create()

"""The guard around the skill: whatever arrives, and whatever breaks, a valid response leaves.

Errors before dispatch (an unknown request type, say) reach no exception handler of the SDK,
so they are caught here.
"""

from __future__ import annotations

import json
import os
from typing import Any

from ask_sdk_core.exceptions import AskSdkException
from ask_sdk_model import RequestEnvelope

from . import speech
from .conversation import Event, State, respond
from .envelope import CAN_FULFILL, Json, application_id, essentials, is_silent, request_type, table, text
from .handlers.log import log_failure, log_report
from .skill import create_skill
from .words import words_for

SKILL = create_skill()


def answer(event: object, context: Any) -> Json:
    """Answer one request: JSON in, JSON out.

    Raises AskSdkException if SKILL_ID is set in the environment and the request is for another
    skill: Amazon's rule is to serve nobody else.
    """
    skill_id = os.environ.get("SKILL_ID", "")
    if skill_id and application_id(event) != skill_id:
        raise AskSdkException("The request is not for this skill: its application id is not SKILL_ID.")
    if is_silent(request_type(event)):
        return _acknowledge(event)
    try:
        request = SKILL.serializer.deserialize(json.dumps(essentials(event)), RequestEnvelope)
        response: Json = SKILL.serializer.serialize(SKILL.invoke(request, context))  # type: ignore[assignment]
        return response
    except Exception as exception:  # whatever it was, the person still needs a step
        log_failure(request_type(event), exception)
        return _rescue(event)


def warm_up() -> None:
    """Answer a launch that nobody asked for, so that what the first answer imports and reads is there already.

    Safe to do before a snapshot: an answer depends on its request alone. Nothing is drawn at random, no time is
    kept, no connection is open, so that nothing is stale or shared when the snapshot is started a thousand times.
    """
    application = {"applicationId": os.environ.get("SKILL_ID", "")}
    answer({"session": {"application": application}, "request": {"type": "LaunchRequest", "locale": "en-US"}}, None)


def _acknowledge(event: object) -> Json:
    """Say nothing, forget nothing. The SDK has no part in it: there are events that are newer than it is."""
    log_report(event)
    session = table(event).get("session")
    kept = {"sessionAttributes": table(session.get("attributes"))} if isinstance(session, dict) else {}
    return {"version": "1.0", **kept, "response": {}}


def _rescue(event: object) -> Json:
    """The first step, made without the SDK and without what the session carried."""
    if request_type(event) == CAN_FULFILL:
        return {"version": "1.0", "response": {"canFulfillIntent": {"canFulfill": "NO"}}}
    words = words_for(text(table(table(event).get("request")).get("locale")))
    turn = respond(State(), Event("Lost"), words)
    spoken = speech.render(turn, words)
    return {
        "version": "1.0",
        "sessionAttributes": turn.state.to_attributes(),
        "response": {
            "outputSpeech": {"type": "SSML", "ssml": spoken.ssml},
            "reprompt": {"outputSpeech": {"type": "SSML", "ssml": spoken.reprompt}},
            "shouldEndSession": False,
        },
    }

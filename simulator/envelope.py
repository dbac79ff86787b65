"""Building the request envelopes that Alexa would send."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from typing import Any

from simulator.matching import FilledSlot, Match

Json = dict[str, Any]

# the owner's own skill id where the environment has one, because the skill then answers to no other
APPLICATION_ID = os.environ.get("SKILL_ID") or "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


def launch_request(locale: str) -> Json:
    """ "Alexa, open cramp coach"."""
    return {"type": "LaunchRequest", **_common(locale)}


def task_request(locale: str, task: str, values: Json) -> Json:
    """A routine, a quick link or another skill starts a custom task: a launch that names it, with its input."""
    return {**launch_request(locale), "task": {"name": f"{APPLICATION_ID}.{task}", "version": "1", "input": values}}


def can_fulfill_request(locale: str, match: Match, slot_names: dict[str, str]) -> Json:
    """Alexa asks whether the skill could answer an utterance that didn't name it."""
    request = intent_request(locale, match, slot_names)
    del request["dialogState"]
    return {**request, "type": "CanFulfillIntentRequest"}


def intent_request(locale: str, match: Match, slot_names: dict[str, str]) -> Json:
    """An utterance that was taken for an intent. `slot_names` are all slots of the intent with their types."""
    slots = {name: _slot(name, match.slots.get(name), kind) for name, kind in slot_names.items()}
    intent = {"name": match.intent, "confirmationStatus": "NONE", **({"slots": slots} if slots else {})}
    return {"type": "IntentRequest", **_common(locale), "intent": intent, "dialogState": "STARTED"}


def session_ended_request(locale: str, reason: str) -> Json:
    """The end of a session that the skill did not close itself: USER_INITIATED, EXCEEDED_MAX_REPROMPTS or ERROR."""
    return {"type": "SessionEndedRequest", **_common(locale), "reason": reason}


def user_event(locale: str, arguments: list[Any], token: str) -> Json:
    """A touch on a screen of Alexa Presentation Language, from the document with this token."""
    source = {"type": "TouchWrapper", "handler": "Press", "id": ""}
    return {
        "type": "Alexa.Presentation.APL.UserEvent",
        **_common(locale),
        "token": token,
        "arguments": arguments,
        "source": source,
        "components": {},
    }


def envelope(request: Json, session: Json, context: Json) -> Json:
    """A whole request envelope; `context` has at least `System`."""
    return {"version": "1.0", "session": session, "context": context, "request": request}


def _common(locale: str) -> Json:
    return {
        "requestId": f"amzn1.echo-api.request.{uuid.uuid4()}",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": locale,
    }


def _slot(name: str, filled: FilledSlot | None, kind: str) -> Json:
    slot: Json = {"name": name, "confirmationStatus": "NONE", "source": "USER"}
    if filled is None:
        return slot
    slot["value"] = filled.value
    if not kind.startswith("AMAZON."):
        slot["resolutions"] = {"resolutionsPerAuthority": [_authority(filled)]}
    return slot


def _authority(filled: FilledSlot) -> Json:
    authority: Json = {"authority": f"amzn1.er-authority.echo-sdk.{APPLICATION_ID}.{filled.type}"}
    if filled.resolved is None:
        return {**authority, "status": {"code": "ER_SUCCESS_NO_MATCH"}}
    value = {"name": filled.resolved.name, "id": filled.resolved.id}
    return {**authority, "status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": value}]}

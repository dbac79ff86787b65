"""Building the requests that Alexa would send."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from typing import Any

from simulator.matching import FilledSlot, Match
from simulator.model import InteractionModel
from simulator.skill import Json

# the owner's own skill id where the environment has one, because the skill then answers to no other
APPLICATION_ID = os.environ.get("SKILL_ID") or "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


def launch_request(locale: str) -> Json:
    """ "Alexa, open cramp coach"."""
    return {"type": "LaunchRequest", **_common(locale)}


def task_request(locale: str, task: str, values: Json) -> Json:
    """A routine, a quick link or another skill starts a custom task: a launch that names it, with its input."""
    return {**launch_request(locale), "task": {"name": f"{APPLICATION_ID}.{task}", "version": "1", "input": values}}


def can_fulfill_request(locale: str, match: Match, model: InteractionModel) -> Json:
    """Alexa asks whether the skill could answer an utterance that didn't name it."""
    request = intent_request(locale, match, model)
    del request["dialogState"]
    return {**request, "type": "CanFulfillIntentRequest"}


def intent_request(locale: str, match: Match, model: InteractionModel) -> Json:
    """An utterance that was taken for an intent of `model`: with all slots that this has, filled or not."""
    kinds = model.slots.get(match.intent, {})
    slots = {name: _slot(name, match.slots.get(name), kind) for name, kind in kinds.items()}
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


def _common(locale: str) -> Json:
    return {
        "requestId": f"amzn1.echo-api.request.{uuid.uuid4()}",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": locale,
    }


def resolved_slots(match: Match) -> Json:
    """The filled slots of a match by name, each with what its words resolve to."""
    return {name: _slot(name, slot, slot.type) for name, slot in match.slots.items()}


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

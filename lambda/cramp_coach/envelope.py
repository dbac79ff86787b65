"""The part of a request envelope that this skill reads.

ask-sdk turns a whole envelope into objects before any handler runs, and raises on the first value
that it doesn't know: a new enum value, a field of another type. What isn't read can't break
anything, so the rest is left out beforehand.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# What tells the skill that something happened. Nobody waits for an answer, and Alexa takes no speech in one.
TOLD = (
    "SessionEndedRequest",
    "System.",
    "AudioPlayer.",
    "PlaybackController.",
    "AlexaSkillEvent.",
    "AlexaHouseholdListEvent.",
    "Messaging.",
    "Reminders.",
    "Alexa.Advertisement.",
    "Alexa.Authorization.",
    "Alexa.DataStore.",
)
# A screen's own errands, whichever kind of screen it is: none of our documents has a list to be loaded.
ERRANDS = (".RuntimeError", ".LoadIndexListData", ".LoadTokenListData")

SCREEN = "Alexa.Presentation.APL"  # the interface of a device that can show something
TOUCH = f"{SCREEN}.UserEvent"

# Alexa asks, before anybody is told anything, whether the skill could answer. A verdict, no speech.
CAN_FULFILL = "CanFulfillIntentRequest"


def is_silent(request_type: str) -> bool:
    """Whether a response to this type of request must not speak."""
    return request_type.startswith(TOLD) or request_type.endswith(ERRANDS)


def request_type(event: object) -> str:
    """The type of a request, such as "IntentRequest"; "" if the event has none."""
    return text(table(table(event).get("request")).get("type"))


def application_id(event: object) -> str:
    """The id of the skill that a request was sent to; "" if it names none."""
    envelope = table(event)
    system = table(table(envelope.get("context")).get("System"))
    session = table(envelope.get("session"))
    return text(table((system or session).get("application")).get("applicationId"))


def essentials(event: object) -> Json:
    """The envelope without what nobody here reads. Anything of a wrong type is left out too."""
    envelope = table(event)
    kept: Json = {"version": "1.0", "request": _request(table(envelope.get("request")))}
    if isinstance(envelope.get("session"), dict):
        kept["session"] = {"attributes": table(envelope["session"].get("attributes"))}
    screen = _screen(table(table(envelope.get("context")).get("System")))
    if screen:
        kept["context"] = {"System": {"device": {"supportedInterfaces": {SCREEN: screen}}}}
    return kept


def _screen(system: Json) -> Json:
    """What is known of the device's screen; nothing where it has none, which costs the SDK no time."""
    interfaces = table(table(system.get("device")).get("supportedInterfaces"))
    version = text(table(table(interfaces.get(SCREEN)).get("runtime")).get("maxVersion"))
    return {"runtime": {"maxVersion": version}} if version else {}


def _request(request: Json) -> Json:
    kept: Json = {"type": text(request.get("type")), "locale": text(request.get("locale"))}
    if kept["type"] == "LaunchRequest" and isinstance(request.get("task"), dict):
        task = request["task"]
        kept["task"] = {"name": text(task.get("name")), "input": table(task.get("input"))}
    if kept["type"] in ("IntentRequest", CAN_FULFILL):
        intent = table(request.get("intent"))
        slots = table(intent.get("slots"))
        kept["intent"] = {
            "name": text(intent.get("name")),
            "slots": {name.lower(): _slot(name.lower(), table(slot)) for name, slot in slots.items()},
        }
    if kept["type"] == TOUCH:
        kept["arguments"] = [argument for argument in rows(request.get("arguments")) if isinstance(argument, str)]
    return kept


def _slot(name: str, slot: Json) -> Json:
    kept: Json = {"name": name}
    if text(slot.get("value")):
        kept["value"] = slot["value"]
    authorities = rows(table(slot.get("resolutions")).get("resolutionsPerAuthority"))
    if authorities:
        kept["resolutions"] = {"resolutionsPerAuthority": [_authority(table(authority)) for authority in authorities]}
    return kept


def _authority(authority: Json) -> Json:
    values = [table(table(match).get("value")) for match in rows(authority.get("values"))]
    return {"values": [{"value": {"id": text(value.get("id")), "name": text(value.get("name"))}} for value in values]}


def table(value: object) -> Json:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    """`value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """`value` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""

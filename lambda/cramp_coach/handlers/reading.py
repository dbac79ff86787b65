"""Reading a request: which event it is, and where the conversation stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_model import Slot

from ..conversation import Event, State
from ..conversation.turn import UNKNOWN

AMAZON = "AMAZON."
SUFFIX = "Intent"

BUILT_IN = frozenset({"count", "age", "duration"})  # slots of Amazon's own types: the value is what was said

DOCUMENT_VERSION = (1, 4)  # of Alexa Presentation Language, as screens/document.json says


def event_name(intent_name: str) -> str:
    """The event an intent stands for: "CrampNowIntent" is CrampNow, "AMAZON.NextIntent" is Next."""
    return intent_name.removeprefix(AMAZON).removesuffix(SUFFIX)


def request_of(handler_input: HandlerInput) -> Any:
    """The request itself; the SDK's types would have it that there may be none."""
    return handler_input.request_envelope.request


def event_of(handler_input: HandlerInput) -> Event:
    """The event of an IntentRequest, with the slots that were filled."""
    intent = request_of(handler_input).intent
    return Event(event_name(intent.name), slots_of(intent.slots, locale_of(handler_input)))


def slots_of(slots: dict[str, Slot] | None, locale: str) -> dict[str, str]:
    """What was said in each slot that was filled, as `meanings` has it."""
    heard = {name: (resolved(slot), str(slot.value)) for name, slot in (slots or {}).items() if slot and slot.value}
    return meanings(heard, locale)


def meanings(heard: Mapping[str, tuple[str, str]], locale: str) -> dict[str, str]:
    """The id of each slot, from the id that Alexa resolved it to ("" for none) and the words in it.

    The words of a built-in type are Amazon's own value. Others that Alexa could not place are looked up in the skill's
    own lists, where they may turn out to name a warning sign; a slot that no list knows is `UNKNOWN`.
    """
    found = {name: ids or spoken for name, (ids, spoken) in heard.items() if ids or name in BUILT_IN}
    for name, (_, spoken) in heard.items():
        if name in found:
            continue
        from ..lexicon import placed  # nobody whose words are on the lists waits for them

        for key, ids in ({name: UNKNOWN} | placed(name, spoken, locale)).items():
            if found.get(key, UNKNOWN) == UNKNOWN:
                found[key] = ids
    return found


def resolved(slot: Slot) -> str:
    """The id that Alexa resolved a slot's words to, from a list of ours or a dynamic entity; "" if it didn't."""
    for authority in (slot.resolutions.resolutions_per_authority if slot.resolutions else None) or ():
        for match in authority.values or ():
            if match.value and match.value.id:
                return str(match.value.id)
    return ""


def state_of(handler_input: HandlerInput) -> State:
    """The state that the session carries; a new one where there is no session or it makes no sense."""
    session = handler_input.request_envelope.session
    return State.from_attributes(session.attributes if session else None)


def touch_of(handler_input: HandlerInput) -> Event:
    """The event that a touch on a screen stands for; one that no screen of ours sends goes back to the step."""
    from ..screens import TOUCHES  # only where there is a screen

    arguments = request_of(handler_input).arguments or [""]
    return Event(arguments[0] if arguments[0] in TOUCHES else "Lost")


def has_screen(handler_input: HandlerInput) -> bool:
    """Whether the device draws our documents; not if it says nothing sensible about what it draws."""
    context: Any = handler_input.request_envelope.context  # envelope.py keeps one for a screen alone
    if not context:
        return False
    version: str = context.system.device.supported_interfaces.alexa_presentation_apl.runtime.max_version
    try:
        return tuple(int(number) for number in version.split(".")) >= DOCUMENT_VERSION
    except ValueError:
        return False


def locale_of(handler_input: HandlerInput) -> str:
    """The locale of the request, such as "en-GB"; "" if it has none."""
    return str(request_of(handler_input).locale or "")

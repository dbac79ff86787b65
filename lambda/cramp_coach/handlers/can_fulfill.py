"""Could the skill answer this, if Alexa brought it here? A verdict for a stranger's sentence, and nothing else happens.

After Amazon's page about CanFulfillIntentRequest: YES, NO or MAYBE for the intent, and for each slot whether it was
understood and can be served; no speech, no change of anything.
"""

from __future__ import annotations

from ask_sdk_model import Intent
from ask_sdk_model.canfulfill import (
    CanFulfillIntent,
    CanFulfillIntentValues,
    CanFulfillSlot,
    CanFulfillSlotValues,
    CanUnderstandSlotValues,
)

from ..conversation.answers import UNLISTED
from ..conversation.signs import OF_MUSCLE
from ..conversation.turn import UNKNOWN
from .reading import event_name, slots_of

# What makes sense from someone who never opened the skill, and is about cramps. Not "next" or "quieter", which need a
# conversation; not the warning signs, which belong to an emergency number and not to a cramp skill.
BY_ITSELF = frozenset(
    {
        "CrampNow",
        "CrampHelp",
        "BothLegs",
        "Tip",
        "BedtimeStretch",
        "Topic",
        "WhatIsCramp",
        "CrampOrSpasm",
        "Cause",
        "WhyNight",
        "WhyAge",
        "WhyPregnancy",
        "WhyExercise",
        "WhyStretch",
        "WhoIsAtRisk",
        "HowLong",
        "HowCommon",
    }
)


def verdict(intent: Intent, locale: str) -> CanFulfillIntent:
    """What could be done for `intent`: YES if all of it, MAYBE if a slot wasn't understood, NO if it isn't ours."""
    slots = slots_of(intent.slots, locale)
    served = {name: _serves(value) for name, value in slots.items() if name in (intent.slots or {})}
    if event_name(str(intent.name)) not in BY_ITSELF or "symptom" in slots or _of_muscle(slots):
        can = CanFulfillIntentValues.NO
    else:
        can = CanFulfillIntentValues.YES if all(served.values()) else CanFulfillIntentValues.MAYBE
    return CanFulfillIntent(can_fulfill=can, slots={name: _verdict(serves) for name, serves in served.items()})


def _of_muscle(slots: dict[str, str]) -> bool:
    return any(value in OF_MUSCLE for value in slots.values())


def _serves(value: str) -> bool:
    return value not in (UNKNOWN, UNLISTED) and value not in OF_MUSCLE  # a pain in the chest is not for stretching


def _verdict(serves: bool) -> CanFulfillSlot:
    return CanFulfillSlot(
        can_understand=CanUnderstandSlotValues.YES if serves else CanUnderstandSlotValues.NO,
        can_fulfill=CanFulfillSlotValues.YES if serves else CanFulfillSlotValues.NO,
    )

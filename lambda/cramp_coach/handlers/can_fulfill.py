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
from ..lexicon import Lexicon, lexicon_for
from ..words import language_of
from .reading import BUILT_IN, event_name, slots_of

# What makes sense from someone who never opened the skill, and is about cramps. Not "next" or "quieter", which need a
# conversation; not the warning signs, which belong to an emergency number and not to a cramp skill.
BY_ITSELF = frozenset(
    {
        *(
            "CrampNow",
            "CrampHelp",
            "BothLegs",
            "Tip",
            "BedtimeStretch",
            "Topic",
            "WhatIsCramp",
            "CrampOrSpasm",
            "Cause",
        ),
        *("WhyNight", "WhyAge", "WhyPregnancy", "WhyExercise", "WhyStretch", "WhoIsAtRisk", "HowLong", "HowCommon"),
    }
)

NEEDS = {"Topic": "topic"}  # what an answer is about: without it there is none


def verdict(intent: Intent, locale: str) -> CanFulfillIntent:
    """What could be done for `intent`: YES if all of it, MAYBE if a slot wasn't understood, NO if it isn't ours."""
    name, slots = event_name(str(intent.name)), slots_of(intent.slots, locale)
    known = lexicon_for(language_of(locale))
    served = {slot: _serves(slot, value, known) for slot, value in slots.items() if slot in (intent.slots or {})}
    nothing = NEEDS.get(name) not in (None, *slots)
    if name not in BY_ITSELF or nothing or "symptom" in slots or not OF_MUSCLE.keys().isdisjoint(slots.values()):
        can = CanFulfillIntentValues.NO
    else:
        can = CanFulfillIntentValues.YES if all(served.values()) else CanFulfillIntentValues.MAYBE
    return CanFulfillIntent(can_fulfill=can, slots={slot: _verdict(serves) for slot, serves in served.items()})


def _serves(slot: str, value: str, known: Lexicon) -> bool:
    if slot in BUILT_IN:  # a number, or a duration such as PT10M
        return any(character.isdigit() for character in value)
    ids = known.types.get(known.slots.get(slot, ""), {}).values()
    return value in ids and value != UNLISTED and value not in OF_MUSCLE  # a pain in the chest is not for stretching


def _verdict(serves: bool) -> CanFulfillSlot:
    return CanFulfillSlot(
        can_understand=CanUnderstandSlotValues.YES if serves else CanUnderstandSlotValues.NO,
        can_fulfill=CanFulfillSlotValues.YES if serves else CanFulfillSlotValues.NO,
    )

"""What someone may say about themselves, and what the rest of the session leaves out because of it.

What to leave out is kept (`FLAGS`), and the line about it for as long as nothing else is talked about (`topic`); both
only in the session, and nowhere after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from .state import State
from .turn import UNKNOWN, Event

# condition -> what the rest of the session leaves out
LEAVES_OUT = {
    "pregnant": ("no_standing", "gentle", "no_minerals", "no_painkillers", "no_alcohol", "maternity"),
    "older": ("no_standing", "no_minerals", "no_painkillers"),
    "diabetes": ("no_heat",),
    "numb_feet": ("no_standing", "no_heat", "light_touch"),
    "spinal_injury": ("no_standing", "no_heat", "light_touch"),
    "circulation": ("no_raise", "no_heat", "light_touch"),
    "kidney": ("no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "dialysis": ("no_standing", "no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "liver": ("no_salt", "no_painkillers", "no_alcohol"),
    "heart": ("no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "blood_pressure": ("no_standing", "no_salt", "no_minerals", "no_painkillers"),
    "diuretic": ("no_standing", "no_salt", "no_minerals", "no_painkillers"),
    "clot_risk": ("no_standing", "no_rub", "light_touch", "no_heat"),
    "new_joint": ("no_standing", "no_rub", "no_bend", "light_touch", "no_heat"),
    "after_birth": (
        *("no_standing", "no_rub", "gentle", "light_touch", "no_heat", "no_painkillers", "no_alcohol", "maternity"),
    ),
    "unsteady": ("no_standing",),
    "amputee": ("no_standing",),
    "wheelchair": ("no_standing",),
    "ulcer": ("no_painkillers",),
    "statin": (),
    "blood_thinner": ("light_touch", "no_painkillers"),
    "inhaler": ("no_painkillers",),
    "child": ("for_child", "no_standing", "no_minerals", "no_painkillers"),
    "small_child": ("for_child", "no_standing", "no_minerals", "no_painkillers"),
    "adult": (),
    UNKNOWN: (),
    "athlete": (),
    "hot_weather": (),
    "nerve": ("no_standing",),
    "thyroid": (),
}

WHO = {"child": "child", "baby": "small_child"}  # whose leg it is, where the sentence says so
GROWN_UP = "adult"  # or somebody else's, whom the one who speaks can help

ASKED_ABOUT = frozenset({"ConditionCauses"})  # a question about an illness says of nobody that they have it

OLDER, GROWN, SMALL = 65, 18, 8  # years; docs/evidence.md: more at risk from 65, none under 8 in the clinic study
MAX_YEARS = 125


def conditions_in(event: Event) -> list[str]:
    """The conditions named in a sentence, one or two, and the age if it is a person's ("thirty weeks pregnant")."""
    named = [event.slots.get(slot, UNKNOWN) for slot in ("condition", "also")]
    named += [WHO[who] for who in (event.slots.get("who", ""),) if who in WHO]
    if "age" in event.slots and "pregnant" not in named:
        named.append(age_group(event.slots["age"]))
    return [who for who in named if who != UNKNOWN and who in LEAVES_OUT]


def with_conditions(state: State, event: Event) -> State:
    """The state with what they leave out, also those named in passing ("I'm pregnant and my calf cramps")."""
    if event.name in ASKED_ABOUT:
        return state
    return state.with_flags(*(flag for who in conditions_in(event) for flag in LEAVES_OUT[who]))


def known_of(state: State) -> Iterator[str]:
    """The conditions that a sign said later is still judged by: a pregnancy, and what was last said about oneself."""
    if "maternity" in state.flags:
        yield "pregnant"
    if state.topic.startswith("person."):
        yield state.topic.removeprefix("person.")


def age_group(age: str) -> str:
    """Who is that old, in years as Amazon writes a number; UNKNOWN if nobody can be."""
    try:
        years = float(age)
    except ValueError:
        return UNKNOWN
    if not 0 < years <= MAX_YEARS:
        return UNKNOWN
    if years >= OLDER:
        return "older"
    if years >= GROWN:
        return "adult"
    return "child" if years >= SMALL else "small_child"

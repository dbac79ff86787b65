"""What someone says about themselves: it changes this answer, and keeps the rest of the session from harming them.

Only what to leave out is kept (`FLAGS`), only in the session, never the condition itself.
"""

from __future__ import annotations

from . import relief
from .cues import usual_cue
from .state import State
from .turn import UNKNOWN, Event, Lines, Turn, disclaimer, step_silence, turn

# condition -> what the rest of the session leaves out
LEAVES_OUT = {
    "pregnant": ("no_standing", "gentle", "no_minerals", "no_painkillers", "no_alcohol"),
    "older": ("no_standing", "no_minerals"),
    "diabetes": ("no_heat",),
    "numb_feet": ("no_heat", "light_touch"),
    "spinal_injury": ("no_standing", "no_heat", "light_touch"),
    "circulation": ("no_heat", "light_touch"),
    "kidney": ("no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "dialysis": ("no_standing", "no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "liver": ("no_salt", "no_painkillers", "no_alcohol"),
    "heart": ("no_fluids", "no_salt", "no_minerals", "no_painkillers"),
    "blood_pressure": ("no_salt", "no_minerals"),
    "diuretic": ("no_salt", "no_minerals"),
    "clot_risk": ("no_standing", "no_rub", "light_touch", "no_heat"),
    "statin": (),
    "blood_thinner": ("light_touch", "no_painkillers"),
    "inhaler": (),
    "child": ("for_child", "no_standing", "no_minerals", "no_painkillers"),
    "small_child": ("for_child", "no_standing", "no_minerals", "no_painkillers"),
    "adult": (),
    UNKNOWN: (),
    "athlete": (),
    "hot_weather": (),
    "nerve": (),
    "thyroid": (),
}

OLDER, GROWN, SMALL = 65, 18, 8  # years; facts: 65 and over are at greater risk, none under 8 in the clinic study
MOST_YEARS = 125


def considered(state: State, event: Event) -> State:
    """The state with what a condition leaves out, also one named in passing ("I'm pregnant and my calf cramps")."""
    return state.with_flags(*LEAVES_OUT.get(event.slots.get("condition", ""), ()))


def about_me(state: State, event: Event, lines: Lines) -> Turn:
    """Pregnant, diabetic, on a statin ..."""
    return _about(state, event.slots.get("condition", UNKNOWN), lines)


def age(state: State, event: Event, lines: Lines) -> Turn:
    """How old they, or whoever has the cramp, are."""
    who = _of_age(event.slots.get("age", ""))
    return _about(state.with_flags(*LEAVES_OUT[who]), who, lines)


def _of_age(age: str) -> str:
    try:
        years = float(age)
    except ValueError:
        return UNKNOWN
    if not 0 < years <= MOST_YEARS:
        return UNKNOWN
    if years >= OLDER:
        return "older"
    if years >= GROWN:
        return "adult"
    return "child" if years >= SMALL else "small_child"


def _about(state: State, who: str, lines: Lines) -> Turn:
    line = f"person.{'unknown' if who == UNKNOWN else who}"
    if state.place in ("relief", "stuck"):
        if f"{line}.relief" in lines:
            position = "lying" if "no_standing" in state.flags else state.position
            return relief.step(state._replace(position=position), lines, f"{line}.relief")
        if state.place == "relief":  # what they go back to is the step that suits them now
            state = relief.step(state, lines).state
        return turn(state, lines, line, ask=usual_cue(state), silence=step_silence(state, lines), topic=line)
    asking = state.place in ("start", "asking")
    return turn(
        state,
        lines,
        line,
        *disclaimer(state),
        ask="cramping" if asking else usual_cue(state),
        place="asking" if asking else state.place,
        here=(line,) if asking else state.here,
        topic=line,
        disclaimed=True,
    )

"""Warning signs: they end the coaching, at any moment, and say whom to call and how soon.

Never a diagnosis, never a bare number, never "I can call". The lines are in words/<language>/sign.toml.
"""

from __future__ import annotations

import re

from . import triage
from .conditions import known_of
from .state import URGENCIES, Cue, State
from .turn import UNKNOWN, Event, Turn, say

# Events that say a warning sign whole; how urgent each is stands in triage.toml. The sign's line is called after it.
SIGNS = (
    *("ChestSign", "FaintSign", "ColdLegSign", "JawSign", "StrokeSign", "SeizureSign", "FallSign", "PregnancySign"),
    *("Ambulance", "Crisis", "SwollenLegSign", "DarkUrineSign", "WeakSign", "PopSign", "PoisonSign", "WoundSign"),
    *("VomitSign", "ElsewhereSign", "BruisingSign", "StatinSign", "FeverSign", "SomethingWrong", "TenMinutes"),
)

# A sentence about these is never a cramp to be stretched, whatever intent it came in.
OF_MUSCLE = {"chest": "ChestSign", "jaw": "JawSign", "elsewhere": "ElsewhereSign"}
OF_PART = {
    **dict.fromkeys(("chest", "heart", "breathing"), "ChestSign"),
    **dict.fromkeys(("jaw", "throat", "face"), "JawSign"),
    **dict.fromkeys(("belly", "back", "neck", "arm", "left_arm", "hand", "body"), "ElsewhereSign"),
}

# What names a symptom and has none: denied, long ago, as always, asked about, or of something else.
NO_SIGN = frozenset({"NoSign", "NotNow", "AboutSign", "Aside"})

# When it was, if not now: long ago, or as always.
USUAL = "usual"
NOT_NOW = ("past", USUAL)
THING = "thing"  # neither a person nor a part of one

# What a floor, a room or a cat can be: anything else that is said of a thing is asked of the person.
OF_A_THING = frozenset(
    {
        *("cold", "hot", "red", "black", "blue", "pale", "dark", "tea_colored", "odd_color", "hard", "tight"),
        *("strange", "overheated", "broken", "bent", "swollen", "throbbing", "chest_pain", "erratic", "infected"),
        *("spots", "bulging", "shaking", "droop", "limping", "unwell"),
    }
)

# Signs after which the leg is not to be rubbed or heated before someone has looked at it.
HANDS_OFF = frozenset(
    {
        *("SwollenLegSign", "ColdLegSign", "BruisingSign", "PopSign", "SomethingWrong", "PressureSign", "CastSign"),
        *("PregnantLegSign", "InfectionSign", "FootSoreSign", "BrokenSign", "ChildSign", "RestPainSign"),
    }
)

# Whole sentences that name a symptom and are no sign by themselves, and the symptom.
SAID_OF = {"Dizzy": "dizzy", "Tingling": "tingling"}

OF_THE_CRAMP = ("CrampNow", "Worse")

# In pregnancy and after a birth these are the maternity unit's.
IN_PREGNANCY = {
    **dict.fromkeys(("SwollenLegSign", "AcheSign"), "PregnantLegSign"),
    **dict.fromkeys(("ElsewhereSign", "BruisingSign", "FeverSign"), "LaborSign"),
    "VomitSign": "PregnancySign",
}

# Slots that a sentence about a symptom fills, whatever intent it came in by.
PARTS = frozenset({"symptom", "symptom_two", "circumstance", "condition"})

# What says more than one symptom alone: with one of these, a sign is of now and of a person.
NOW = frozenset({"symptom_two", "part_two", "circumstance", "denied", "cramp"})

MENTIONED = ("which", "doctor")  # urgencies that stop nothing

A_DAY = 86400  # seconds: an ache that lasts longer is no cramp
MAX_CRAMP = 10 * 60  # seconds; docs/evidence.md: usually seconds to ten minutes, then advice is needed

_DURATION = re.compile(
    r"P(?:(?P<W>[\d.,]+)W)?(?:(?P<Y>[\d.,]+)Y)?(?:(?P<MO>[\d.,]+)M)?(?:(?P<D>[\d.,]+)D)?"
    r"(?:T(?:(?P<H>[\d.,]+)H)?(?:(?P<M>[\d.,]+)M)?(?:(?P<S>[\d.,]+)S)?)?"
)
_CLOCK = re.compile(r"P\d{4}-\d{2}-\d{2}T(?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})")
_SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "W": 604800, "MO": 2592000, "Y": 31536000}


def told_of(event: Event) -> Event:
    """The event of a sign in parts as what else came with it makes it: of long ago, as always, or of a thing.

    Whatever sentence it came in by: whoever names two symptoms may have one of them now.
    """
    if event.name != "Sign" or not event.slots.keys().isdisjoint(NOW):
        return event
    if event.slots.get("when") in NOT_NOW:
        return event._replace(name="NotNow")
    if event.slots.get("thing") == THING and "part" not in event.slots and event.slots.get("symptom") in OF_A_THING:
        return event._replace(name="Aside")
    return event


def sign_in(state: State, event: Event) -> str:
    """The sign that an event amounts to, said whole or in parts; "" for none. The most urgent wins."""
    if _is_none(event):
        return ""
    found = event.name if event.name in SIGNS else OF_MUSCLE.get(event.slots.get("muscle", ""), "")
    if found and event.slots.get("cramp") == UNKNOWN:  # "my arms are tired": what is wrong with them was not understood
        labor = found == "ElsewhereSign" and "maternity" in state.flags
        found = found if labor else "Which"
    if event.slots.get("muscle") == UNKNOWN:  # words that name no muscle may name another part of the body
        found = found or OF_PART.get(event.slots.get("part", ""), "")
    if event.name == "Lasting":
        seconds = seconds_of(event.slots.get("duration", ""))  # None is "for ages"
        found = "TenMinutes" if seconds is None or seconds >= MAX_CRAMP else ""
    if event.name in ("Sign", *NO_SIGN) or not event.slots.keys().isdisjoint(PARTS):
        slots = dict(event.slots)
        if state.asked == "which":  # what is named now is of the leg
            slots.setdefault("part", "leg")
        if slots.get("symptom") == "pain" and (seconds_of(slots.get("duration", "")) or 0) >= A_DAY:
            slots["symptom"] = "lasting_pain"
        composed = _composed(state, slots)
        unclear = ""
        if event.name == "Sign":  # a cramp somewhere is a cramp; a part of the body alone, or nothing, says too little
            where = OF_PART.get(event.slots.get("part", ""), "CrampNow")
            unclear = where if "cramp" in event.slots else "Which"
        found = triage.more_urgent(found, composed or unclear)
    if event.name in SAID_OF:
        judged = _composed(state, {"symptom": SAID_OF[event.name]})
        found = judged if judged and triage.urgency_of(judged) in URGENCIES else found
    return IN_PREGNANCY.get(found, found) if "maternity" in state.flags else found


def _composed(state: State, slots: dict[str, str]) -> str:
    """The sign that the parts of a sentence amount to, for someone with what they said about themselves before.

    What the cramp itself is like stays that: "it hurts" means nothing more to who takes a statin.
    """
    plain = triage.sign_of(slots, state.sign)
    if plain in OF_THE_CRAMP:
        return plain
    for condition in known_of(state):
        plain = triage.more_urgent(plain, triage.sign_of({"also": condition, **slots}, state.sign))
    return plain


def _is_none(event: Event) -> bool:
    """Whether an event names a symptom that nobody has, in words that leave no doubt of it."""
    if event.name == "NotNow":
        return event.slots.get("when") in NOT_NOW
    if event.name == "Aside":
        return event.slots.get("thing") == THING and event.slots.get("symptom", UNKNOWN) in (UNKNOWN, *OF_A_THING)
    return event.name in NO_SIGN


def warn(state: State, event: Event, name: str) -> Turn:
    """The warning called `name`; a more urgent one that was given before stays in force, and is said first."""
    urgency = triage.urgency_of(name)
    if urgency in MENTIONED:
        return mention(state, event, name)
    if name in HANDS_OFF:
        state = state.with_flags("no_rub", "light_touch", "no_heat")
    if state.called:
        return say(state._replace(held=True), "sign.coming", ask="say_again")
    if _rank(urgency) < _rank(state.urgency):
        return say(state._replace(held=True), f"sign.{state.urgency}", ask=_cue(state.urgency))
    line = f"sign.{name}"
    own = f"{line}.hold"
    # a sign's own advice may be milder than what an earlier one calls for
    advice = own if own in event.lines and not state.urgency else f"sign.{urgency}"
    warned = state._replace(
        place="warned", urgency=urgency, sign=name, held=bool(state.urgency), denied=False, topic=""
    )
    warned = warned._replace(here=(advice if state.urgency else line,))
    return say(warned, line, ask=_cue(urgency), reprompt=(advice,))


def mention(state: State, event: Event, name: str) -> Turn:
    """What is no warning yet: worth a doctor, or too little said: the signs, and the way on, never standing."""
    if state.place == "warned":
        return hold_to_it(state, event._replace(name="Sign"))
    if state.place == "unsafe":
        return say(state, *state.here, ask="ready")
    down = state.with_flags("no_standing")
    return say(down, f"sign.{name}", ask="which", reprompt=("sign.Which#reprompt",))


def hold_to_it(state: State, event: Event, *before: str) -> Turn:
    """They go on anyway: the advice once more, briefly; after that, gentle help that does no harm.

    "It's better" is heard first, with the call to make all the same.

    A sign with advice of its own (a fall may be nothing) is held to that; whoever has called is told to stay still.
    """
    if state.called:
        return say(state._replace(held=True), *before, "sign.coming", ask="say_again")
    urgency = state.urgency or URGENCIES[0]
    own = [f"{ref}.hold" for ref in state.here if f"{ref}.hold" in event.lines]
    better = f"sign.{urgency}_better"
    if own:
        line = own[0]
    elif event.name == "Better" and state.said[:1] != (better,):
        line = better
    elif event.name == "Better" or before or not state.held:
        line = f"sign.{urgency}"
    else:
        line = f"sign.{urgency}_gentle"
    return say(state._replace(held=True), *before, line, ask=_cue(urgency))


def help_comes(state: State, event: Event) -> Turn:
    """They have called: stay still until somebody comes, whatever is asked next; nobody is told to call again."""
    return say(
        state._replace(
            place="warned", urgency=state.urgency or "emergency", here=("sign.coming",), called=True, held=True
        ),
        "sign.coming",
        ask="say_again",
    )


def deny(state: State, event: Event) -> Turn:
    """It was no warning sign, they say, after one was given: the signs once more."""
    return say(state._replace(denied=True, held=True), "sign.once_more", ask=_cue(state.urgency))


def _rank(urgency: str) -> int:
    return ("", *URGENCIES).index(urgency)


def _cue(urgency: str) -> Cue:
    """Somebody who wants to die is not asked anything that a no would end."""
    return "with_you" if urgency == "crisis" else "say_again"


def seconds_of(duration: str) -> float | None:
    """An ISO-8601 duration ("PT10M", "P1DT2H", "PT0,5H", "P0000-00-00T00:10:00") in seconds; None if it is none."""
    match = _CLOCK.fullmatch(duration) or _DURATION.fullmatch(duration)
    if not match or not any(match.groupdict().values()):
        return None
    try:
        counts = {unit: float(count.replace(",", ".")) for unit, count in match.groupdict().items() if count}
    except ValueError:  # "1.2.3"
        return None
    return sum(count * _SECONDS[unit] for unit, count in counts.items())

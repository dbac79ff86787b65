"""Warning signs: they end the coaching, at any moment, and say whom to call and how soon.

Never a diagnosis, never a bare number, never "I can call". The lines are in words/<language>/sign.toml.
"""

from __future__ import annotations

import re

from .cues import usual_cue
from .state import URGENCIES, State
from .turn import Event, Lines, Turn, turn

# event -> how soon help is needed (the sign's line is called after the event)
SIGNS = {
    "ChestSign": "emergency",
    "FaintSign": "emergency",
    "ColdLegSign": "emergency",
    "JawSign": "emergency",
    "StrokeSign": "emergency",
    "SeizureSign": "emergency",
    "FallSign": "emergency",
    "PregnancySign": "emergency",
    "Ambulance": "emergency",
    "SwollenLegSign": "today",
    "DarkUrineSign": "now",
    "WeakSign": "today",
    "PopSign": "today",
    "PoisonSign": "now",
    "WoundSign": "today",
    "VomitSign": "today",
    "ElsewhereSign": "today",
    "BruisingSign": "today",
    "StatinSign": "today",
    "FeverSign": "today",
    "SomethingWrong": "today",
    "TenMinutes": "now",
}

# A sentence about these is never a cramp to be stretched, whatever intent it came in.
OF_MUSCLE = {"chest": "ChestSign", "jaw": "JawSign", "elsewhere": "ElsewhereSign"}

# Signs after which the leg is not to be rubbed or heated before someone has looked at it.
HANDS_OFF = frozenset({"SwollenLegSign", "ColdLegSign", "BruisingSign", "PopSign", "SomethingWrong"})

LONGEST_CRAMP = 10 * 60  # seconds; facts: usually seconds to ten minutes, then advice is needed

_DURATION = re.compile(
    r"P(?:(?P<W>[\d.,]+)W)?(?:(?P<Y>[\d.,]+)Y)?(?:(?P<MO>[\d.,]+)M)?(?:(?P<D>[\d.,]+)D)?"
    r"(?:T(?:(?P<H>[\d.,]+)H)?(?:(?P<M>[\d.,]+)M)?(?:(?P<S>[\d.,]+)S)?)?"
)
_CLOCK = re.compile(r"P\d{4}-\d{2}-\d{2}T(?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})")
_SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "W": 604800, "MO": 2592000, "Y": 31536000}


def sign_in(event: Event) -> str:
    """The sign that an event amounts to, whatever it is called; "" for none."""
    if event.name == "Lasting":
        seconds = seconds_of(event.slots.get("duration", ""))  # None is "for ages"
        return "TenMinutes" if seconds is None or seconds >= LONGEST_CRAMP else ""
    return OF_MUSCLE.get(event.slots.get("muscle", ""), event.name if event.name in SIGNS else "")


def warn(state: State, name: str, lines: Lines) -> Turn:
    """The warning called `name`; a more urgent one that was given before stays in force."""
    urgency = max(state.urgency, SIGNS[name], key=("", *URGENCIES).index)
    if name in HANDS_OFF:
        state = state.with_flags("no_rub", "light_touch", "no_heat")
    line = f"sign.{name}"
    own = f"{line}.hold"
    advice = own if own in lines and not state.urgency else f"sign.{urgency}"
    return turn(
        state,
        lines,
        line,
        ask="say_again",
        silence=(advice,),
        place="warned",
        here=(advice if state.urgency else line,),
        urgency=urgency,
        held=bool(state.urgency),
        topic="",
    )


def hold_to_it(state: State, event: Event, lines: Lines, *before: str) -> Turn:
    """They go on anyway: the advice once more, briefly; after that, gentle help that does no harm.

    A sign with advice of its own (a fall may be nothing) is held to that.
    """
    urgency = state.urgency or URGENCIES[0]
    own = [f"{ref}.hold" for ref in state.here if f"{ref}.hold" in lines]
    if own or before or not state.held:
        line = own[0] if own else f"sign.{urgency}"
    else:
        line = f"sign.{urgency}_better" if event.name == "Better" else f"sign.{urgency}_gentle"
    return turn(state, lines, *before, line, ask="say_again", held=True)


def help_comes(state: State, event: Event, lines: Lines) -> Turn:
    """They have called: what to do until somebody comes. Without a warning before it, back to where they were."""
    if state.place == "warned":
        return turn(state, lines, "sign.coming", ask="say_again", held=True)
    return turn(state, lines, "control.good", ask=usual_cue(state))


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

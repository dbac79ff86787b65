"""How often, and the doctor: told, never asked, and a nudge never twice.

The thresholds count nights with a cramp; no source sets them, so they are ours (docs/evidence.md):
three or more in a week is a clear nudge, five or more in a month a gentle one.
"""

from __future__ import annotations

from .cues import default_cue
from .state import DOCTOR_KNOWS, NUDGES, State
from .turn import Event, Turn, disclaimer, say, step_reprompt

GENTLE, CLEAR = 1, 2  # index into NUDGES, from 1

# nights a month from which a cramp is worth a doctor, and how many months' nights a period has
NIGHTS_A_MONTH = {GENTLE: 5, CLEAR: 12}
TIMES_A_MONTH = {"night": 30.0, "day": 30.0, "week": 30 / 7, "month": 1.0, "year": 1 / 12}
UNCOUNTED = ("hour", "last_night", "row")  # periods that say nothing of a month
NIGHTS_IN_A_ROW = 3  # are as many in a week, which is a clear nudge
MAX_TIMES = 1000  # times of anything

# what people say instead of a number -> the line
FREQUENCIES = {
    **dict.fromkeys(("every_night", "most_nights", "few_a_week"), "often.clear"),
    **dict.fromkeys(("twice_a_week", "often"), "often.gentle"),
    "several_a_night": "often.several_a_night",
    **dict.fromkeys(("weekly", "monthly", "seldom"), "often.none"),
}

# event -> the line
REASONS = {
    "SleepLoss": "often.sleep",
    "FirstTime": "often.first",
    "WhenWalking": "often.walking",
    "NewMedicine": "often.new_medicine",
    "Twitching": "often.twitching",
    "Tingling": "often.tingling",
}

# line -> how plain a nudge it is
NUDGE_OF = {
    **dict.fromkeys(("often.none", "often.first", "often.unclear"), 0),
    **dict.fromkeys(("often.gentle", "often.several_a_night", "often.new_medicine"), GENTLE),
    **dict.fromkeys(("often.twitching", "often.tingling"), GENTLE),
    **dict.fromkeys(("often.clear", "often.sleep", "often.walking"), CLEAR),
}

# What can't wait for the after-care: it may mean a call now.
AT_ONCE = frozenset({"often.hour", "often.tingling"})


def how_often(state: State, event: Event) -> Turn:
    """How often they get them, in numbers or in words."""
    line = FREQUENCIES.get(event.slots.get("frequency", ""))
    return _say(state, line or _counted(event.slots.get("count", ""), event.slots.get("period", "")))


def reason(state: State, event: Event) -> Turn:
    """Something about their cramps that is, or is not, worth a doctor on its own."""
    return _say(state, REASONS[event.name])


def seen(state: State, event: Event) -> Turn:
    """A doctor knows: nobody is nudged again."""
    return say(state._replace(nudged=DOCTOR_KNOWS, due=""), "often.seen", ask=default_cue(state))


def what_to_tell(state: State, event: Event) -> Turn:
    """The list for the visit."""
    under_way = state.place in ("relief", "stuck", "warned")
    return say(
        state._replace(
            place=state.place if under_way else "asking",
            here=state.here if under_way else ("doctor.list",),
            disclaimed=state.disclaimed or not under_way,
        ),
        "doctor.list",
        *(() if under_way else disclaimer(state)),
        ask=default_cue(state) if under_way else "anything",
    )


def put_off(state: State) -> tuple[str, ...]:
    """The advice that waits for the end of the cramp, if it is worth a doctor and wasn't said."""
    return (state.due,) if NUDGE_OF.get(state.due, 0) > state.nudged else ()


def _counted(count: str, period: str) -> str:
    try:
        times = float(count)
    except ValueError:
        return "often.unclear"
    if not 0 < times <= MAX_TIMES or period not in (*UNCOUNTED, *TIMES_A_MONTH):
        return "often.unclear"
    if period == "hour":
        return "often.hour"
    if period in ("night", "last_night") and times > 1:
        return FREQUENCIES["several_a_night"]
    if period == "last_night":  # one night says nothing of the others
        return "often.none"
    if period == "row":
        return FREQUENCIES["every_night"] if times >= NIGHTS_IN_A_ROW else "often.none"
    nights = times * TIMES_A_MONTH[period]
    return f"often.{('none', *NUDGES)[sum(nights >= least for least in NIGHTS_A_MONTH.values())]}"


def _say(state: State, line: str) -> Turn:
    """Say it, unless it was said already; while a cramp is under way, keep it for the after-care."""
    nudge = NUDGE_OF.get(line, 0)
    if state.place in ("relief", "stuck"):
        if line in AT_ONCE:
            return say(state, line, ask=default_cue(state), reprompt=step_reprompt(state))
        due = max(state.due, line, key=lambda put_off: NUDGE_OF.get(put_off, -1))
        return say(state._replace(due=due), "often.later", ask=default_cue(state), reprompt=step_reprompt(state))
    if nudge and state.nudged >= nudge and line not in AT_ONCE:
        known = "often.known" if state.nudged == DOCTOR_KNOWS else "often.noted"
        return say(state._replace(place="after"), known, ask="tip")
    offer = nudge == CLEAR
    return say(
        state._replace(
            place="after" if state.place == "start" else state.place,
            here=(line,),
            disclaimed=True,
            nudged=max(state.nudged, nudge),
        ),
        line,
        *disclaimer(state),
        ask="list" if offer else "say_again" if line == "often.hour" else "tip",
        reprompt=("often.why",) if offer else ("after.calm",),
    )

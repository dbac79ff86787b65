"""Which answer belongs to which event. Read this table first: it is the conversation's contents page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import answers, control, doctor, person, prevention, relief, signs, triage
from .conditions import with_conditions
from .cues import CUES
from .state import Place, State
from .turn import Event, Lines, Turn, worded

Answer = Callable[[State, Event], Turn]


def _by_place(usual: Answer, places: Mapping[Place, Answer]) -> Answer:
    """The same word for different things: the next step in relief, the next tip among tips."""

    def answer(state: State, event: Event) -> Turn:
        return places.get(state.place, usual)(state, event)

    return answer


def _yes(state: State, event: Event) -> Turn:
    return _answer(state, event, CUES[state.asked][0] if state.asked else "CrampNow")


def _no(state: State, event: Event) -> Turn:
    return _answer(state, event, CUES[state.asked][1] if state.asked else "Help")


def _maybe(state: State, event: Event) -> Turn:
    """Half an answer: it hasn't quite let go, nobody knows where it is; to any other cue, go on."""
    return (_no if state.asked in ("let_go", "where") else _yes)(state, event)


def _answer(state: State, event: Event, name: str) -> Turn:
    return respond(state, Event(name), event.lines)


def _warn(state: State, event: Event) -> Turn:
    return signs.warn(state, event, signs.sign_in(state, event))


EVENTS: dict[str, Answer] = {
    "Launch": relief.begin,
    # the coaching
    "CrampNow": relief.begin,
    "CrampHelp": relief.begin,
    "BothLegs": relief.both_legs,
    "OtherLeg": relief.other_leg,
    "CannotStand": _by_place(relief.lying, {"stretch": prevention.stretch_lying}),
    "CannotReach": relief.cannot_reach,
    "CannotStraighten": relief.cannot_straighten,
    "Dizzy": relief.dizzy,
    "InBed": _by_place(relief.lying, {"stretch": prevention.stretch_lying}),
    "Sitting": _by_place(relief.sitting, {"stretch": prevention.stretch_sitting}),
    "NoSign": control.reassured,
    "Standing": _by_place(relief.standing, {"stretch": prevention.stretch_sitting}),
    "Helper": relief.helper,
    "WrongMuscle": relief.wrong_muscle,
    "Unsure": relief.anywhere,
    "NotBetter": _by_place(relief.onward, {"stretch": prevention.not_yet}),
    "Again": _by_place(
        relief.onward,
        {
            "after": control.repeat,
            "asking": control.repeat,
            "tips": prevention.tip,
            "stretch": prevention.this_leg,
        },
    ),
    "Worse": relief.worse,
    "Better": relief.let_go,
    "Returned": relief.returned,
    "Rest": relief.rest,
    "Aftercare": relief.aftercare,
    "Tip": prevention.tip,
    "BedtimeStretch": prevention.stretch,
    "Next": _by_place(
        relief.onward,
        {
            "unsafe": control.resume,
            "after": prevention.tip,
            "asking": prevention.tip,
            "tips": prevention.tip,
            "stretch": prevention.next_leg,
        },
    ),
    "Previous": _by_place(
        relief.back,
        {
            "after": control.resume,
            "asking": control.resume,
            "tips": prevention.previous_tip,
            "stretch": prevention.previous_leg,
        },
    ),
    "StartOver": _by_place(relief.restart, {"tips": prevention.tips_over, "stretch": prevention.stretch}),
    # first of all, somewhere safe
    "Driving": relief.driving,
    "InWater": relief.in_water,
    "Slippery": relief.slippery,
    "HelpComes": signs.help_comes,
    # questions
    "Topic": answers.topic,
    **dict.fromkeys(answers.ANSWERS, answers.answer),
    "HowLong": _by_place(answers.answer, {"stretch": prevention.how}),
    "HowToHold": _by_place(answers.answer, {"stretch": prevention.how}),
    "Worry": _by_place(answers.answer, {"relief": relief.steady}),
    "Soreness": answers.soreness,
    "Lasting": answers.lasting,
    "More": answers.more,
    # how often, and the doctor
    "HowOften": doctor.how_often,
    **dict.fromkeys(doctor.REASONS, doctor.reason),
    "SeenDoctor": doctor.seen,
    "DoctorList": doctor.what_to_tell,
    # about the person
    "AboutMe": person.about_me,
    "Age": person.age,
    # warning signs
    "Sign": _warn,
    **dict.fromkeys(signs.SIGNS, _warn),
    "NotNow": answers.not_now,
    "AboutSign": answers.about_sign,
    "ConditionCauses": answers.condition_causes,
    "HowMuch": answers.how_much,
    "StopMedicine": answers.stop_medicine,
    **dict.fromkeys(("Aside", "Remark"), control.aside),
    # steering
    "Repeat": control.repeat,
    "StepCheck": control.repeat,
    "SafeNow": control.resume,
    "Pause": control.pause,
    "Resume": _by_place(control.resume, {"stretch": prevention.this_leg}),
    **dict.fromkeys(control.PACED, control.paced),
    "SendCard": control.send_card,
    "Yes": _yes,
    "No": _no,
    "Maybe": _maybe,
    "Help": control.help_,
    "Fallback": control.fallback,
    "Lost": control.lost,
    # leaving
    "Thanks": control.thanks,
    "Stop": control.stop,
    "Cancel": control.stop,
    "NavigateHome": control.stop,
    "Goodbye": control.goodbye,
}

# What is still answered after a warning sign. Whatever else is said then is held to the warning: no coaching, no
# question whose answer could talk someone out of the call.
ANSWERED_WHEN_WARNED = frozenset(
    {
        *("Repeat", "StepCheck", "Resume", "Pause", *control.PACED),
        *("Yes", "No", "Help", "Fallback", "Lost", "Thanks", "Stop", "Cancel", "NavigateHome", "Goodbye"),
        *("Clot", "AreYouDoctor", "Sources", "Privacy", "CannotCall", "DoctorList", "HelpComes"),
        *("Driving", "InWater", "NoSign"),  # safety first, and the way out of a false alarm
    }
)

# What is still answered at the wheel and in the water: the way on, the way out, and the voice. A sign is heard always.
# Half an answer and "I'm sitting" are no way on: whoever drives sits.
ANSWERED_WHEN_UNSAFE = frozenset(
    {
        *("Yes", "No", "Resume", "SafeNow", "Next", "Pause", "Repeat", "Help", "Lost", "Better", "Thanks"),
        *(*control.PACED, "Driving", "InWater"),
        *("Fallback", "Stop", "Cancel", "NavigateHome", "Goodbye", "CannotCall"),
    }
)

# Events that no intent stands for: the launch, what a cue's yes or no means, and our own failures.
INTERNAL_EVENTS = frozenset({"Launch", "Rest", "Unsure", "TenMinutes", "Lost", "Goodbye"})


def respond(state: State, event: Event, lines: Lines) -> Turn:
    """What to say to `event` in `state`, given the names of the `lines` there are.

    Total: an event that is not in `EVENTS` counts as not understood, and references in the state
    that no line answers to (an older version wrote them, say) are forgotten.
    """
    state = state._replace(
        asked=state.asked if state.asked in CUES else "",
        said=_known(state.said, lines),
        reprompt=_known(state.reprompt, lines),
        here=_known(state.here, lines),
    )
    return worded(_answered(with_conditions(state, event), event._replace(lines=lines)), lines)


def _answered(state: State, event: Event) -> Turn:
    event = signs.told_of(event)
    name = event.name if event.name in EVENTS else "Fallback"
    if name != "Fallback":
        state = state._replace(misses=0)
    sign = signs.sign_in(state, event)
    if sign and triage.urgency_of(sign) != "none":
        return signs.warn(state, event, sign)
    if sign:  # what the cramp itself is like
        name, event = sign, relief.of_part(state, event._replace(name=sign))
    if state.place == "warned" and name not in ANSWERED_WHEN_WARNED:
        return signs.hold_to_it(state, event)
    if state.place == "unsafe" and name not in ANSWERED_WHEN_UNSAFE:
        return relief.still_unsafe(state, event)
    return EVENTS[name](state, event)


def _known(refs: tuple[str, ...], lines: Lines) -> tuple[str, ...]:
    return tuple(ref for ref in refs if ref in lines)

"""Questions: one breath each, a second on asking, and then back to where the person was."""

from __future__ import annotations

from . import prevention, relief, signs
from .cues import default_cue
from .state import State
from .turn import UNKNOWN, Event, Lines, Turn, disclaimer, step_silence, turn, variant

# event -> the line that answers it
ANSWERS = {
    "WhatIsCramp": "answer.what_is_cramp",
    "CrampOrSpasm": "answer.cramp_or_spasm",
    "Lump": "answer.lump",
    "Cause": "answer.cause",
    "Lacking": "answer.lacking",
    "WhyNight": "answer.why_night",
    "WhyAge": "answer.why_age",
    "WhyPregnancy": "answer.why_pregnancy",
    "WhyExercise": "answer.why_exercise",
    "WhyStretch": "answer.why_stretch",
    "WhichConditions": "answer.which_conditions",
    "WhoIsAtRisk": "answer.who_is_at_risk",
    "HowLong": "answer.how_long",
    "HowCommon": "answer.how_common",
    "Dangerous": "answer.dangerous",
    "Clot": "answer.clot",
    "OtherProblem": "answer.other_problem",
    "HeatOrIce": "answer.heat_or_ice",
    "BackToSleep": "answer.back_to_sleep",
    "NothingHelps": "answer.nothing_helps",
    "GrowingPains": "answer.growing_pains",
    "WhenDoctor": "answer.when_doctor",
    "AreYouDoctor": "answer.are_you_doctor",
    "Sources": "answer.sources",
    "Privacy": "answer.privacy",
    "Diary": "answer.diary",
    "Reminder": "answer.reminder",
    "Abilities": "answer.abilities",
    "HowToHold": "answer.how_to_hold",
    "OtherCramp": "answer.other_cramp",
    "Worry": "answer.worry",
    "CannotCall": "answer.cannot_call",
    "MedicineStopped": "answer.medicine_stopped",
    "TooMuch": "answer.too_much",
    "DoctorSaid": "answer.doctor_said",
    "Drive": "answer.drive",
    "EmergencyRoom": "answer.emergency_room",
    "WhileExercising": "answer.while_exercising",
    "ExerciseCause": "answer.exercise_cause",
    "SeveralMuscles": "answer.several_muscles",
    "EnoughMagnesium": "answer.enough_magnesium",
    "Minerals": "answer.minerals",
    "Kidneys": "answer.kidneys",
    "Myths": "answer.myths",
    "Regulated": "answer.regulated",
}

UNLISTED = "unlisted"  # the topic of what people ask about and we have no facts on

# what is taken in amounts, so that a question about how much goes to whoever may say
DOSED = frozenset(
    {
        "magnesium",
        "potassium",
        "calcium",
        "electrolytes",
        "salt",
        "vitamin_b",
        "vitamin_k",
        "vitamin_d",
        "quinine",
        "painkillers",
        "naproxen",
        "supplements",
        "medicines",
        "prescription",
        "pickle_juice",
        UNLISTED,
        UNKNOWN,
    }
)

# conditions that are medicines -> what is said of those
MEDICINES = {
    "statin": "topic.statin",
    **dict.fromkeys(("blood_pressure", "diuretic", "inhaler", "blood_thinner"), "topic.medicines"),
}

MAX_SORENESS = 2 * 86400  # seconds; docs/evidence.md: sore up to a day is usual, past a day or two ask a doctor


def answer(state: State, event: Event, lines: Lines) -> Turn:
    """Answer a question that has one answer."""
    return give(state, ANSWERS[event.name], lines)


def topic(state: State, event: Event, lines: Lines) -> Turn:
    """Answer about a remedy; something that is not on the list gets an honest "I don't know"."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, f"topic.{UNLISTED if name == UNKNOWN else name}", lines)


def stop_medicine(state: State, event: Event, lines: Lines) -> Turn:
    """Whether to stop something: never a medicine on one's own; of anything else what is known of it."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, "answer.stop_medicine" if name in DOSED else f"topic.{name}", lines)


def how_much(state: State, event: Event, lines: Lines) -> Turn:
    """How much of something: never an amount of what has a dose; of anything else what is known of it."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, "answer.how_much" if name in DOSED else f"topic.{name}", lines)


def condition_causes(state: State, event: Event, lines: Lines) -> Turn:
    """Whether an illness or a medicine can cause cramps: a question, not something that they have."""
    condition = event.slots.get("condition", "")
    return give(state, MEDICINES.get(condition, "answer.condition_causes"), lines)


def not_now(state: State, event: Event, lines: Lines) -> Turn:
    """A symptom that was long ago, or is as always: what to say if it is there now, or new."""
    return give(state, "answer.usual" if event.slots.get("when") == signs.USUAL else "answer.past", lines)


def about_sign(state: State, event: Event, lines: Lines) -> Turn:
    """A question about a symptom that nobody says they have."""
    return give(state, "answer.about_sign", lines)


def soreness(state: State, event: Event, lines: Lines) -> Turn:
    """Soreness: usual for a day afterwards, a reason to ask when it lasts; mid-cramp, "still sore" is the cramp."""
    if state.place in ("relief", "stuck") and "duration" not in event.slots:
        return relief.onward(state, event, lines)
    seconds = signs.seconds_of(event.slots.get("duration", ""))
    lasting = seconds is not None and seconds > MAX_SORENESS
    return give(state, "answer.sore_for_days" if lasting else "answer.soreness", lines)


def lasting(state: State, event: Event, lines: Lines) -> Turn:
    """How long it has been, so far: ten minutes or more is a warning sign (signs.py), and so is "for ages"."""
    again = state.topic in ("answer.how_long", "answer.under_ten")
    return give(state, "answer.under_ten" if again else "answer.how_long", lines)


def more(state: State, event: Event, lines: Lines) -> Turn:
    """A second breath on what was last talked about, where there is one; else the next step, or the next tip."""
    line = _second_breath(state, state.topic, lines)
    if line in lines:
        return give(state, line, lines)
    if state.place in ("relief", "stuck") and state.topic not in state.said:
        return relief.onward(state, event, lines)
    if state.place == "tips" or not state.topic:
        return prevention.tip(state, event, lines)
    return turn(state, lines, "answer.no_more", ask=default_cue(state))


def _second_breath(state: State, line: str, lines: Lines) -> str:
    """The name of the second breath, if there is one: it belongs to the wording that this person hears.

    So nobody who was told "no heat" hears how to use it in the next breath.
    """
    return f"{variant(state.flags, line, lines)}.more"


def give(state: State, line: str, lines: Lines) -> Turn:
    """Say the line that answers, then go back to where the person was.

    While a cramp is under way the disclaimer waits for the after-care. A line that isn't there (the model is newer than
    the words) is answered as something that nobody has facts on.
    """
    line = line if line in lines else f"topic.{UNLISTED}"
    if state.place in ("relief", "stuck"):
        return turn(state._replace(topic=line), lines, line, ask=default_cue(state), silence=step_silence(state, lines))
    if state.place in ("after", "tips", "stretch", "warned"):
        return turn(
            state._replace(topic=line, disclaimed=True), lines, line, *disclaimer(state), ask=default_cue(state)
        )
    return turn(
        state._replace(place="asking", here=(line,), topic=line, disclaimed=True),
        lines,
        line,
        *disclaimer(state),
        ask="more" if _second_breath(state, line, lines) in lines else "anything",
    )

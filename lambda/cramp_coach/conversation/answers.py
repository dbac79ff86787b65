"""Questions: one breath each, a second on asking, and then back to where the person was."""

from __future__ import annotations

from . import prevention, relief, signs
from .cues import default_cue
from .state import State
from .turn import UNKNOWN, Event, Turn, disclaimer, say, step_reprompt, variant

# event -> the line that answers it, which is called after it: "WhatIsCramp" is answered by answer.what_is_cramp
ANSWERS = {
    name: "answer." + "".join(f"_{char.lower()}" if char.isupper() else char for char in name)[1:]
    for name in (
        *("WhatIsCramp", "CrampOrSpasm", "Lump", "Cause", "Lacking", "WhyNight", "WhyAge", "WhyPregnancy"),
        *("WhyExercise", "WhyStretch", "WhichConditions", "WhoIsAtRisk", "HowLong", "HowCommon", "Dangerous"),
        *("Clot", "OtherProblem", "HeatOrIce", "BackToSleep", "NothingHelps", "GrowingPains", "WhenDoctor"),
        *("AreYouDoctor", "Sources", "Privacy", "Diary", "Reminder", "Abilities", "HowToHold", "OtherCramp"),
        *("Worry", "CannotCall", "MedicineStopped", "TooMuch", "DoctorSaid", "Drive", "EmergencyRoom"),
        *("WhileExercising", "ExerciseCause", "SeveralMuscles", "EnoughMagnesium", "Minerals"),
        *("Kidneys", "Myths", "Regulated"),
    )
}

UNLISTED = "unlisted"  # the topic of what people ask about and we have no facts on

# what is taken in amounts, so that a question about how much goes to whoever may say
DOSED = frozenset(
    {
        *(
            "magnesium",
            "potassium",
            "calcium",
            "electrolytes",
            "salt",
            "vitamin_b",
            "vitamin_k",
            "vitamin_d",
            "quinine",
        ),
        *("painkillers", "naproxen", "supplements", "medicines", "prescription", "pickle_juice", UNLISTED, UNKNOWN),
    }
)

# conditions that are medicines -> what is said of those
MEDICINES = {
    "statin": "topic.statin",
    **dict.fromkeys(("blood_pressure", "diuretic", "inhaler", "blood_thinner"), "topic.medicines"),
}

MAX_SORENESS = 2 * 86400  # seconds; docs/evidence.md: sore up to a day is usual, past a day or two ask a doctor


def answer(state: State, event: Event) -> Turn:
    """Answer a question that has one answer."""
    return give(state, event, ANSWERS[event.name])


def topic(state: State, event: Event) -> Turn:
    """Answer about a remedy; something that is not on the list gets an honest "I don't know"."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, event, f"topic.{UNLISTED if name == UNKNOWN else name}")


def stop_medicine(state: State, event: Event) -> Turn:
    """Whether to stop something: never a medicine on one's own; of anything else what is known of it."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, event, "answer.stop_medicine" if name in DOSED else f"topic.{name}")


def how_much(state: State, event: Event) -> Turn:
    """How much of something: never an amount of what has a dose; of anything else what is known of it."""
    name = event.slots.get("topic", UNKNOWN)
    return give(state, event, "answer.how_much" if name in DOSED else f"topic.{name}")


def condition_causes(state: State, event: Event) -> Turn:
    """Whether an illness or a medicine can cause cramps: a question, not something that they have."""
    condition = event.slots.get("condition", "")
    return give(state, event, MEDICINES.get(condition, "answer.condition_causes"))


def not_now(state: State, event: Event) -> Turn:
    """A symptom that was long ago, or is as always: what to say if it is there now, or new."""
    return give(state, event, "answer.usual" if event.slots.get("when") == signs.USUAL else "answer.past")


def about_sign(state: State, event: Event) -> Turn:
    """A question about a symptom that nobody says they have."""
    return give(state, event, "answer.about_sign")


def soreness(state: State, event: Event) -> Turn:
    """Soreness: usual for a day afterwards, a reason to ask when it lasts; mid-cramp, "still sore" is the cramp."""
    if state.place in ("relief", "stuck") and "duration" not in event.slots:
        return relief.onward(state, event)
    seconds = signs.seconds_of(event.slots.get("duration", ""))
    lasting = seconds is not None and seconds > MAX_SORENESS
    return give(state, event, "answer.sore_for_days" if lasting else "answer.soreness")


def lasting(state: State, event: Event) -> Turn:
    """How long it has been, so far: ten minutes or more is a warning sign (signs.py), and so is "for ages"."""
    again = state.topic in ("answer.how_long", "answer.under_ten")
    return give(state, event, "answer.under_ten" if again else "answer.how_long")


def more(state: State, event: Event) -> Turn:
    """A second breath on what was last talked about, where there is one; else the next step, or the next tip."""
    line = _second_breath(state, event, state.topic)
    if line in event.lines:
        return give(state, event, line)
    if state.place in ("relief", "stuck") and state.topic not in state.said:
        return relief.onward(state, event)
    if state.place == "tips" or not state.topic:
        return prevention.tip(state, event)
    return say(state, "answer.no_more", ask=default_cue(state))


def _second_breath(state: State, event: Event, line: str) -> str:
    """The name of the second breath, if there is one: it belongs to the wording that this person hears.

    So nobody who was told "no heat" hears how to use it in the next breath.
    """
    return f"{variant(state.flags, line, event.lines)}.more"


def give(state: State, event: Event, line: str) -> Turn:
    """Say the line that answers, then go back to where the person was.

    While a cramp is under way the disclaimer waits for the after-care. A line that isn't there (the model is newer than
    the words) is answered as something that nobody has facts on.
    """
    line = line if line in event.lines else f"topic.{UNLISTED}"
    if state.place in ("relief", "stuck"):
        return say(state._replace(topic=line), line, ask=default_cue(state), reprompt=step_reprompt(state))
    if state.place in ("after", "tips", "stretch", "warned"):
        return say(state._replace(topic=line, disclaimed=True), line, *disclaimer(state), ask=default_cue(state))
    return say(
        state._replace(place="asking", here=(line,), topic=line, disclaimed=True),
        line,
        *disclaimer(state),
        ask="more" if _second_breath(state, event, line) in event.lines else "anything",
    )

"""Relief: the steps of a muscle in three positions, round by round, until it lets go."""

from __future__ import annotations

from . import doctor, signs
from .conditions import GROWN_UP, conditions_in
from .cues import default_cue
from .state import MUSCLES, ROUNDS, SETS, State
from .turn import CARD, Event, Turn, disclaimer, if_silent, say, step_reprompt, texts_of

ANY = "other"  # the muscle whose steps go by the rule of opposites
SAME_IN_ALL = ("foot_top", "thigh", ANY)  # have the same steps in every position

# What to start with when nobody has chosen. The calf stands, because that is what the person who
# asked for this skill wanted first, with the way to stay in bed in the same breath. The others
# start where nobody can fall: the facts put lying and sitting first (docs/decisions.md).
DEFAULT_POSITION = {
    "calf": "standing",
    "foot": "sitting",
    "foot_top": "sitting",
    "hamstring": "sitting",
    "quadriceps": "lying",
    "shin": "sitting",
    "thigh": "lying",
    ANY: "lying",
}

# A part of the body that was named with the cramp itself -> the muscle whose steps help.
MUSCLE_OF = {
    "calf": "calf",
    "shin": "shin",
    "foot": "foot",
    "foot_top": "foot_top",
    "toes": "foot",
    "ankle": "foot",
    "thigh": "thigh",
    "hamstring": "hamstring",
    "quadriceps": "quadriceps",
    "hip": ANY,
    "knee": ANY,
    "saddle": ANY,
}


def of_part(state: State, event: Event) -> Event:
    """The event with the muscle that its part of the body stands for, where it is another than the one under way."""
    muscle = MUSCLE_OF.get(event.slots.get("part", ""), state.muscle)
    return event if muscle == state.muscle else event._replace(slots={**event.slots, "muscle": muscle})


def begin(state: State, event: Event) -> Turn:
    """The first step, at once: for the muscle named, or the one under way, or the calf."""
    first = _named(state, event)._replace(round=1)
    if event.slots.get("who") == GROWN_UP:  # somebody else's: whoever speaks has two hands free
        return helper(first, event)
    if _helping(state) and first.muscle != state.muscle:
        return helper(first, event)
    for who in conditions_in(event):  # "I'm pregnant and my calf cramps", "my son has a cramp"
        for care in (f"person.{who}.first", f"person.{who}.relief"):
            if care in event.lines:
                return step(first._replace(position="lying"), care)
    if state.place == "relief" and first.muscle == state.muscle:
        return onward(state, event)
    return step(first)


def anywhere(state: State, event: Event) -> Turn:
    """They can't say which muscle: the rule of opposites."""
    return step(state._replace(muscle=ANY, round=1))


def restart(state: State, event: Event) -> Turn:
    """From the first round again, for the same muscle in the same position."""
    return helper(state, event) if _helping(state) else step(state._replace(round=1))


def both_legs(state: State, event: Event) -> Turn:
    """Both legs at once: never standing."""
    down = _named(state, event).with_flags("no_standing")
    return step(down._replace(position="lying", round=1), "relief.both")


def other_leg(state: State, event: Event) -> Turn:
    """The same steps again for the other leg."""
    return step(state._replace(round=1), "relief.other_leg")


def returned(state: State, event: Event) -> Turn:
    """It comes back, or is about to: the stretch again, early."""
    return step(state._replace(round=1), "relief.returned")


def lying(state: State, event: Event) -> Turn:
    """The version for someone in bed, or who can't stand, at the same round."""
    return _move(state, "lying")


def dizzy(state: State, event: Event) -> Turn:
    """Dizzy or unsteady: down, and never standing again in this session."""
    down = state.with_flags("no_standing")
    if state.place in ("after", "tips", "asking"):  # no cramp to go back to
        return say(down, "relief.dizzy", ask=default_cue(down))
    return lying(down, event)


def cannot_straighten(state: State, event: Event) -> Turn:
    """The knee won't straighten: lying down, only as far as it goes."""
    lies = state.place == "relief" and position_of(state) == "lying"
    return step(state._replace(position="lying", round=state.round if lies else 1), "relief.slowly")


def slippery(state: State, event: Event) -> Turn:
    """On a wet floor: hold on, sit, and the sitting version."""
    return step(state.with_flags("no_standing")._replace(position="sitting", round=1), "relief.slippery")


def steady(state: State, event: Event) -> Turn:
    """Afraid or alone in the middle of it: somebody is there, and the step in short."""
    return say(
        state, "relief.with_you", *texts_of(state.here, "short"), ask=default_cue(state), reprompt=step_reprompt(state)
    )


def sitting(state: State, event: Event) -> Turn:
    """The version for someone on a chair or the edge of the bed, at the same round."""
    return _move(state, "sitting")


def standing(state: State, event: Event) -> Turn:
    """The version for someone steady on their feet, at the same round."""
    return _move(state, "standing")


def helper(state: State, event: Event) -> Turn:
    """Somebody is there to help: what they can do with their hands."""
    return _stay(state._replace(place="relief", position="lying", round=1), f"helper.{state.muscle}")


def _helping(state: State) -> bool:
    """Whether the steps are said to a helper."""
    return state.place == "relief" and state.here == (f"helper.{state.muscle}",)


def _help_on(state: State) -> Turn:
    """Another round for the helper: "once more" and the whole instruction in turns, one being the other's reprompt."""
    line, again = f"helper.{state.muscle}", f"helper.{state.muscle}#reprompt"
    now, then = (line, again) if state.round % 2 else (again, line)
    return say(state._replace(here=(line,)), now, ask=default_cue(state), reprompt=(then,))


def cannot_reach(state: State, event: Event) -> Turn:
    """The version of the step that needs no reaching."""
    return _stay(state._replace(place="relief"), f"reach.{state.muscle}")


def driving(state: State, event: Event) -> Turn:
    """At the wheel: pull over first, and no stretching before they say that they have."""
    return _first_of_all(state, event, "relief.driving")


def in_water(state: State, event: Event) -> Turn:
    """In the water: hold on or float, call for help, and no stretching before they say that they are out."""
    return _first_of_all(state, event, "relief.in_water")


def onward(state: State, event: Event) -> Turn:
    """It has not let go: the next round, or after the last the warning signs and the ten-minute rule."""
    named = _named(state, event)
    if state.place not in ("relief", "stuck") or named.muscle != state.muscle:
        return helper(named, event) if _helping(state) else step(named._replace(round=1))
    if state.place == "stuck" and state.sets < SETS:
        return step(state._replace(position="lying", round=1))
    if state.place == "relief" and state.round < ROUNDS:
        further = state._replace(round=state.round + 1)
        return _help_on(further) if _helping(state) else step(further)
    return _stuck(state)


def back(state: State, event: Event) -> Turn:
    """The step before this one; before the first there is none, so the first again."""
    if state.place == "stuck":
        return step(state)
    if _helping(state):
        return helper(state, event)
    if state.place == "relief" and state.round > 1:
        return step(state._replace(round=state.round - 1))
    return step(state._replace(round=1), "relief.first")


def worse(state: State, event: Event) -> Turn:
    """The stretch hurts more: off it, to the gentle version in bed, or to the warning signs."""
    if (state.place == "relief" and position_of(state) == "lying") or (state.place == "stuck" and state.sets == SETS):
        return _stuck(state)
    return step(state._replace(position="lying", round=1), "relief.ease")


def _stuck(state: State) -> Turn:
    """All rounds are done: the warning signs; the second time advice is needed, and nothing else is offered."""
    line = "relief.stuck_again" if state.sets else "relief.stuck"
    return _stay(state._replace(place="stuck", sets=min(state.sets + 1, SETS)), line)


def rest(state: State, event: Event) -> Turn:
    """They don't want another round now: rest, and ask whether it has let go."""
    return say(state, "relief.rest", ask="let_go", reprompt=("relief.grips",))


def let_go(state: State, event: Event) -> Turn:
    """It is over: after-care and the one disclaimer; the doctor line if they say nothing.

    Someone who said mid-cramp how often they get them hears now what was put off then.
    """
    upright = state.place in ("relief", "stuck") and position_of(state) == "standing"
    care = "after.walk" if upright else "after.rub"
    nudge = doctor.NUDGE_OF.get(state.due, 0)
    due = state.due in doctor.NUDGE_OF and (not nudge or nudge > state.nudged)
    card = CARD if state.place in ("relief", "stuck") and not state.carded else ()
    ended = say(
        state._replace(
            place="after",
            here=(care,),
            topic="after.more",
            disclaimed=True,
            nudged=max(state.nudged, nudge),
            due="",
            carded=state.carded or bool(card),
        ),
        *((f"{care}#short", state.due) if due else (care,)),
        *disclaimer(state),
        ask="list" if due and nudge else "tip",
        reprompt=(care,) if due else if_silent(state),
    )
    return ended._replace(card=card)


def aftercare(state: State, event: Event) -> Turn:
    """More after-care, on asking."""
    care = ("after.more", "after.comfort", "after.sip")
    return say(
        state._replace(place="after", here=care, disclaimed=True),
        *care,
        *disclaimer(state),
        ask="tip",
        reprompt=if_silent(state),
    )


def wrong_muscle(state: State, event: Event) -> Turn:
    """Another muscle than the one we're at: which one, by place."""
    return say(state, "relief.wrong_muscle", ask="where")


def step(state: State, *before: str) -> Turn:
    """The step of this muscle, position and round, with the lines `before` ahead of it."""
    where = () if state.muscle in SAME_IN_ALL else (position_of(state),)
    line = ".".join((state.muscle, *where, str(state.round)))
    return _stay(state._replace(place="relief"), line, *before)


def position_of(state: State) -> str:
    """The position they chose, or the usual one for the muscle; never standing for someone who shouldn't."""
    position = state.position or DEFAULT_POSITION[state.muscle]
    if position == "standing" and "no_standing" in state.flags:
        return "sitting" if state.position else "lying"
    return position


def _named(state: State, event: Event) -> State:
    """The state with the muscle that was named; one that is not on the list gets the rule of opposites."""
    muscle = event.slots.get("muscle", state.muscle)
    return state._replace(muscle=muscle if muscle in MUSCLES else ANY)


def _move(state: State, position: str) -> Turn:
    under_way = state.place == "relief"
    return step(state._replace(position=position, round=state.round if under_way else 1))


def _first_of_all(state: State, event: Event, line: str) -> Turn:
    if state.place == "warned":
        return signs.hold_to_it(state, event, f"{line}#short")
    return say(state._replace(place="unsafe", position="sitting", round=1, here=(line,)), line, ask="ready")


def still_unsafe(state: State, event: Event) -> Turn:
    """Whatever else is said at the wheel or in the water: first somewhere safe, again."""
    return say(state, *state.here, ask="ready")


def _stay(state: State, line: str, *before: str) -> Turn:
    return say(state._replace(here=(line,)), *before, line, ask=default_cue(state))

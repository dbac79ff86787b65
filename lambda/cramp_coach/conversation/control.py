"""Steering the conversation: again, slower, quieter, wait, help, what was that, stop."""

from __future__ import annotations

from . import doctor, relief, signs
from .cues import default_cue
from .state import LEVELS, State
from .turn import CARD, Event, Turn, say, step_reprompt, texts_of, variant


def repeat(state: State, event: Event) -> Turn:
    """The same words again; the first step if nothing was said yet."""
    if not state.said:
        return relief.begin(state, event)
    # a warning that was heard twice is no slip of the ear any more: "nothing like that" then has to be said twice
    held = state.held or state.place == "warned"
    return say(state._replace(held=held), *state.said, ask=state.asked, reprompt=state.reprompt)


def resume(state: State, event: Event) -> Turn:
    """Back to the step or tip they were at; "keep going" where nothing was paused is the next step."""
    if state.place == "unsafe":  # they are safe now
        return relief.step(state)
    if state.place == "relief" and state.asked != "ready":
        return relief.onward(state, event)
    return _here(state)


def reassured(state: State, event: Event) -> Turn:
    """No warning sign, they say: good, and what to do if one comes, in case they were misheard.

    Said right after the first warning, it takes that back: the step, as before. Said later, it is answered with the
    signs once more, and said again after that with gentle help lying down: nobody is stuck in a misunderstanding.
    """
    if state.place != "warned":
        return say(state, "control.good", ask=default_cue(state), reprompt=step_reprompt(state))
    if state.called or state.urgency == "crisis":
        return signs.hold_to_it(state, event)
    calm = state._replace(urgency="", sign="", held=False, denied=False)
    if not state.held and state.said == tuple(variant(state.flags, ref, event.lines) for ref in state.here):
        then = relief.step(calm).state
        return say(then, "control.good", *texts_of(then.here, "short"), ask="ready", reprompt=step_reprompt(then))
    if not state.denied:
        return signs.deny(state, event)
    return relief.step(calm.with_flags("no_standing", "gentle")._replace(position="lying", round=1))


def aside(state: State, event: Event) -> Turn:
    """The floor is cold, the cat sits on somebody: back to the step in short."""
    return say(
        state, "control.aside", *texts_of(state.here, "short"), ask=default_cue(state), reprompt=step_reprompt(state)
    )


def pause(state: State, event: Event) -> Turn:
    """Time to breathe, with a way back."""
    return say(state, "control.pause", ask="ready")


PACED = ("Slower", "Faster", "Longer", "Shorter", "Quieter", "Louder")


def paced(state: State, event: Event) -> Turn:
    """Another pace, longer holds, a softer voice for the rest of the session, or back towards the usual; and go on."""
    changed = {
        "Slower": state._replace(slow=min(state.slow + 1, LEVELS)),
        "Faster": state._replace(slow=max(state.slow - 1, 0)),
        "Longer": state._replace(long=min(state.long + 1, LEVELS)),
        "Shorter": state._replace(long=max(state.long - 1, 0)),
        "Quieter": state._replace(soft=min(state.soft + 1, LEVELS)),
        "Louder": state._replace(soft=max(state.soft - 1, 0)),
    }[event.name]
    line = f"control.{event.name.lower()}"
    if state.place in ("start", "after"):  # nothing is under way that could be said again
        return say(changed, line, ask=default_cue(changed))
    return _here(changed, line)


def help_(state: State, event: Event) -> Turn:
    """What can be said from here; always ends with a question."""
    return say(state, f"help.{state.place}", ask=default_cue(state))


def fallback(state: State, event: Event) -> Turn:
    """Not understood: the step (in short, where it was said), and the second time in a row what can be said."""
    misses = min(state.misses + 1, LEVELS)
    if state.place == "start":  # a cry, most likely: action first
        return relief.begin(state._replace(misses=misses), event)
    if state.asked == "where":
        return relief.anywhere(state._replace(misses=misses), event)
    missed = f"miss.again.{state.place}" if state.misses else "miss.first"
    return say(state._replace(misses=misses), missed, *texts_of(state.here, "short"), ask=default_cue(state))


def lost(state: State, event: Event) -> Turn:
    """Something broke on our side: the step they were at, or the first one."""
    return _here(state, "control.lost")


def send_card(state: State, event: Event) -> Turn:
    """The steps for next time, to read in the Alexa app."""
    sent = say(state._replace(carded=True), "control.card", ask=default_cue(state), reprompt=step_reprompt(state))
    return sent._replace(card=CARD)


def thanks(state: State, event: Event) -> Turn:
    """Polite and done, unless the cramp may still be there."""
    if state.place in ("relief", "stuck"):
        return say(state, "control.welcome", ask="let_go", reprompt=("relief.grips",))
    return _leave(state, "goodbye.thanks")


def stop(state: State, event: Event) -> Turn:
    """Brief, and the session closes."""
    return _leave(state, "goodbye.stop")


def goodbye(state: State, event: Event) -> Turn:
    """They want nothing more: brief, and the session closes."""
    return _leave(state, "goodbye.done")


def _leave(state: State, usual: str) -> Turn:
    """The session closes; after a warning with the call to make, or what to do once they have made it.

    Advice that waited for the end of a cramp is said now, or never.
    """
    if state.place != "warned":
        return say(state, usual, *doctor.put_off(state))
    if state.urgency == "crisis":
        return say(state, "goodbye.warned_crisis")
    return say(state, "goodbye.warned_coming" if state.called else "goodbye.warned")


def _here(state: State, *before: str) -> Turn:
    if not state.here:
        return relief.step(state, *before)
    return say(state, *before, *state.here, ask=default_cue(state))

"""Steering the conversation: again, slower, quieter, wait, help, what was that, stop."""

from __future__ import annotations

from . import relief
from .cues import usual_cue
from .state import LEVELS, State
from .turn import CARD, Event, Lines, Turn, step_silence, turn


def repeat(state: State, event: Event, lines: Lines) -> Turn:
    """The same words again; the first step if nothing was said yet."""
    if not state.said:
        return relief.begin(state, event, lines)
    return turn(state, lines, *state.said, ask=state.asked, silence=state.silence)


def resume(state: State, event: Event, lines: Lines) -> Turn:
    """Back to the step or tip they were at."""
    return _here(state, lines)


def reassured(state: State, event: Event, lines: Lines) -> Turn:
    """No warning sign, they say: good, and what to say if one comes, in case they were misheard."""
    return turn(state, lines, "control.good", ask=usual_cue(state), silence=step_silence(state, lines))


def pause(state: State, event: Event, lines: Lines) -> Turn:
    """Time to breathe, with a way back."""
    return turn(state, lines, "control.pause", ask="ready")


def slower(state: State, event: Event, lines: Lines) -> Turn:
    """Slower speech for the rest of the session, and the same again."""
    return _here(state._replace(slow=min(state.slow + 1, LEVELS)), lines, "control.slower")


def faster(state: State, event: Event, lines: Lines) -> Turn:
    """Back towards the usual pace."""
    return _here(state._replace(slow=max(state.slow - 1, 0)), lines, "control.faster")


def longer(state: State, event: Event, lines: Lines) -> Turn:
    """Longer holds for the rest of the session, and the same again."""
    return _here(state._replace(long=min(state.long + 1, LEVELS)), lines, "control.longer")


def shorter(state: State, event: Event, lines: Lines) -> Turn:
    """Back towards the usual holds."""
    return _here(state._replace(long=max(state.long - 1, 0)), lines, "control.shorter")


def quieter(state: State, event: Event, lines: Lines) -> Turn:
    """A softer voice for the rest of the session, softer still if asked again."""
    return _here(state._replace(soft=min(state.soft + 1, LEVELS)), lines, "control.quieter")


def louder(state: State, event: Event, lines: Lines) -> Turn:
    """Back towards the usual voice."""
    return _here(state._replace(soft=max(state.soft - 1, 0)), lines, "control.louder")


def help_(state: State, event: Event, lines: Lines) -> Turn:
    """What can be said from here; always ends with a question."""
    return turn(state, lines, f"help.{state.place}", ask=usual_cue(state))


def fallback(state: State, event: Event, lines: Lines) -> Turn:
    """Not understood: the step again in short, and the second time in a row what can be said."""
    missed = f"miss.again.{state.place}" if state.misses else "miss.first"
    short = tuple(f"{ref}#short" for ref in state.here if f"{ref}#short" in lines)
    misses = min(state.misses + 1, LEVELS)
    return turn(state, lines, missed, *short, ask=usual_cue(state), misses=misses)


def lost(state: State, event: Event, lines: Lines) -> Turn:
    """Something broke on our side: the step they were at, or the first one."""
    return _here(state, lines, "control.lost")


def send_card(state: State, event: Event, lines: Lines) -> Turn:
    """The steps for next time, to read in the Alexa app."""
    sent = turn(state, lines, "control.card", ask=usual_cue(state), silence=step_silence(state, lines))
    return sent._replace(card=CARD)


def thanks(state: State, event: Event, lines: Lines) -> Turn:
    """Polite and done, unless the cramp may still be there."""
    if state.place in ("relief", "stuck"):
        return turn(state, lines, "control.welcome", ask="let_go")
    return turn(state, lines, "goodbye.warned" if state.place == "warned" else "goodbye.thanks")


def stop(state: State, event: Event, lines: Lines) -> Turn:
    """Brief, and the session closes."""
    return turn(state, lines, "goodbye.warned" if state.place == "warned" else "goodbye.stop")


def goodbye(state: State, event: Event, lines: Lines) -> Turn:
    """They want nothing more: brief, and the session closes."""
    return turn(state, lines, "goodbye.warned" if state.place == "warned" else "goodbye.done")


def _here(state: State, lines: Lines, *before: str) -> Turn:
    if not state.here:
        return relief.step(state, lines, *before)
    return turn(state, lines, *before, *state.here, ask=usual_cue(state))

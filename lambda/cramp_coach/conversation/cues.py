"""The cues that end a turn, and what a yes or a no to each of them means."""

from __future__ import annotations

from .state import Cue, Place, State

# cue -> the events that a yes and a no to it stand for
CUES: dict[Cue, tuple[str, str]] = {
    "again": ("Next", "Rest"),
    "where": ("CrampNow", "Unsure"),
    "let_go": ("Better", "NotBetter"),
    "cramping": ("CrampNow", "Tip"),
    "ready": ("Resume", "Pause"),
    "tip": ("Tip", "Goodbye"),
    "another": ("Tip", "Goodbye"),
    "anything": ("Help", "Goodbye"),
    "more": ("More", "Goodbye"),
    "list": ("DoctorList", "Goodbye"),
    "other_leg": ("Next", "Goodbye"),
    "enough": ("Goodbye", "StartOver"),
    "say_again": ("Repeat", "Goodbye"),
    "with_you": ("Repeat", "Crisis"),
    "which": ("Resume", "SomethingWrong"),
}

CUE_OF_PLACE: dict[Place, Cue] = {
    "start": "cramping",
    "relief": "again",
    "stuck": "let_go",
    "after": "tip",
    "tips": "another",
    "asking": "anything",
    "unsafe": "ready",
    "warned": "say_again",
}

STRETCH: Place = "stretch"  # has two, one for each leg


def default_cue(state: State) -> Cue:
    """The cue that fits where the person is: back to the step while a cramp is under way."""
    if state.place == STRETCH:
        return "other_leg" if state.round == 1 else "enough"
    return CUE_OF_PLACE[state.place]

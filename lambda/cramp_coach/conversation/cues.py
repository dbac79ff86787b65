"""The cues that end a turn, and what a yes or a no to each of them means."""

from __future__ import annotations

from .state import State

# cue -> the events that a yes and a no to it stand for
CUES = {
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

_CUE_OF_PLACE = {
    "start": "cramping",
    "relief": "again",
    "stuck": "let_go",
    "after": "tip",
    "tips": "another",
    "asking": "anything",
    "unsafe": "ready",
    "warned": "say_again",
}


def usual_cue(state: State) -> str:
    """The cue that fits where the person is: back to the step while a cramp is under way."""
    if state.place == "stretch":
        return "other_leg" if state.round == 1 else "enough"
    return _CUE_OF_PLACE[state.place]

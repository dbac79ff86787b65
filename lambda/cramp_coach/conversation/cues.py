"""The cues that end a turn, and what a yes or a no to each of them means."""

from __future__ import annotations

from typing import NamedTuple

from .state import State


class Cue(NamedTuple):
    """The events that a yes and a no to this cue stand for."""

    yes: str
    no: str


CUES = {
    "again": Cue(yes="Next", no="Rest"),
    "let_go": Cue(yes="Better", no="NotBetter"),
    "cramping": Cue(yes="CrampNow", no="Tip"),
    "ready": Cue(yes="Resume", no="Pause"),
    "tip": Cue(yes="Tip", no="Goodbye"),
    "another": Cue(yes="Tip", no="Goodbye"),
    "anything": Cue(yes="Help", no="Goodbye"),
}

_CUE_OF_PLACE = {"start": "cramping", "relief": "again", "stuck": "again", "after": "tip", "tips": "another"}


def usual_cue(state: State) -> str:
    """The cue that fits where the person is: back to the step while a cramp is under way."""
    return _CUE_OF_PLACE[state.place]

"""Every screen that there is: one for each line of the words that has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cramp_coach.conversation import Event, State, respond
from cramp_coach.conversation.turn import Turn
from cramp_coach.screens import LAYOUTS, entry_for, screen_for
from cramp_coach.words import FOLDER, Words, default_language, words_for
from tools.models.sources import first_locale
from tools.words import PLACES_OF_FILES, read_lines

# The conversations that the docs show, from a new session: name -> the events.
SHOWN: dict[str, tuple[Event, ...]] = {
    "A step": (Event("Launch"),),
    "In bed": (Event("InBed"),),
    "After-care": (Event("Launch"), Event("Better")),
    "A tip": (Event("Tip"), Event("Next"), Event("Next")),
    "An answer": (Event("Topic", {"topic": "magnesium"}),),
    "The bedtime stretch": (Event("BedtimeStretch"),),  # and what it goes on with
    "The doctor's list": (Event("DoctorList"),),
    "A warning": (Event("SwollenLegSign"),),
    "An emergency": (Event("ChestSign"),),
    "Help": (Event("Launch"), Event("Help")),
}


def every_screen(language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each line of a language that has a screen with the screen it gets."""
    words = words_for(first_locale(language))
    for line in read_lines(Path(FOLDER, language)):
        if any(entry_for(layout, line.ref) is not None for layout in LAYOUTS):
            number = re.search(r"\.([123])(?:\.|$)", line.ref)
            place = PLACES_OF_FILES.get(line.path.stem, "relief")
            state = State(place=place, round=int(number[1]) if number else 1)
            yield from _screens(line.ref, Turn(state, (line.ref,), (), "again"), words)


def _screens(name: str, turn: Turn, words: Words) -> Iterator[tuple[str, dict[str, Any]]]:
    """The screen of a turn, if it has one; with several steps, what it shows later on, as a screen that begins so."""
    if not (screen := screen_for(turn, words)):
        return
    yield name, screen
    steps = screen["datasources"]["screen"].get("steps", [])
    for n in range(1, len(steps)):
        shown = {**screen["datasources"]["screen"], "steps": [{**steps[n], "from": 0}, *steps[n + 1 :]]}
        yield f"{name}, step {n + 1}", {**screen, "datasources": {"screen": shown}}


def shown_screens() -> Iterator[tuple[str, dict[str, Any]]]:
    """The screens that the docs show, by name."""
    words = words_for(first_locale(default_language()))
    for name, events in SHOWN.items():
        state = State()
        for event in events:
            turn = respond(state, event, words)
            state = turn.state
        yield from _screens(name, turn, words)

"""Screens: what a device with a display shows while Alexa speaks, as Alexa Presentation Language.

Imported only for such a device: nothing here is on the way to the first step of an Echo. A screen
adds to the words and never stands in for them. Which screen belongs to which line stands in
`lines.toml`; `document.json` lays it out; `pictograms/` is drawn by `make pictograms`.
"""

from __future__ import annotations

import functools
import json
import tomllib
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from ..conversation import State, Turn
from ..conversation.state import ROUNDS
from ..speech import hold_span, plain
from ..words import Words

Json = dict[str, Any]

FOLDER = Path(__file__).parent

# What a touch may send: the events of the conversation that have a button. Anything else is foreign.
TOUCHES = frozenset({"Previous", "Repeat", "Next", "Better", "SomethingWrong"})

# The layouts, the first that a turn has a line for wins: a warning before the step that it is about.
LAYOUTS = ("warnings", "pictures", "lists", "words")


def screen_for(turn: Turn, words: Words) -> Json | None:
    """The parts of a RenderDocument directive for a turn: token, document, datasources.

    None if no line of the turn has a screen: what is shown stays as it is. The token is the line.
    """
    for layout in LAYOUTS:
        for ref in turn.say:
            line = ref.partition("#")[0]
            entry = entry_for(layout, line)
            if entry is not None:
                return _screen(layout, entry, line, turn, words)
    return None


def entry_for(layout: str, line: str) -> Any:
    """What `lines.toml` says of a line under a layout, or else of the name before it; None if nothing."""
    entries = _lines()[layout]
    while line not in entries and "." in line:
        line = line.rpartition(".")[0]
    return entries.get(line)


def _screen(layout: str, entry: Any, line: str, turn: Turn, words: Words) -> Json:
    state = turn.state
    shown: Json = {"layout": layout, "buttons": _buttons(state, words)}
    graphics = {}
    if layout in ("warnings", "pictures"):
        graphics["pictogram"] = _read(f"pictograms/{entry}.json")
        shown["text"] = _short(line, state, words)
    if layout == "pictures":
        shown |= {"dots": _dots(line, state), "hold": _hold(turn, words)}
    if layout in ("warnings", "words"):
        shown["detail"] = plain(line, state, words)
    if layout == "lists":
        items = takewhile(words.__contains__, (f"{entry}.{number}" for number in count(1)))
        shown |= {"text": _short(line, state, words), "items": [plain(item, state, words) for item in items]}
    document = _read("document.json")
    document = {**document, "graphics": {**document["graphics"], **graphics}}
    return {"token": line, "document": document, "datasources": {"screen": shown}}


def _short(line: str, state: State, words: Words) -> str:
    """The short text of a line, or of the line that it is a variant of."""
    while f"{line}#short" not in words and "." in line:
        line = line.rpartition(".")[0]
    return plain(f"{line}#short", state, words)


def _buttons(state: State, words: Words) -> list[Json]:
    return [
        {"event": event, "label": plain(f"screen.button.{event}", state, words)}
        for event in _lines()["buttons"][state.place]
    ]


def _dots(line: str, state: State) -> list[bool]:
    """One for each round, true up to the one we're at; none where nothing is counted."""
    if state.place != "relief" or line.startswith(("reach", "helper", "relief")):
        return []
    return [number <= state.round for number in range(1, ROUNDS + 1)]


def _hold(turn: Turn, words: Words) -> Json:
    """When the hold begins and how long it lasts, in milliseconds; empty without one."""
    span = hold_span(turn.say, turn.state, words)
    return {"delay": round(span[0] * 1000), "duration": round(span[1] * 1000)} if span else {}


@functools.cache
def _lines() -> Json:
    return tomllib.loads((FOLDER / "lines.toml").read_text(encoding="utf-8"))


@functools.cache
def _read(name: str) -> Json:
    made: Json = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return made

"""Screens: what a device with a display shows while Alexa speaks, as Alexa Presentation Language.

Imported only for such a device: nothing here is on the way to the first step of an Echo. A screen
adds to the words and never stands in for them. Which screen belongs to which line stands in
`lines.toml`; `document.json` lays it out; `pictograms/` is drawn by `make pictograms`.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib
from itertools import count, pairwise, takewhile
from pathlib import Path
from typing import Any

from ..conversation import State, Turn
from ..conversation.state import ROUNDS
from ..speech import phases, plain
from ..words import Words

Json = dict[str, Any]

FOLDER = Path(__file__).parent

# What a touch may send: the events of the conversation that have a button. Anything else is foreign.
TOUCHES = frozenset({"Previous", "Repeat", "Next", "Better", "SomethingWrong"})

# The layouts, the first that a turn has a line for wins: a warning before the step that it is about.
LAYOUTS = ("warnings", "pictures", "lists", "words")


SENTENCE_END = re.compile(r"(?<=[.?!]) +")


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
    if layout == "pictures":
        pictures = entry if isinstance(entry, list) else [entry]
        graphics = {f"picture{n}": _read(f"pictograms/{name}.json") for n, name in enumerate(pictures)}
        shown |= {"steps": _steps(turn, words, _short(line, state, words), len(pictures)), "dots": _dots(line, state)}
    elif layout == "warnings":
        graphics = {"picture0": _read(f"pictograms/{entry}.json")}
        shown |= {"text": _short(line, state, words), "detail": plain(line, state, words)}
    elif layout == "words":
        shown |= _led(plain(line, state, words), entry)
    else:
        items = takewhile(words.__contains__, (f"{entry}.{number}" for number in count(1)))
        shown |= {"text": _short(line, state, words), "columns": _halves([plain(item, state, words) for item in items])}
    document = _read("document.json")
    document = {**document, "graphics": {**document["graphics"], **graphics}}
    return {"token": line, "document": document, "datasources": {"screen": shown}}


def _steps(turn: Turn, words: Words, short: str, number: int) -> list[Json]:
    """What is shown one after the other, in step with the voice: each with its picture, its text and its hold.

    Times are milliseconds from the beginning of the speech; `until` is 0 for the last step, `duration` without a hold.
    """
    spoken = phases(turn.say, turn.state, words, number)
    steps = [
        {
            "picture": f"picture{n}",
            "text": SENTENCE_END.split(phase.said)[0] if n else short,
            "from": round(phase.begin * 1000) if n else 0,
            "until": 0,
            "delay": round(phase.hold * 1000),
            "duration": round((phase.end - phase.hold) * 1000),
        }
        for n, phase in enumerate(spoken)
    ]
    if not steps:
        return [{"picture": "picture0", "text": short, "from": 0, "until": 0, "delay": 0, "duration": 0}]
    for step, after in pairwise(steps):
        step["until"] = after["from"]
    return steps


def _led(text: str, number: int) -> Json:
    """A text for reading: the sentence of that number, from 1, large as `text`, and the others as `detail`."""
    sentences = SENTENCE_END.split(text)
    leading = sentences.pop(min(number, len(sentences)) - 1)
    return {"text": leading, "detail": " ".join(sentences)}


def _halves(items: list[str]) -> list[list[str]]:
    """A list in two columns."""
    middle = (len(items) + 1) // 2
    return [items[:middle], items[middle:]]


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


@functools.cache
def _lines() -> Json:
    return tomllib.loads((FOLDER / "lines.toml").read_text(encoding="utf-8"))


@functools.cache
def _read(name: str) -> Json:
    made: Json = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return made

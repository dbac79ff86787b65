"""What a response puts on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.devices import APL
from simulator.skill import Json, table


def screen_of(response: Any) -> Json | None:
    """The last document that a response asks to draw, with its data and its text; None if it draws nothing."""
    directives = map(table, _list(table(table(response).get("response")).get("directives")))
    drawn = [directive for directive in directives if directive.get("type") == f"{APL}.RenderDocument"]
    if not drawn:
        return None
    document, data = (table(drawn[-1].get(name)) for name in ("document", "datasources"))
    return {"document": document, "datasources": data, "sketch": sketch_of(document, data)}


def sketch_of(document: Json, data: Json) -> Json:
    """What a screen means, for a page that can't draw it: {headline, texts, buttons, pictogram}.

    The skill's own data says so: `screen` with its `steps` or a `text`, `detail`, `columns` and `buttons`, and graphics
    called `picture0` and so on. Of another's document, there are its words.
    """
    screen = table(data.get("screen"))
    if not screen:
        texts = list(dict.fromkeys([*_texts(document), *_words(data)]))
        return {"headline": None, "texts": texts, "buttons": [], "pictogram": None}
    step = table(next(iter(_list(screen.get("steps"))), None))
    pictogram = table(table(document.get("graphics")).get(step.get("picture", "picture0")))
    items = [item for column in _list(screen.get("columns")) for item in _list(column)]
    return {
        "headline": step.get("text", screen.get("text")),
        "texts": [text for text in [screen.get("detail"), *items] if isinstance(text, str) and text],
        "buttons": [
            {"label": button.get("label"), "touch": [button.get("event")]}
            for button in map(table, _list(screen.get("buttons")))
        ],
        "pictogram": pictogram if _list(pictogram.get("items")) else None,
    }


def _list(part: Any) -> list[Any]:
    return part if isinstance(part, list) else []


def _texts(part: Any) -> Iterator[str]:
    """The `text` properties of a document that need no data."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if key == "text" and isinstance(value, str) and "${" not in value and value.strip():
            yield value.strip()
        yield from _texts(value)


def _words(part: Any) -> Iterator[str]:
    """What in the data reads like words rather than an id, a path or a colour."""
    if isinstance(part, str) and (" " in part.strip() or part[:1].isupper()) and not part.startswith(("M", "#", "@")):
        yield part.strip()
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _words(value)

"""What a response puts on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.devices import APL

Json = dict[str, Any]


def screen_of(response: Any) -> Json | None:
    """The last document that a response asks to draw, with its data and its text; None if it draws nothing."""
    if not isinstance(response, dict) or not isinstance(response.get("response"), dict):
        return None
    drawn = [
        directive
        for directive in response["response"].get("directives") or []
        if isinstance(directive, dict) and directive.get("type") == f"{APL}.RenderDocument"
    ]
    if not drawn:
        return None
    document, data = drawn[-1].get("document") or {}, drawn[-1].get("datasources") or {}
    return {"document": document, "datasources": data, "text": list(dict.fromkeys([*_texts(document), *_words(data)]))}


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

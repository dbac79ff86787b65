"""Reading SSML back: as words with their pauses, the way a listener gets it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass

AMAZON_NAMESPACE = "https://developer.amazon.com/alexa"


class SsmlError(ValueError):
    """Not SSML that Alexa would speak."""


@dataclass(frozen=True)
class Pause:
    """A `<break>`, in seconds."""

    seconds: float


def parse_ssml(ssml: str) -> ElementTree.Element:
    """The `<speak>` element. Raises SsmlError if it is not well-formed."""
    # Alexa's own tags carry a prefix that no document declares
    declared = ssml.replace("<speak>", f'<speak xmlns:amazon="{AMAZON_NAMESPACE}">', 1)
    try:
        root = ElementTree.fromstring(declared)  # noqa: S314 - it comes from the skill under test
    except ElementTree.ParseError as error:
        raise SsmlError(f"not well-formed XML: {error}") from None
    if root.tag != "speak":
        raise SsmlError(f"the root is <{root.tag}>, not <speak>")
    return root


def spoken(ssml: str) -> list[str | Pause]:
    """Words and pauses in order. Raises SsmlError."""
    return [item for item in _walk(parse_ssml(ssml)) if not isinstance(item, str) or item.strip()]


def _walk(element: ElementTree.Element) -> Iterator[str | Pause]:
    if element.tag == "break":
        yield Pause(break_seconds(element))
    if element.text:
        yield element.text
    for child in element:
        yield from _walk(child)
        if child.tail:
            yield child.tail


def break_seconds(element: ElementTree.Element) -> float:
    """How long a `<break>` lasts. Raises SsmlError for a time that is none."""
    time = element.get("time")
    if time is None:
        return 1.0
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|ms)", time)
    if match is None:
        raise SsmlError(f'<break time="{time}"> has no time Alexa knows')
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def transcript(ssml: str) -> str:
    """One readable line: pauses as "(10 seconds)"."""
    pieces = [
        f"({item.seconds:g} {'second' if item.seconds == 1 else 'seconds'})"
        if isinstance(item, Pause)
        else item.strip()
        for item in spoken(ssml)
    ]
    return re.sub(r"\s+", " ", " ".join(pieces))


def words(ssml: str) -> str:
    """The words alone."""
    return re.sub(r"\s+", " ", " ".join(item.strip() for item in spoken(ssml) if isinstance(item, str)))


def silence_seconds(ssml: str) -> float:
    """All pauses together, in seconds."""
    return sum(item.seconds for item in spoken(ssml) if isinstance(item, Pause))

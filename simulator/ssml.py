"""Reading SSML back: as words with their pauses, the way a listener gets it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, replace

AMAZON_NAMESPACE = "https://developer.amazon.com/alexa"

# How `<prosody>` sounds in a browser, which knows factors only: 1 is the usual rate, and 1 the loudest volume.
# Amazon names the steps, not the factors; a percentage and decibels are as its SSML reference has them.
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "fast": 1.25, "x-fast": 1.5}
SLOWEST, FASTEST = 0.2, 2.0
VOLUMES = {"silent": 0.0, "x-soft": 0.2, "soft": 0.45, "medium": 0.8, "loud": 0.9, "x-loud": 1.0}
DEFAULT_VOLUME = VOLUMES["medium"]
WHISPERED = 0.5  # of the volume around it
MOST_DECIBELS = 100.0  # as loud as can be, from however soft


class SsmlError(ValueError):
    """Not SSML that Alexa would speak."""


@dataclass(frozen=True)
class Passage:
    """Words to say in one breath, how, and the pause after them in seconds.

    `rate` is a factor on the usual pace, `volume` goes from 0 to 1. A pause before any word has no text.
    """

    text: str
    pause: float = 0.0
    rate: float = 1.0
    volume: float = DEFAULT_VOLUME


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


def spoken(ssml: str) -> list[Passage]:
    """Words and pauses in order, each on its own. Raises SsmlError."""
    found = _voiced(parse_ssml(ssml), 1.0, DEFAULT_VOLUME)
    return [passage for passage in found if not passage.text or passage.text.strip()]


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
        item.text.strip() or f"({item.pause:g} {'second' if item.pause == 1 else 'seconds'})" for item in spoken(ssml)
    ]
    return re.sub(r"\s+", " ", " ".join(pieces))


def words(ssml: str) -> str:
    """The words alone."""
    return re.sub(r"\s+", " ", " ".join(item.text.strip() for item in spoken(ssml) if item.text))


def silence_seconds(ssml: str) -> float:
    """All pauses together, in seconds."""
    return sum(item.pause for item in spoken(ssml))


def passages(ssml: str) -> list[Passage]:
    """What to say piece by piece, for a voice that knows no SSML. Raises SsmlError."""
    found: list[Passage] = []
    for item in _voiced(parse_ssml(ssml), 1.0, DEFAULT_VOLUME):
        last = found[-1] if found else None
        if last and not item.text.strip():
            found[-1] = replace(last, text=last.text + item.text, pause=last.pause + item.pause)
        elif last and not last.pause and (last.rate, last.volume) == (item.rate, item.volume):
            found[-1] = replace(item, text=last.text + item.text)
        else:
            found.append(item)
    tidied = (replace(passage, text=re.sub(r"\s+", " ", passage.text).strip()) for passage in found)
    return [passage for passage in tidied if passage.text or passage.pause]


def _voiced(element: ElementTree.Element, rate: float, volume: float) -> Iterator[Passage]:
    if element.tag == "break":
        yield Passage("", break_seconds(element))
    if element.tag == "prosody":
        rate, volume = rate * _rate(element.get("rate", "")), _volume(element.get("volume", ""), volume)
    if element.get("name") == "whispered":
        volume *= WHISPERED
    if element.text:
        yield Passage(element.text, 0.0, rate, volume)
    for child in element:
        yield from _voiced(child, rate, volume)
        if child.tail:
            yield Passage(child.tail, 0.0, rate, volume)


def _rate(asked: str) -> float:
    percent = re.fullmatch(r"(\d+)%", asked)
    return min(max(float(percent[1]) / 100, SLOWEST), FASTEST) if percent else RATES.get(asked, 1.0)


def _volume(asked: str, around: float) -> float:
    decibels = re.fullmatch(r"([+-]\d+(?:\.\d+)?)dB", asked)
    if decibels is None:
        return VOLUMES.get(asked, around)
    return min(around * 10 ** (min(float(decibels[1]), MOST_DECIBELS) / 20), 1.0)

"""The one renderer: look a line up, fill it, escape it, and make SSML or plain text of it.

Three marks stand in the words: `{hold 8}` is a counted part of a stretch, in seconds, that
"longer" stretches; `{rest 5}` is a pause of that many seconds; `{muscle}` is filled in, and so is
what differs from country to country, `{nurse_line}`.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from .conversation import State, Turn
from .words import LOCAL, Words

MAX_BREAK = 10  # seconds in one <break>, Amazon's limit; longer pauses are several in a row
RATES = ("", "85%", "70%")
VOLUMES = ("", "soft", "x-soft")
PACES = (1.0, 0.85, 0.7)  # RATES as numbers
WORDS_A_SECOND = 2.5  # about how fast Alexa speaks; a screen goes by it where nobody has measured the words

_MARK = re.compile(r"\{(hold|rest) (\d+)\}|\{(\w+)\}")


class Speech(NamedTuple):
    """What Alexa says: SSML documents; `reprompt` is None where nothing was asked and the session ends."""

    ssml: str
    reprompt: str | None


class Pause(NamedTuple):
    """A silence of that many seconds; a counted one is part of a hold."""

    seconds: int
    counted: bool


class Fill(NamedTuple):
    """A place in a text for a value of the state, or for a word of the country."""

    name: str


class Phase(NamedTuple):
    """A part of the speech around one hold or several: what is said to do, and when, in seconds from the beginning.

    begin: when it is said; hold, end: when the first counted part begins and the last one ends. By the usual pace of
    a voice.
    """

    begin: float
    said: str
    hold: float
    end: float


def render(turn: Turn, words: Words) -> Speech:
    """Speak a turn. The cue comes last, in the prompt and in the reprompt."""
    if not turn.ask:
        return Speech(_speak(turn.say, turn.state, words), None)
    cue = f"cue.{turn.ask}"
    return Speech(
        _speak((*turn.say, cue), turn.state, words),
        _speak((*turn.reprompt, f"{cue}#reprompt"), turn.state, words),
    )


def plain(ref: str, state: State, words: Words) -> str:
    """A text without its pauses, for a card or a screen."""
    return " ".join(run for run in runs(ref, state, words) if isinstance(run, str))


@functools.cache
def parts(text: str) -> tuple[str | Pause | Fill, ...]:
    """Split a text of the words at its marks."""
    found: list[str | Pause | Fill] = []
    end = 0
    for mark in _MARK.finditer(text):
        found.append(text[end : mark.start()])
        kind, seconds, name = mark.groups()
        found.append(Fill(name) if name else Pause(int(seconds), counted=kind == "hold"))
        end = mark.end()
    found.append(text[end:])
    return tuple(part for part in found if part)


def hold_span(refs: tuple[str, ...], state: State, words: Words) -> tuple[float, float] | None:
    """When the counted part of these lines begins, and how long it lasts with all that is said within it.

    Both in seconds, the first from the beginning of the speech, as `phases` knows them. None if nothing is counted.
    """
    found = phases(refs, state, words, 1)
    return (found[0].hold, found[0].end - found[0].hold) if found else None


def phases(refs: tuple[str, ...], state: State, words: Words, count: int) -> list[Phase]:
    """The counted parts of these lines, in order, as `count` phases of equally many; fewer if there are fewer parts.

    Times are by the figures measured for these words where there are any, else by the usual pace of a voice.
    """
    holds: list[Phase] = []
    clock, begin, said = 0.0, 0.0, ""
    for run in (run for ref in refs for run in runs(ref, state, words)):
        if isinstance(run, str):
            if len(run) > len(said):  # "Rest." and "Hold." stand around what to do
                begin, said = clock, run
            clock += words.voice.get(run, len(run.split()) / WORDS_A_SECOND) / PACES[state.slow]
            continue
        seconds = _seconds(run, state)
        if run.counted:
            holds.append(Phase(begin, said, clock, clock + seconds))
            said = ""
        clock += seconds
    groups = [holds[len(holds) * n // count : len(holds) * (n + 1) // count] for n in range(count)]
    return [group[0]._replace(end=group[-1].end) for group in groups if group]


def runs(ref: str, state: State, words: Words) -> list[str | Pause]:
    """A text as it is heard: what is said without a pause, filled, and the pauses between."""
    found: list[str | Pause] = []
    said = ""
    for part in (*parts(words[ref]), Pause(0, counted=False)):
        if not isinstance(part, Pause):
            said += _value(part, state, words) if isinstance(part, Fill) else part
            continue
        found += [text for text in [" ".join(said.split())] if text]
        found += [part] if part.seconds else []
        said = ""
    return found


def escape(text: str) -> str:
    """Text as it may stand in SSML. The only place where words become markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _speak(refs: tuple[str, ...], state: State, words: Words) -> str:
    spoken = " ".join("".join(_ssml(part, state, words) for part in parts(words[ref])) for ref in refs)
    rate, volume = RATES[state.slow], VOLUMES[state.soft]
    if rate or volume:
        attributes = (f' rate="{rate}"' if rate else "") + (f' volume="{volume}"' if volume else "")
        spoken = f"<prosody{attributes}>{spoken}</prosody>"
    return f"<speak>{spoken}</speak>"


def _ssml(part: str | Pause | Fill, state: State, words: Words) -> str:
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, Fill):
        return escape(_value(part, state, words))
    seconds = _seconds(part, state)
    whole, left = divmod(seconds, MAX_BREAK)
    return f'<break time="{MAX_BREAK}s"/>' * whole + (f'<break time="{left}s"/>' if left else "")


def _seconds(pause: Pause, state: State) -> int:
    return pause.seconds * (2 + state.long) // 2 if pause.counted else pause.seconds


def _value(fill: Fill, state: State, words: Words) -> str:
    """A name that is no field of the state is a word of the country."""
    return words[f"{fill.name}.{getattr(state, fill.name)}" if fill.name in State._fields else f"{LOCAL}#{fill.name}"]

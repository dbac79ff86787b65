"""How long every step takes to say, by a speech synthesizer: `python -m tools.bench.voice` keeps the figures.

espeak-ng is not Alexa's voice, but it pauses at the same commas, and it is a package of Debian and Homebrew. The
figures go into `words/<language>/voice.json`: seconds for each text between two pauses, by which a screen knows when a
hold begins. A text that has none there is taken at so many words a second.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import NamedTuple

from cramp_coach.conversation import MUSCLES, State
from cramp_coach.speech import Pause, hold_span, runs
from cramp_coach.words import FOLDER, Words, languages
from tools.languages import checked
from tools.words import read_lines

SYNTHESIZER = "espeak-ng"
WORDS_A_MINUTE = "150"  # speech.WORDS_A_SECOND, as a minute has it

# Files whose lines may stand before a step in the same turn.
BEFORE_A_STEP = frozenset({"relief", "control", "miss", "helper", "reach"})


class Step(NamedTuple):
    """When things happen in one step, in seconds from the beginning of its speech."""

    ref: str
    instruction: float  # the first sentence has been said
    hold: float  # the counting begins
    holding: float  # how long it lasts


def measured(language: str) -> dict[str, float]:
    """Seconds of every text between two pauses in the steps of a language, and in what may stand before one."""
    words = _words(language)
    texts = {
        run
        for line in read_lines(Path(FOLDER, language))
        for muscle in MUSCLES
        for run in runs(line.ref, State(muscle=muscle), words)
        if isinstance(run, str) and (_is_step(line.ref, words) or _stands_before(line.ref))
    }
    return {text: round(seconds(text, language), 1) for text in sorted(texts)}


def steps(language: str) -> list[Step]:
    """Every step of a language, by the figures that are kept."""
    words = _words(language)
    found = []
    for line in read_lines(Path(FOLDER, language)):
        if not _is_step(line.ref, words):
            continue
        first = next(run for run in runs(line.ref, State(), words) if isinstance(run, str))
        instruction = first.partition(". ")[0]
        hold, holding = hold_span((line.ref,), State(), words) or (0.0, 0.0)
        found.append(Step(line.ref, seconds(instruction, language), hold, holding))
    return found


@functools.cache
def seconds(text: str, language: str) -> float:
    """How long the synthesizer takes for a text."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        voice = checked(language)["voice"]["synthesizer"]
        subprocess.run([SYNTHESIZER, "-v", voice, "-s", WORDS_A_MINUTE, "-w", file.name, text], check=True)
        with wave.open(file.name) as sound:
            return float(sound.getnframes() / sound.getframerate())


def report() -> None:
    """Print when the instruction, the hold and its end come in every step; or what is missing."""
    if not shutil.which(SYNTHESIZER):
        print(f"how long every step takes to say: not measured, {SYNTHESIZER} is missing (apt install {SYNTHESIZER})")
        return
    for language in languages():
        print(f"seconds in every step, {language}:{'first instruction':>34}{'Hold':>10}{'of hold':>10}")
        for step in steps(language):
            print(f"    {step.ref:<54}{step.instruction:>10.1f}{step.hold:>10.1f}{step.holding:>10.1f}")
        stale = measured(language).items() ^ _words(language).voice.items()
        if stale:
            print(f"    {len(stale)} figures of voice.json are of other words: make voice")


def main() -> int:
    """Measure again and keep the figures; returns the exit code."""
    if not shutil.which(SYNTHESIZER):
        print(f"{SYNTHESIZER} is missing: install it (apt install {SYNTHESIZER}), then make voice", file=sys.stderr)
        return 1
    for language in languages():
        path = Path(FOLDER, language, "voice.json")
        path.write_text(json.dumps(measured(language), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    return 0


def _words(language: str) -> Words:
    return Words(str(Path(FOLDER, language)))


def _is_step(ref: str, words: Words) -> bool:
    return any(isinstance(run, Pause) and run.counted for run in runs(ref, State(), words))


def _stands_before(ref: str) -> bool:
    return ref.partition(".")[0] in BEFORE_A_STEP or ref.endswith((".first", ".relief"))


if __name__ == "__main__":
    sys.exit(main())

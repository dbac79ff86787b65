"""`python -m tools.bench`: print every budget beside what was measured.

A time on its own says more about the machine than about the code, so each is a ratio to a
do-nothing ask-sdk-core skill, the two measured in turn. Exit code 0, whatever the figures are.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cramp_coach import speech
from cramp_coach.conversation import Event, State, respond
from cramp_coach.words import default_language, languages, words_for
from simulator import ssml
from tools.bench import package, selfhost, simulator, understanding, voice
from tools.certify.evidence import Evidence
from tools.errors import ROOT
from tools.models.sources import first_locale
from tools.store.skill_package import read_package

LAMBDA = ROOT / "lambda"

WARM_ROUNDS = 15
WARM_CALLS = 200

REQUEST = json.loads((Path(__file__).parent / "launch_request.json").read_text(encoding="utf-8"))


def main() -> int:
    """Measure and print; returns the exit code."""
    print(f"{'budget':<58}{'at most':>10}{'measured':>12}")
    for name, most, measured in [*_words(), *_sizes()]:
        _print(name, most, measured, digits=0)
    _print_ratio("warm request through lambda_handler", 1.5, _warm_request)
    print("understood of utterances that no template was written from:")
    for language in languages():
        locale = first_locale(language)
        for name, made in understanding.MATCHERS.items():
            if language == default_language() or name == "simulator":  # the embeddings know English
                understanding.report_held_out(f"{locale} {name}", made(locale), locale)
    voice.report()
    simulator.report()
    selfhost.report()
    package.main()
    return 0


def _words() -> list[tuple[str, float, float]]:
    spoken = ssml.words(speech.render(respond(State(), Event("Launch"), words_for("en-US")), words_for("en-US")).ssml)
    instruction = spoken.split(". ")[0]
    before = spoken.index("Stand")
    return [
        ("words before the first instruction", 0, len(spoken[:before].split())),
        ("words of the first instruction", 25, len(re.findall(r"[\w'-]+", instruction))),
    ]


def _sizes() -> list[tuple[str, float, float]]:
    """Of the answers to an example of every intent, at every point of a conversation."""
    exchanges = [visit.exchange for visit in Evidence(read_package()).visits]
    longest = max(len(document) for exchange in exchanges for document in (exchange.speech, exchange.reprompt))
    largest = max(len(json.dumps(exchange.response).encode()) for exchange in exchanges)
    return [
        ("characters of the longest speech", 8000, longest),
        ("bytes of the largest response without a screen", 24 * 1024, largest),
    ]


def _warm_request() -> list[tuple[float, float]]:
    sys.path.insert(0, str(LAMBDA))
    from lambda_function import lambda_handler
    from tools.bench.do_nothing import lambda_handler as do_nothing

    def once(handler: Callable[[Any, Any], Any]) -> float:
        start = time.perf_counter()
        for _ in range(WARM_CALLS):
            handler(REQUEST, None)
        return (time.perf_counter() - start) * 1000 / WARM_CALLS

    once(lambda_handler), once(do_nothing)
    return [(once(lambda_handler), once(do_nothing)) for _ in range(WARM_ROUNDS)]


def _print_ratio(name: str, most: float, measure: Callable[[], list[tuple[float, float]]]) -> None:
    pairs = measure()
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    _print(f"{name}, ratio", most, ratio, digits=2)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"    medians of {len(pairs)}: {ours:.2f} ms, a do-nothing skill {theirs:.2f} ms")


def _print(name: str, most: float, measured: float, digits: int) -> None:
    verdict = "" if measured <= most else "  OVER"
    print(f"{name:<58}{most:>10.{digits}f}{measured:>12.{digits}f}{verdict}")


if __name__ == "__main__":
    sys.exit(main())

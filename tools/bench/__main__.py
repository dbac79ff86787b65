"""`python -m tools.bench`: print every budget beside what was measured.

A time on its own says more about the machine than about the code, so each is a ratio to a
do-nothing ask-sdk-core skill, the two measured in turn. Exit code 0, whatever the figures are.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from cramp_coach import speech
from cramp_coach.conversation import Event, State, respond
from cramp_coach.words import default_language, languages, words_for
from simulator import ssml
from tools.bench import REQUEST, milliseconds, package, print_budget, selfhost, simulator, understanding, voice
from tools.certify.evidence import Evidence
from tools.models.sources import first_locale
from tools.package import LAMBDA
from tools.store.skill_package import read_package

WARM_ROUNDS = 15
WARM_CALLS = 200


def main() -> int:
    """Measure and print; returns the exit code."""
    print(f"{'budget':<58}{'at most':>10}{'measured':>12}")
    for name, most, measured in [*_words(), *_sizes()]:
        print_budget(name, most, measured, over=measured > most, digits=0)
    _report_warm_request()
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


def _report_warm_request() -> None:
    sys.path.insert(0, str(LAMBDA))
    from lambda_function import lambda_handler
    from tools.bench.do_nothing import lambda_handler as do_nothing

    def once(handler: Callable[[Any, Any], Any]) -> float:
        return milliseconds(partial(handler, REQUEST, None), WARM_CALLS)

    once(lambda_handler), once(do_nothing)
    pairs = [(once(lambda_handler), once(do_nothing)) for _ in range(WARM_ROUNDS)]
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    print_budget("warm request through lambda_handler, ratio", 1.5, ratio, over=ratio > 1.5)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"    medians of {len(pairs)}: {ours:.2f} ms, a do-nothing skill {theirs:.2f} ms")


if __name__ == "__main__":
    sys.exit(main())

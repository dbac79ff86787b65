"""The simulator in a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from simulator.alexa import ENDINGS, Alexa, Exchange
from simulator.ssml import transcript

PROMPT = "You: "


def converse(alexa: Alexa, source: TextIO, out: TextIO, *, verbose: bool = False, as_json: bool = False) -> None:
    """Talk until `source` ends: one utterance a line, an empty line for silence."""
    interactive = source.isatty()
    for line in _lines(source, out if interactive else None):
        exchange = alexa.hear(line) if line.strip() else alexa.stay_silent()
        if as_json:
            print(json.dumps(as_record(exchange)), file=out)
        else:
            print_exchange(exchange, out, echo=not interactive, verbose=verbose)
        out.flush()
    if alexa.listening:
        exchange = alexa.hang_up()
        if not as_json:
            print(f"(the session is over: {ENDINGS[exchange.ended]})", file=out)


def print_exchange(exchange: Exchange, out: TextIO, *, echo: bool, verbose: bool) -> None:
    """One turn as a transcript."""
    if echo:
        print(PROMPT + (_shortened(exchange.utterance) or "(nothing for 8 seconds)"), file=out)
    if verbose and exchange.request:
        print(f"  [{_understood(exchange)}]", file=out)
    for reason in exchange.refused:
        print(f"(Alexa would refuse this response: {reason})", file=out)
    if exchange.speech:
        print(f"Alexa: {transcript(exchange.speech)}", file=out)
    if exchange.ended:
        print(f"(the session is over: {ENDINGS[exchange.ended]})", file=out)
    elif not exchange.open:
        print("(no session is open)", file=out)


def as_record(exchange: Exchange) -> dict[str, Any]:
    """One turn as a JSON object: what was heard, how it was taken, both envelopes, what was said."""
    filled = exchange.match.slots if exchange.match else {}
    slots = {name: slot.resolved.id if slot.resolved else slot.value for name, slot in filled.items()}
    said, reprompt = (transcript(ssml) if ssml else "" for ssml in (exchange.speech, exchange.reprompt))
    return exchange.record(slots, alexa=said, reprompt=reprompt)


def _understood(exchange: Exchange) -> str:
    match = exchange.match
    if match is None:
        return str((exchange.request or {})["request"]["type"])
    slots = "".join(
        f" {name}={slot.resolved.id if slot.resolved else repr(slot.value)}" for name, slot in match.slots.items()
    )
    sure = "" if match.how == "none" else f" ({match.how}, {match.score:.0f})"
    return match.intent + slots + sure


def _shortened(utterance: str) -> str:
    printable = "".join(char if char.isprintable() else "\ufffd" for char in utterance.strip())
    return printable if len(printable) <= 200 else printable[:200] + "..."


def _lines(source: TextIO, prompt_to: TextIO | None) -> Iterator[str]:
    while True:
        if prompt_to:
            print(PROMPT, end="", file=prompt_to, flush=True)
        try:
            line = source.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            if prompt_to:
                print(file=prompt_to)
            return
        yield line.rstrip("\r\n")


def open_input() -> TextIO:
    """Standard input as text, with anything that isn't UTF-8 replaced rather than refused."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    return sys.stdin

"""Conversations, happy and unhappy, through the real lambda_handler with serialised JSON.

A dialog's turn is `you` (or `silence = true`) and what must follow:
  alexa    pieces of what is said, in order; the first must open the answer if it starts with "^"
  reprompt pieces of what is said if nobody answers
  intent   the intent it must be taken for
  ends     true if the session must be over
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from simulator.alexa import Alexa, Exchange
from simulator.ssml import words
from simulator.terminal import print_exchange
from tools.cases import Dialog, dialogs


@pytest.mark.parametrize("dialog", dialogs(), ids=lambda dialog: f"{dialog.path.stem}: {dialog.name}")
def test_dialog(dialog: Dialog, alexa: Callable[[str], Alexa], caplog: pytest.LogCaptureFixture) -> None:
    device = alexa(dialog.locale)
    transcript = io.StringIO()
    for turn in dialog.turns:
        exchange = device.stay_silent() if turn.get("silence") else device.hear(turn["you"])
        print_exchange(exchange, transcript, echo=True, verbose=True)
        found = complaints(turn, exchange)
        found += [record.getMessage() for record in caplog.records]  # something broke and was covered up
        assert not found, f"{dialog.path.name}, {dialog.name}:\n{transcript.getvalue()}\n" + "\n".join(found)


def complaints(turn: dict[str, Any], exchange: Exchange) -> list[str]:
    """What a dialog's turn expects and the exchange lacks, each in a sentence."""
    found = [f"Alexa would refuse it: {reason}" for reason in exchange.refused]
    unknown = set(turn) - {"you", "silence", "alexa", "reprompt", "intent", "ends", "never"}
    found += [f"the dialog has a field nobody knows: {field}" for field in unknown]
    found += _in_order(turn.get("alexa", []), exchange.speech, "Alexa's words")
    found += _in_order(turn.get("reprompt", []), exchange.reprompt, "the reprompt")
    for piece in turn.get("never", []):
        if exchange.speech and piece.lower() in words(exchange.speech).lower():
            found.append(f"Alexa must not say {piece!r}")
    heard = exchange.match.intent if exchange.match else None
    if turn.get("intent", heard) != heard:
        found.append(f"taken for {heard}, not {turn['intent']}")
    if turn.get("ends", False) == exchange.open:
        found.append(f"the session is {'open' if exchange.open else 'over'}")
    return found


def _in_order(pieces: list[str], ssml: str, what: str) -> list[str]:
    text = words(ssml) if ssml else ""
    at = 0
    for piece in pieces:
        if piece.startswith("^"):
            if not text.startswith(piece[1:]):
                return [f"{what} must start with {piece[1:]!r}: {text!r}"]
            continue
        found = text.lower().find(piece.lower(), at)
        if found < 0:
            return [f"{what} lack {piece!r}: {text!r}"]
        at = found + len(piece)
    return []

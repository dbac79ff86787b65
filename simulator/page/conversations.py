"""The conversations of the page: one device for each browser tab, none of which knows the others."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from simulator.alexa import Alexa, Exchange
from simulator.matching import shared_matcher
from simulator.page.screen import screen_of
from simulator.replay import Replay
from simulator.skill import Skill
from simulator.ssml import passages

Json = dict[str, Any]

MOST_CONVERSATIONS = 32  # the longest unused goes first
MOST_TURNS = 300  # of one conversation; earlier ones are forgotten

SAID, SILENT, TOUCHED = "said", "silent", "touched"


@dataclass
class Conversation:
    """One device and what was said to it. Its methods may be called from several threads."""

    id: str
    alexa: Alexa
    device: str
    turns: list[Json] = field(default_factory=list)
    count: int = 0
    screen: Json | None = None
    lock: Lock = field(default_factory=Lock)

    def hear(self, utterance: str) -> Json:
        """Someone says something."""
        return self._turn(SAID, lambda: self.alexa.hear(utterance))

    def stay_silent(self) -> Json:
        """Nobody says anything for as long as Alexa listens."""
        return self._turn(SILENT, self.alexa.stay_silent)

    def touch(self, arguments: list[Any]) -> Json:
        """Someone touches the screen, and its document sends `arguments`."""
        return self._turn(TOUCHED, lambda: self.alexa.touch(arguments))

    def hang_up(self) -> None:
        """The device goes away: an open session is told so."""
        with self.lock:
            self.alexa.hang_up()

    def state(self) -> Json:
        """All of it, for a page that was loaded anew."""
        with self.lock:
            return {
                "id": self.id,
                "locale": self.alexa.locale,
                "device": self.device,
                "listening": self.alexa.listening,
                "screen": self.screen,
                "turns": self.turns,
            }

    def replay(self) -> Replay:
        """What was said, for `ask dialog --replay`, which knows neither silence nor touches."""
        with self.lock:
            return Replay(self.alexa.locale, [turn["utterance"] for turn in self.turns if turn["kind"] == SAID])

    def _turn(self, kind: str, act: Callable[[], Exchange]) -> Json:
        with self.lock:
            exchange = act()
            shown = screen_of(exchange.response)
            if shown or exchange.ended:
                self.screen = shown
            self.count += 1
            turn = {"number": self.count, "kind": kind, **_record(exchange), "screen": self.screen}
            self.turns = [*self.turns, turn][-MOST_TURNS:]
            return turn


class Conversations:
    """The latest conversations, by id."""

    def __init__(self, skill: Skill, most: int = MOST_CONVERSATIONS) -> None:
        self.skill = skill
        self.most = most
        self._by_id: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = Lock()

    def start(self, locale: str, device: str) -> Conversation:
        """A new conversation. Raises UnknownLocaleError and UnknownDeviceError."""
        made = Conversation(secrets.token_urlsafe(16), self._device(locale, device), device)
        with self._lock:
            self._by_id[made.id] = made
            while len(self._by_id) > self.most:
                self._by_id.popitem(last=False)
        return made

    def find(self, conversation_id: str) -> Conversation:
        """The conversation of that id. Raises KeyError if there is none (any more)."""
        with self._lock:
            self._by_id.move_to_end(conversation_id)
            return self._by_id[conversation_id]

    def start_over(self, conversation_id: str, locale: str, device: str) -> Conversation:
        """Put another device in its place. Raises KeyError, UnknownLocaleError and UnknownDeviceError."""
        engine = self._device(locale, device)
        self.find(conversation_id).hang_up()
        made = Conversation(conversation_id, engine, device)
        with self._lock:
            self._by_id[conversation_id] = made
        return made

    def _device(self, locale: str, device: str) -> Alexa:
        return Alexa(self.skill, locale, device, shared_matcher(locale))


def _record(exchange: Exchange) -> Json:
    """One turn as the page shows it: what was heard, how it was taken, both envelopes, what is said."""
    match = exchange.match
    return {
        "utterance": exchange.utterance,
        "intent": match.intent if match else None,
        "slots": [
            {
                "name": slot.name,
                "heard": slot.value,
                "id": slot.resolved.id if slot.resolved else None,
                "type": slot.type,
            }
            for slot in match.slots.values()
        ]
        if match
        else [],
        "how": match.how if match else None,
        "score": round(match.score, 1) if match else None,
        "speech": [vars(passage) for passage in passages(exchange.speech)] if exchange.speech else [],
        "open": exchange.open,
        "ended": exchange.ended,
        "refused": exchange.refused,
        "request": exchange.request,
        "response": exchange.response,
    }

"""The conversations of the page: one device for each browser tab, none of which knows the others."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from simulator.alexa import Alexa, Exchange
from simulator.devices import DEVICES
from simulator.page.screen import screen_of
from simulator.replay import Replay
from simulator.skill import Json, Skill
from simulator.ssml import passages

MAX_CONVERSATIONS = 32  # the longest unused goes first
MAX_TURNS = 300  # of one conversation; earlier ones are forgotten
MAX_CHARACTERS = 500  # characters of one utterance

SAID, SILENT, TOUCHED, RESENT = "said", "silent", "touched", "resent"


class ActError(ValueError):
    """Something that nobody can do in a conversation."""


class UnknownConversationError(LookupError):
    """A conversation that isn't there, or not any more."""


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

    def do(self, act: Any) -> Json:
        """One turn: `act` is {"say": words}, {"silent": True}, {"touch": [arguments]} or {"request": an envelope}.

        Raises ActError if it is none of these.
        """
        with self.lock:
            kind, exchange = self._exchange(act)
            shown = None if exchange.refused else screen_of(exchange.response)
            if shown or exchange.ended:
                self.screen = shown
            self.count += 1
            turn = {"number": self.count, "kind": kind, "act": act, **_record(exchange), "screen": self.screen}
            self.turns = [*self.turns, turn][-MAX_TURNS:]
            return turn

    def hang_up(self) -> None:
        """The device goes away: an open session is told so."""
        with self.lock:
            self.alexa.hang_up()

    def state(self) -> Json:
        """All of it, for a page that was reloaded."""
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

    def acts(self) -> list[Json]:
        """What was done, turn by turn: enough to come to the same state again."""
        with self.lock:
            return [turn["act"] for turn in self.turns]

    def _exchange(self, act: Any) -> tuple[str, Exchange]:
        match act:
            case {"say": str(words)} if words.strip() and len(words) <= MAX_CHARACTERS:
                return SAID, self.alexa.hear(words)
            case {"silent": True}:
                return SILENT, self.alexa.stay_silent()
            case {"touch": list(arguments)}:
                return TOUCHED, self.alexa.touch(arguments)
            case {"request": dict(envelope)}:
                try:
                    return RESENT, self.alexa.resend(envelope)
                except ValueError as error:
                    raise ActError(str(error)) from None
        raise ActError('A turn is {"say": "words"}, {"silent": true}, {"touch": [...]} or {"request": {...}}.')


class Conversations:
    """The latest conversations, by id."""

    def __init__(self, skill: Skill, most: int = MAX_CONVERSATIONS) -> None:
        self.skill = skill
        self.most = most
        self._by_id: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = Lock()

    def start(self, locale: str, device: str, acts: Sequence[Any] = ()) -> Conversation:
        """A new conversation, in which all that was done before. Raises as `played` does."""
        made = self.played(locale, device, acts)
        with self._lock:
            self._by_id[made.id] = made
            while len(self._by_id) > self.most:
                self._by_id.popitem(last=False)
        return made

    def played(self, locale: str, device: str, acts: Sequence[Any]) -> Conversation:
        """The state that a list of acts leads to, on a device of its own.

        Raises ActError, UnknownLocaleError and UnknownDeviceError.
        """
        if len(acts) > MAX_TURNS:
            raise ActError(f"A conversation has at most {MAX_TURNS} turns.")
        made = Conversation(secrets.token_urlsafe(16), Alexa(self.skill, locale, device), device)
        for act in acts:
            made.do(act)
        return made

    def find(self, conversation_id: str) -> Conversation:
        """The conversation of that id. Raises UnknownConversationError if there is none (any more)."""
        with self._lock:
            if conversation_id not in self._by_id:
                raise UnknownConversationError("There is no such conversation (any more): start a new one.")
            self._by_id.move_to_end(conversation_id)
            return self._by_id[conversation_id]

    def start_over(self, conversation_id: str, locale: str, device: str, acts: Sequence[Any] = ()) -> Conversation:
        """Put another in its place. Raises UnknownConversationError, and as `played` does; then the old one goes on."""
        before = self.find(conversation_id)
        made = self.played(locale, device, acts)
        before.hang_up()
        made.id = conversation_id
        with self._lock:
            self._by_id[conversation_id] = made
        return made

    def everywhere(self, conversation_id: str) -> list[Json]:
        """The same acts on every device that has a screen, and what each shows then."""
        here = self.find(conversation_id)
        acts = here.acts()
        screens = [name for name, device in DEVICES.items() if device.screen]
        return [{"device": name, "screen": self.played(here.alexa.locale, name, acts).screen} for name in screens]


def _record(exchange: Exchange) -> Json:
    """One turn as the page shows it: what was heard, how it was taken, both envelopes, what is said."""
    slots = [
        {"name": name, "heard": slot.value, "id": slot.resolved.id if slot.resolved else None, "type": slot.type}
        for name, slot in (exchange.match.slots if exchange.match else {}).items()
    ]
    speech = [vars(passage) for passage in passages(exchange.speech)] if exchange.speech else []
    return exchange.record(slots, speech=speech)

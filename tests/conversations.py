"""Walking through the conversation, for tests that want every answer it can give."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache

from cramp_coach.conversation import EVENTS, MUSCLES, Event, State, Turn, respond
from cramp_coach.words import words_for

WORDS = words_for("en-US")

# Every way an event's slots can be filled that makes a difference.
SLOT_CHOICES = {"CrampNow": [{}, *({"muscle": muscle} for muscle in (*MUSCLES, "?"))]}


def events() -> list[Event]:
    """Every event, with every choice of slots."""
    return [Event(name, slots) for name in EVENTS for slots in SLOT_CHOICES.get(name, [{}])]


@cache
def reachable_turns(most: int = 20000) -> tuple[tuple[Event, Turn], ...]:
    """Turns that can follow from a new session, breadth first, each with the event that brought it."""
    return tuple(_walk(most))


def _walk(most: int) -> Iterator[tuple[Event, Turn]]:
    seen = {_kind(State())}
    queue = deque([State()])
    found = 0
    while queue and found < most:
        state = queue.popleft()
        for event in events():
            turn = respond(state, event, WORDS)
            found += 1
            yield event, turn
            if turn.ask and _kind(turn.state) not in seen:
                seen.add(_kind(turn.state))
                queue.append(turn.state)


def _kind(state: State) -> State:
    """States that differ only in pace and voice say the same words."""
    return state._replace(slow=0, soft=0, long=0)

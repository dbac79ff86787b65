"""Walking through the conversation, for tests that want every answer it can give."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache

from cramp_coach.conversation import EVENTS, MUSCLES, Event, State, Turn, respond, signs
from cramp_coach.conversation.conditions import LEAVES_OUT
from cramp_coach.conversation.doctor import FREQUENCIES
from cramp_coach.words import words_for
from tools.models.sources import read_contract

WORDS = words_for("en-US")
NEW = State()
TOPICS = read_contract().slot_types["Topic"]
COUNTS = [
    *(
        ("3", "week"),
        ("3", "row"),
        ("2", "row"),
        ("1", "last_night"),
        ("2", "night"),
        ("6", "month"),
        ("4", "month"),
        ("1", "week"),
        ("2", "hour"),
        ("100", "year"),
    ),
    *(("-3", "night"), ("1000000", "week"), ("three", "week"), ("?", "week"), ("3", "?"), ("3", ""), ("NaN", "day")),
]

_MUSCLES = [{}, *({"muscle": muscle} for muscle in (*MUSCLES, *signs.OF_MUSCLE, "?"))]

# Every way an event's slots can be filled that makes a difference.
SLOT_CHOICES: dict[str, list[dict[str, str]]] = {
    "CrampNow": [
        *_MUSCLES,
        {"condition": "pregnant"},
        {"condition": "clot_risk"},
        {"condition": "older", "muscle": "thigh"},
    ],
    "BothLegs": [{}, {"muscle": "foot"}],
    "NotBetter": [{}, {"muscle": "foot"}, {"muscle": "chest"}],
    "Better": [{}, {"muscle": "jaw"}],
    "Topic": [{}, *({"topic": topic} for topic in (*TOPICS, "?")), {"topic": "heat", "condition": "diabetes"}],
    "AboutMe": [{}, *({"condition": condition} for condition in LEAVES_OUT)],
    "Age": [{}, *({"age": age} for age in ("80", "40", "12", "4", "-3", "1000000", "NaN", "?"))],
    "HowOften": [
        {},
        *({"frequency": frequency} for frequency in (*FREQUENCIES, "?")),
        *({"count": count, "period": period} for count, period in COUNTS),
    ],
    "Soreness": [{}, *({"duration": duration} for duration in ("P3D", "PT2H", "?"))],
    "Lasting": [{}, *({"duration": duration} for duration in ("PT2M", "PT10M", "PT3H", "?", "P1.2.3D", "soon"))],
}


def play(*told: str | Event, state: State = NEW) -> Turn:
    """The last turn after these events, each with its slots or by its name, from a new session or another state."""
    for each in told:
        turn = respond(state, Event(each) if isinstance(each, str) else each, WORDS)
        state = turn.state
    return turn


def events() -> list[Event]:
    """Every event, with every choice of slots."""
    return [Event(name, slots) for name in EVENTS for slots in SLOT_CHOICES.get(name, [{}])]


@cache
def reachable_turns(max_turns: int = 60_000) -> tuple[tuple[Event, Turn], ...]:
    """Turns that can follow from a new session, breadth first, each with the event that brought it."""
    return tuple(_walk(max_turns))


def _walk(max_turns: int) -> Iterator[tuple[Event, Turn]]:
    seen = {_kind(State())}
    queue = deque([State()])
    found = 0
    while queue and found < max_turns:
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

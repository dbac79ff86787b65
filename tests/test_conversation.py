"""The pure core, without Alexa: properties that hold after any events in any order."""

from __future__ import annotations

import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from cramp_coach.conversation import Event, State, respond
from tests.conversations import WORDS, events, play, reachable_turns

ANY_EVENT = st.sampled_from(events())
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@given(st.lists(ANY_EVENT, max_size=25))
def test_any_events_in_any_order_get_an_answer(sequence: list[Event]) -> None:
    state = State()
    for event in sequence:
        turn = respond(state, event, WORDS)
        assert turn.say
        assert all(ref in WORDS for ref in (*turn.say, *turn.silence))
        state = State.from_attributes(json.loads(json.dumps(turn.state.to_attributes())))
        assert state == turn.state


@given(st.dictionaries(st.sampled_from(State._fields), ANY_JSON), ANY_EVENT)
def test_attributes_that_somebody_else_wrote_never_break_it(attributes: dict[str, object], event: Event) -> None:
    turn = respond(State.from_attributes(attributes), event, WORDS)
    assert all(ref in WORDS for ref in (*turn.say, *turn.silence))


@given(ANY_JSON, st.text())
def test_neither_do_attributes_of_another_shape_or_events_nobody_knows(attributes: object, name: str) -> None:
    assert respond(State.from_attributes(attributes), Event(name), WORDS).say


def test_repeat_says_the_same_again() -> None:
    for event, turn in reachable_turns():
        if turn.ask and event.name != "Repeat":
            again = respond(turn.state, Event("Repeat"), WORDS)
            assert (again.say, again.silence, again.ask) == (turn.say, turn.silence, turn.ask)


def test_who_cannot_stand_is_never_told_to() -> None:
    for start in (["CannotStand"], ["InBed"], ["Launch", "CannotStand"]):
        for rest in (["Next", "Next", "Next", "Next"], ["StartOver"], ["Previous"], ["Worse"], ["Better", "NotBetter"]):
            for length in range(len(rest) + 1):
                turn = play(*start, *rest[:length])
                assert not any(".standing." in ref for ref in turn.say), (start, rest[:length], turn.say)
                assert "after.walk" not in turn.say


def test_the_disclaimer_is_said_once() -> None:
    assert "disclaimer" in play("Launch", "Better").say
    assert "disclaimer" not in play("Launch", "Better", "CrampNow", "Better").say


def test_three_rounds_then_the_warning_signs() -> None:
    said = [play(*["Launch", "NotBetter", "NotBetter", "NotBetter"][:length]).say for length in range(1, 5)]
    assert said == [("calf.standing.1",), ("calf.standing.2",), ("calf.standing.3",), ("relief.stuck",)]


def test_the_core_needs_no_sdk() -> None:
    probe = "import sys; sys.path.insert(0, 'lambda'); import cramp_coach.conversation; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in modules if name.startswith(("ask_sdk", "cramp_coach.handlers", "cramp_coach.speech"))]

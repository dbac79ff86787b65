"""Warning signs in any words, at any moment, get the right level; what only sounds like one gets none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cramp_coach.conversation import EVENTS, Event, State, respond
from cramp_coach.conversation.signs import SIGNS, seconds_of
from cramp_coach.conversation.state import URGENCIES
from cramp_coach.conversation.triage import urgency_of
from simulator import ssml
from tests.conftest import heard_as
from tests.conversations import WORDS, events, play

PHRASES = tomllib.loads((Path(__file__).parent / "warnings.toml").read_text(encoding="utf-8"))

# A state of every place, and a few more that people are in when they say it.
STATES: dict[str, State] = {
    "start": State(),
    "first step": play("Launch").state,
    "in bed": play("InBed", "Next").state,
    "resting": play("Launch", "No").state,
    "stuck": play("Launch", "Next", "Next", "Next").state,
    "paused": play("Launch", "Pause").state,
    "after": play("Launch", "Better").state,
    "tips": play("Tip").state,
    "stretching": play("BedtimeStretch").state,
    "asking": play("Cause").state,
    "warned": play("SwollenLegSign").state,
    "misunderstood": play("Launch", "Fallback", "Fallback").state,
}


def urgencies(phrase: str) -> dict[str, str]:
    """How urgently a phrase is answered in each state; "" where it is no warning."""
    event = heard_as(phrase)
    turns = {name: respond(state, event, WORDS) for name, state in STATES.items()}
    return {name: turn.state.urgency if turn.say[0].startswith("sign.") else "" for name, turn in turns.items()}


@pytest.mark.parametrize("phrase", PHRASES["emergency"])
def test_emergencies(phrase: str) -> None:
    assert set(urgencies(phrase).values()) == {"emergency"}


@pytest.mark.parametrize("phrase", [*PHRASES["today"], *PHRASES["either"]])
def test_doctor_today_at_least(phrase: str) -> None:
    assert set(urgencies(phrase).values()) <= set(URGENCIES)


@pytest.mark.parametrize("phrase", PHRASES["harmless"])
def test_what_only_sounds_like_a_warning(phrase: str) -> None:
    found = urgencies(phrase)
    found.pop("warned")  # a warning that was given stays in force there
    assert set(found.values()) == {""}


@pytest.mark.parametrize("sign", SIGNS)
def test_every_warning_says_what_to_do_and_coaches_no_more(sign: str) -> None:
    for name, state in STATES.items():
        turn = respond(state, Event(sign), WORDS)
        said = WORDS[turn.say[0]]
        assert "call" in said.lower() or "doctor" in said.lower(), name
        assert "hold" not in said.lower() and turn.state.place == "warned"
        if urgency_of(sign) == "emergency":
            assert "your local emergency number" in said


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if urgency_of(sign) in ("today", "now")])
def test_where_the_line_lies_between_today_and_now(sign: str) -> None:
    assert "emergency number" in WORDS[f"sign.{sign}"] or "right now" in WORDS[f"sign.{sign}"]


@pytest.mark.parametrize("event", ["Better", "Next", "Yes", "CrampNow", "StartOver", "Tip", "BedtimeStretch", "Resume"])
@pytest.mark.parametrize("sign", ["ChestSign", "SwollenLegSign"])
def test_going_on_anyway_is_held_to_the_advice_once_and_then_helped_gently(sign: str, event: str) -> None:
    if event in ("Yes", "Resume"):  # these say the warning again, which is what was asked
        assert play(sign, event).say[0].startswith("sign.")
        return
    first, second = play(sign, event), play(sign, event, event)
    assert first.say == (f"sign.{urgency_of(sign)}{'_better' if event == 'Better' else ''}",)
    assert second.say[0].startswith("sign.") and second.say != first.say
    assert not any(".standing." in ref or ".lying." in ref for ref in (*first.say, *second.say))
    assert "rub" not in WORDS[second.say[0]].replace("no rubbing", "").replace("don't rub", "")


# What may be said after a warning, besides the warning itself: who we are, what a clot looks like, the doctor's list,
# steering, and getting somewhere safe.
SAID_WHEN_WARNED = (
    *("sign.", "help.warned", "miss.", "control.", "doctor.list", "disclaimer", "goodbye.warned"),
    *("answer.clot", "answer.are_you_doctor", "answer.sources", "answer.privacy", "answer.cannot_call"),
    *("relief.driving#short", "relief.in_water#short"),
)


def still_warned(state: State, event: Event) -> State:
    """The state after an event, which must hold to the warning."""
    turn = respond(state, event, WORDS)
    assert turn.state.place == "warned", event
    assert URGENCIES.index(turn.state.urgency) >= URGENCIES.index(state.urgency)
    assert all(ref.startswith(SAID_WHEN_WARNED) for ref in turn.say), (event, turn.say)
    return turn.state


NOT_TAKEN_BACK = [event for event in events() if event.name != "NoSign"]


@pytest.mark.parametrize("sign", SIGNS)
def test_nothing_leads_from_a_warning_back_to_coaching(sign: str) -> None:
    warned = play("Launch", sign).state
    for event in NOT_TAKEN_BACK:
        still_warned(still_warned(warned, event), Event("CrampNow"))


@given(st.lists(st.sampled_from(NOT_TAKEN_BACK), max_size=8))
def test_nor_does_any_way_round(sequence: list[Event]) -> None:
    state = play("Launch", "SwollenLegSign", "Next").state
    for event in (*sequence, Event("NoSign")):
        state = still_warned(state, event)


def test_a_false_alarm_can_be_taken_back_at_once_and_only_then() -> None:
    taken_back = play("Launch", "Next", "SwollenLegSign", "NoSign")
    # what the warning left out stays left out, in case it was none
    assert taken_back.say == ("control.good", "calf.standing.2.light_touch#short")
    assert taken_back.state.place == "relief" and not taken_back.state.urgency
    assert play("Yes", state=taken_back.state).say[0].startswith("calf.standing.2")
    for before in (["SwollenLegSign", "Next"], ["ChestSign", "SwollenLegSign"], ["ChestSign", "Clot"]):
        assert play(*before, "NoSign").state.place == "warned", before


@pytest.mark.parametrize(
    ("told", "said"),
    [
        # better does not take the advice back
        ("ChestSign Better", "sign.emergency_better"),
        ("TenMinutes Better", "sign.now_better"),
        ("SwollenLegSign Better", "sign.today_better"),
        # a fall is held to as the question it is, unless something worse came first
        ("FallSign Better", "sign.FallSign.hold"),
        ("FallSign Better Better", "sign.FallSign.hold"),
        ("ChestSign FallSign Better", "sign.emergency_better"),
        # leaving says to make the call, unless it was made
        ("ChestSign Stop", "goodbye.warned"),
        ("ChestSign No", "goodbye.warned"),
        ("ChestSign Thanks", "goodbye.warned"),
        ("ChestSign Goodbye", "goodbye.warned"),
        ("ChestSign HelpComes Stop", "goodbye.warned_coming"),
    ],
)
def test_what_is_said_after_a_warning(told: str, said: str) -> None:
    assert play(*told.split()).say == (said,)


def test_a_fall_is_asked_about_again() -> None:
    assert play("FallSign").reprompt == ("sign.FallSign.hold",)


def test_a_very_hot_body_is_not_kept_warm() -> None:
    assert "cool" in WORDS["sign.FaintSign"]
    assert "warm" not in WORDS[play("FaintSign", "Next", "Next").say[0]]


def test_what_may_mean_a_call_now_is_said_in_the_middle_of_a_cramp() -> None:
    hourly = Event("HowOften", {"count": "6", "period": "hour"})
    for event, line in ((hourly, "often.hour"), (Event("Tingling"), "often.tingling")):
        for before in (["Launch"], ["Launch", "SeenDoctor"], ["Launch", "Next", "Next", "Next"]):
            assert play(*before, event).say == (line,)
    assert play(hourly).ask == "say_again"


def test_a_more_urgent_sign_stays_in_force() -> None:
    assert play("ChestSign", "SwollenLegSign").state.urgency == "emergency"
    assert play("SwollenLegSign", "ChestSign").state.urgency == "emergency"


@pytest.mark.parametrize("muscle", ["chest", "jaw", "elsewhere"])
@pytest.mark.parametrize("event", ["CrampNow", "NotBetter", "Better", "BothLegs", "Returned"])
def test_a_chest_is_never_stretched(muscle: str, event: str) -> None:
    for state in STATES.values():
        assert play(Event(event, {"muscle": muscle}), state=state).say[0].startswith("sign.")


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT10M", 600),
        ("PT600S", 600),
        ("PT0.5H", 1800),
        ("PT0,5H", 1800),
        ("PT1H30M", 5400),
        ("P1D", 86400),
        ("P1DT2H", 93600),
        ("P2W", 1209600),
        ("P1M", 2592000),
        ("P1Y", 31536000),
        ("P0000-00-00T00:10:00", 600),
        ("PT0S", 0),
        ("P", None),
        ("PT", None),
        ("", None),
        ("?", None),
        ("ten minutes", None),
        ("PT1.2.3M", None),
        ("-PT5M", None),
    ],
)
def test_durations_in_any_iso_form(duration: str, seconds: float | None) -> None:
    assert seconds_of(duration) == seconds


@pytest.mark.parametrize(
    ("duration", "warned"),
    [
        ("PT2M", False),
        ("PT9M59S", False),
        ("PT10M", True),
        ("PT1H", True),
        ("P3D", True),
        ("PT0S", False),
        ("?", True),
        ("", True),
    ],
)
def test_ten_minutes_is_where_advice_is_needed(duration: str, warned: bool) -> None:
    slots = {"duration": duration} if duration else {}
    for state in STATES.values():
        turn = respond(state, Event("Lasting", slots), WORDS)
        assert (turn.say[0] == "sign.TenMinutes") == warned


def test_no_warning_names_a_number_or_says_what_it_is() -> None:
    for event in EVENTS:
        for ref in play(event).say if event in SIGNS else ():
            assert not any(char.isdigit() for char in WORDS[ref])
            assert "you have" not in WORDS[ref].lower()
            assert ssml.words(f"<speak>{WORDS[ref].partition('{')[0]}</speak>")

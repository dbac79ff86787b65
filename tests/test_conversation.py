"""The pure core, without Alexa: properties that hold after any events in any order."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cramp_coach.conversation import MUSCLES, Event, State, respond
from cramp_coach.conversation.conditions import LEAVES_OUT
from cramp_coach.conversation.prevention import TIPS
from cramp_coach.conversation.state import FLAGS
from cramp_coach.conversation.turn import variant
from cramp_coach.words import FOLDER, default_language
from tests.conversations import WORDS, events, play, reachable_turns
from tools.words import read_lines

ANY_EVENT = st.sampled_from(events())
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


def about(condition: str) -> Event:
    return Event("AboutMe", {"condition": condition})


def topic(name: str) -> Event:
    return Event("Topic", {"topic": name})


@given(st.lists(ANY_EVENT, max_size=25))
def test_any_events_in_any_order_get_an_answer(sequence: list[Event]) -> None:
    state = State()
    for event in sequence:
        turn = respond(state, event, WORDS)
        assert turn.say
        assert all(ref in WORDS for ref in (*turn.say, *turn.reprompt))
        state = State.from_attributes(json.loads(json.dumps(turn.state.to_attributes())))
        assert state == turn.state


@given(st.dictionaries(st.sampled_from(State._fields), ANY_JSON), ANY_EVENT)
def test_attributes_that_somebody_else_wrote_never_break_it(attributes: dict[str, object], event: Event) -> None:
    turn = respond(State.from_attributes(attributes), event, WORDS)
    assert all(ref in WORDS for ref in (*turn.say, *turn.reprompt))


@given(ANY_JSON, st.text())
def test_neither_do_attributes_of_another_shape_or_events_nobody_knows(attributes: object, name: str) -> None:
    assert respond(State.from_attributes(attributes), Event(name), WORDS).say


def test_repeat_says_the_same_again() -> None:
    for event, turn in reachable_turns():
        if turn.ask and event.name != "Repeat":
            again = respond(turn.state, Event("Repeat"), WORDS)
            assert (again.say, again.reprompt, again.ask) == (turn.say, turn.reprompt, turn.ask)


def test_who_cannot_stand_is_never_told_to() -> None:
    for start in (["CannotStand"], ["InBed"], ["Launch", "CannotStand"]):
        for rest in (["Next", "Next", "Next", "Next"], ["StartOver"], ["Previous"], ["Worse"], ["Better", "NotBetter"]):
            for length in range(len(rest) + 1):
                turn = play(*start, *rest[:length])
                assert not any(".standing." in ref for ref in turn.say), (start, rest[:length], turn.say)
                assert "after.walk" not in turn.say


@pytest.mark.parametrize("condition", [name for name, flags in LEAVES_OUT.items() if "no_standing" in flags])
@pytest.mark.parametrize("position", ["Launch", "Standing"])
def test_nor_is_who_says_mid_cramp_why_they_should_not(position: str, condition: str) -> None:
    told = play(position, about(condition))
    for event in ("Resume", "Slower", "Fallback", "Next", "StartOver", "Lump"):
        turn = play(event, state=told.state)
        assert not [ref for ref in (*told.say, *told.reprompt, *turn.say, *turn.reprompt) if ".standing." in ref], event


# Words of the coaching, which has to fit whoever hears it.
COACHING = (*MUSCLES, "after", "helper", "reach", "relief", "stretch")
RUB = re.compile(r"(?<!don't )(?<!no )\brub(?!.{0,30}very lightly)", re.IGNORECASE)


def heard_by(condition: str) -> dict[str, str]:
    """Every line of the coaching, in all its texts, as someone with a condition hears it."""
    flags = State().with_flags(*LEAVES_OUT[condition]).flags
    lines = [line for line in read_lines(Path(FOLDER, default_language())) if line.ref.rpartition(".")[2] not in FLAGS]
    spoken = {line.ref: variant(flags, line.ref, WORDS) for line in lines if line.path.stem in COACHING}
    return {
        ref: " ".join(WORDS[f"{said}{field}"] for field in ("", "#reprompt", "#short") if f"{said}{field}" in WORDS)
        for ref, said in spoken.items()
    }


@pytest.mark.parametrize("condition", ["clot_risk", "circulation", "blood_thinner", "numb_feet", "spinal_injury"])
def test_who_must_not_be_rubbed_is_never_told_to(condition: str) -> None:
    assert RUB.search(heard_by("adult")["calf.lying.2"])
    assert [ref for ref, text in heard_by(condition).items() if RUB.search(text)] == []


def test_in_pregnancy_nobody_lies_on_their_back() -> None:
    assert "Lie back" in heard_by("adult")["reach.hamstring"]
    found = [
        ref for ref, text in heard_by("pregnant").items() if re.search(r"lie back|lift that leg|raise", text, re.I)
    ]
    assert [ref for ref in found if ".standing." not in ref] == []


def test_what_is_said_whatever_the_muscle_stretches_none_the_wrong_way() -> None:
    opposite = re.compile(r"toes up|straighten|leg straight", re.IGNORECASE)
    said = {ref: text for ref, text in heard_by("adult").items() if ref.partition(".")[0] in ("after", "relief")}
    others = [
        WORDS[ref] for ref in ("control.welcome", "answer.worry", "answer.nothing_helps.more", "answer.back_to_sleep")
    ]
    assert [text for text in (*said.values(), *others) if opposite.search(text)] == []


def test_a_second_breath_belongs_to_the_wording_that_was_heard() -> None:
    for condition, name in (("diabetes", "heat"), ("clot_risk", "massage"), ("heart", "water"), ("child", "alcohol")):
        turn = play(about(condition), topic(name))
        assert turn.say[0] != f"topic.{name}" and turn.ask == "anything"
        assert play("More", state=turn.state).say == ("answer.no_more",)
    # told first, and learned about in passing after that
    in_passing = Event("CrampNow", {"condition": "diabetes"})
    assert play(topic("heat"), "Launch", in_passing, "More").say == ("calf.standing.3",)


def test_more_is_the_next_step_while_a_cramp_is_under_way_and_nothing_was_asked() -> None:
    assert play("Launch", "More").say == ("calf.standing.2",)
    turn = play("Launch", topic("magnesium"))
    said = [(turn := play("More", state=turn.state)).say for _ in range(3)]
    assert said == [("topic.magnesium.more",), ("answer.no_more",), ("calf.standing.2",)]
    assert play("More").say[0].startswith("tip.")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        # half an answer never ends the coaching: to "shall we go again", "has it let go", "where is it", "want a tip"
        ("Launch Maybe", "calf.standing.2"),
        ("Launch No Maybe", "calf.standing.2"),
        ("Launch WrongMuscle Maybe", "other.1"),
        ("Launch Better Maybe", "tip.stretch"),
        # whoever can't say where gets the rule of opposites
        ("Launch WrongMuscle No", "other.1"),
        ("Launch WrongMuscle Fallback", "other.1"),
        # a cry that nobody understands gets the first step
        ("Fallback", "calf.standing.1"),
        ("Fallback Fallback", "miss.again.relief calf.standing.1#short"),
        # three rounds, then the warning signs, and the question is whether it has let go
        ("Launch", "calf.standing.1"),
        ("Launch NotBetter", "calf.standing.2"),
        ("Launch NotBetter NotBetter", "calf.standing.3"),
        ("Launch NotBetter NotBetter NotBetter", "relief.stuck"),
        ("Launch Next Next Next No", "calf.lying.1"),
        # keep going goes on, and after a pause back to the step
        ("Launch Resume", "calf.standing.2"),
        ("Launch Pause Resume", "calf.standing.1"),
        # fear in the middle of it gets company and the step
        ("Launch Worry", "relief.with_you calf.standing.1#short"),
        ("Launch Better Worry", "answer.worry"),
        # back and slower start no step once it is gone
        ("Launch Better Slower Previous", "after.walk"),
        ("Launch Better Slower", "control.slower"),
        ("Slower", "control.slower"),
        # the disclaimer is said once
        ("Launch Better", "after.walk disclaimer"),
        ("Launch Better CrampNow Better", "after.walk"),
        # what a cramp put off is said in its own words after it
        ("Launch NewMedicine Better", "after.walk#short often.new_medicine disclaimer"),
        ("Launch NewMedicine FirstTime Better", "after.walk#short often.new_medicine disclaimer"),
        # more among tips is the second breath before the next tip
        ("Tip More", "topic.bedtime_stretch.more"),
        ("Tip More More", "tip.breathe"),
        # the bedtime stretch goes on to the other leg; how long is about the stretch
        ("BedtimeStretch NotBetter Yes", "stretch.sitting.2"),
        ("BedtimeStretch Pause Yes", "stretch.sitting.1"),
        ("BedtimeStretch HowLong", "stretch.how"),
        ("BedtimeStretch HowToHold", "stretch.how"),
        # whoever is dizzy never stands again
        ("Launch Dizzy", "calf.lying.1"),
        ("Launch Dizzy Standing", "calf.sitting.1"),
        ("Launch Better Dizzy", "relief.dizzy"),
    ],
)
def test_what_is_said_after_these_events(told: str, said: str) -> None:
    assert play(*told.split()).say == tuple(said.split())


def test_who_has_no_cramp_left_is_asked_no_more_about_it() -> None:
    assert not play("BedtimeStretch", "No").ask
    assert play("Launch", "Next", "Next", "Next").ask == "let_go"
    assert play("Launch", "Next", "Next", "Next", "Yes").state.place == "after"


def test_a_clot_risk_lies_down_and_hears_when_to_see_a_doctor() -> None:
    turn = play(Event("CrampNow", {"condition": "clot_risk"}))
    assert turn.say == ("person.clot_risk.relief", "calf.lying.1")
    assert play("Better", state=turn.state).say[0] == "after.rub.no_rub"


def test_what_follows_an_answer_in_silence_is_the_wording_of_this_person() -> None:
    state = play("Launch", about("pregnant")).state
    assert play("Lump", state=state).reprompt == ("calf.lying.1.gentle#reprompt",)
    assert "calf.lying.1.gentle#short" in play("Fallback", state=state).say


def test_a_child_is_nobody_to_advise_on_alcohol() -> None:
    said = play(about("child"), *["Tip"] * (TIPS.index("alcohol") + 1))
    assert said.say[0] == "tip.alcohol.for_child"
    assert play("CrampNow", state=said.state).say == ("calf.lying.1",)
    frequent = play(Event("HowOften", {"frequency": "every_night"}), state=said.state)
    assert frequent.say[0] == "often.clear.for_child"


def test_what_follows_what_a_cramp_put_off() -> None:
    walking = play("Launch", "NewMedicine", "WhenWalking", "Better")
    assert (walking.say[1], walking.ask) == ("often.walking", "list")
    assert play("Launch", "SeenDoctor", "Better").reprompt == ("after.calm",)


def test_how_long_is_answered_differently_the_second_time() -> None:
    state = play("Launch", Event("Lasting", {"duration": "PT5M"})).state
    assert state.said == ("answer.how_long",)
    assert play(Event("Lasting", {"duration": "PT6M"}), state=state).say == ("answer.under_ten",)


def test_the_core_needs_no_sdk() -> None:
    probe = "import sys; sys.path.insert(0, 'lambda'); import cramp_coach.conversation; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in modules if name.startswith(("ask_sdk", "cramp_coach.handlers", "cramp_coach.speech"))]


@pytest.mark.parametrize("danger", ["Driving", "InWater"])
@pytest.mark.parametrize(
    "said",
    [
        "NotBetter",
        "Fallback",
        "HowLong",
        "Worry",
        "CrampNow",
        "CannotStand",
        "Tip",
        "More",
        "StartOver",
        "Maybe",
        "Sitting",
        "InBed",
    ],
)
def test_nobody_is_coached_at_the_wheel_or_in_the_water(danger: str, said: str) -> None:
    first = play("CrampNow", danger)
    held = play(said, state=first.state)
    assert held.state.place == "unsafe" and held.ask == "ready"
    assert not any(ref.startswith("calf.") for turn in (first, held) for ref in (*turn.say, *turn.reprompt))
    assert play("Yes", state=held.state).say == play("Next", state=held.state).say == ("calf.sitting.1",)
    assert play("ChestSign", state=held.state).say == ("sign.ChestSign",)


def test_after_all_rounds_twice_only_advice_is_left() -> None:
    rounds = ["Next", "Next", "Next"]
    stuck = play("Launch", *rounds, "No", *rounds)
    assert stuck.say == ("relief.stuck_again",)
    for said in ("No", "NotBetter", "Next", "Worse"):
        assert play(said, state=stuck.state).say == ("relief.stuck_again",)
    assert play("StartOver", state=stuck.state).say == ("calf.lying.1",)


def test_of_two_conditions_both_count() -> None:
    both = Event("AboutMe", {"condition": "blood_thinner", "also": "diabetes"})
    assert play(both, topic("heat")).say[0] == "topic.heat.no_heat"


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ("85", ("person.older.relief", "calf.lying.1")),
        ("30", ("calf.standing.1",)),
        ("5", ("person.small_child.first", "calf.lying.1")),  # for the doctor, too
    ],
)
def test_an_age_said_with_the_cramp_counts(age: str, said: tuple[str, ...]) -> None:
    assert play(Event("CrampNow", {"age": age})).say == said


def test_thirty_weeks_is_no_age() -> None:
    turn = play(Event("CrampNow", {"age": "8", "condition": "pregnant"}))
    assert "for_child" not in turn.state.flags and "gentle" in turn.state.flags


def test_help_on_its_way_is_answered_and_the_warning_stays() -> None:
    turn = play("ChestSign", "HelpComes")
    assert turn.say == ("sign.coming",) and turn.state.place == "warned"
    assert play("CrampNow", state=turn.state).state.place == "warned"


def test_the_last_tip_is_the_end_of_the_tips() -> None:
    told = play(*["Tip"] * 11)
    assert told.say == ("tip.end",)
    assert play("Yes", state=told.state).say == ("help.asking",)

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

from cramp_coach.conversation import MUSCLES, Event, State, Turn, respond
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


def play_on(state: State, name: str) -> Turn:
    """The turn after one more event without slots."""
    return respond(state, Event(name), WORDS)


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
    told = respond(play(position).state, Event("AboutMe", {"condition": condition}), WORDS)
    for event in ("Resume", "Slower", "Fallback", "Next", "StartOver", "Lump"):
        turn = play_on(told.state, event)
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
    for condition, topic in (("diabetes", "heat"), ("clot_risk", "massage"), ("heart", "water"), ("child", "alcohol")):
        state = respond(State(), Event("AboutMe", {"condition": condition}), WORDS).state
        turn = respond(state, Event("Topic", {"topic": topic}), WORDS)
        assert turn.say[0] != f"topic.{topic}" and turn.ask == "anything"
        assert respond(turn.state, Event("More"), WORDS).say == ("answer.no_more",)
    # told first, and learned about in passing after that
    state = respond(respond(State(), Event("Topic", {"topic": "heat"}), WORDS).state, Event("Launch"), WORDS).state
    state = respond(state, Event("CrampNow", {"condition": "diabetes"}), WORDS).state
    assert respond(state, Event("More"), WORDS).say == ("calf.standing.3",)


def test_more_is_the_next_step_while_a_cramp_is_under_way_and_nothing_was_asked() -> None:
    assert play("Launch", "More").say == ("calf.standing.2",)
    turn = respond(play("Launch").state, Event("Topic", {"topic": "magnesium"}), WORDS)
    said = [(turn := play_on(turn.state, "More")).say for _ in range(3)]
    assert said == [("topic.magnesium.more",), ("answer.no_more",), ("calf.standing.2",)]
    assert play("More").say[0].startswith("tip.")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (["Launch"], ("calf.standing.2",)),  # shall we go again?
        (["Launch", "No"], ("calf.standing.2",)),  # has it let go?
        (["Launch", "WrongMuscle"], ("other.1",)),  # where is it?
        (["Launch", "Better"], ("tip.stretch",)),  # want a tip?
    ],
)
def test_half_an_answer_never_ends_the_coaching(before: list[str], said: tuple[str, ...]) -> None:
    assert play(*before, "Maybe").say == said


def test_a_clot_risk_lies_down_and_hears_when_to_see_a_doctor() -> None:
    turn = respond(State(), Event("CrampNow", {"condition": "clot_risk"}), WORDS)
    assert turn.say == ("person.clot_risk.relief", "calf.lying.1")
    assert play_on(turn.state, "Better").say[0] == "after.rub.no_rub"


def test_what_follows_an_answer_in_silence_is_the_wording_of_this_person() -> None:
    state = respond(play("Launch").state, Event("AboutMe", {"condition": "pregnant"}), WORDS).state
    assert play_on(state, "Lump").reprompt == ("calf.lying.1.gentle#reprompt",)
    assert "calf.lying.1.gentle#short" in play_on(state, "Fallback").say


def test_a_child_is_nobody_to_advise_on_alcohol() -> None:
    state = respond(State(), Event("AboutMe", {"condition": "child"}), WORDS).state
    for _ in TIPS[: TIPS.index("alcohol") + 1]:
        said = play_on(state, "Tip")
        state = said.state
    assert said.say[0] == "tip.alcohol.for_child"
    assert play_on(state, "CrampNow").say == ("calf.lying.1",)
    frequent = respond(state, Event("HowOften", {"frequency": "every_night"}), WORDS)
    assert frequent.say[0] == "often.clear.for_child"


def test_what_a_cramp_put_off_is_said_in_its_own_words_after_it() -> None:
    said = ("after.walk#short", "often.new_medicine", "disclaimer")
    assert play("Launch", "NewMedicine", "Better").say == said
    assert play("Launch", "NewMedicine", "FirstTime", "Better").say == said
    walking = play("Launch", "NewMedicine", "WhenWalking", "Better")
    assert (walking.say[1], walking.ask) == ("often.walking", "list")
    assert play("Launch", "SeenDoctor", "Better").reprompt == ("after.calm",)


def test_the_bedtime_stretch_goes_on_to_the_other_leg_or_ends() -> None:
    assert play("BedtimeStretch", "NotBetter", "Yes").say == ("stretch.sitting.2",)
    assert play("BedtimeStretch", "Pause", "Yes").say == ("stretch.sitting.1",)
    assert not play("BedtimeStretch", "No").ask


def test_when_three_rounds_are_done_the_question_is_whether_it_has_let_go() -> None:
    assert play("Launch", "Next", "Next", "Next").ask == "let_go"
    assert play("Launch", "Next", "Next", "Next", "Yes").state.place == "after"
    assert play("Launch", "Next", "Next", "Next", "No").say == ("calf.lying.1",)


def test_back_and_slower_start_no_step_once_it_is_gone() -> None:
    assert play("Launch", "Better", "Slower", "Previous").say == ("after.walk",)
    assert play("Launch", "Better", "Slower").say == ("control.slower",)
    assert play("Slower").say == ("control.slower",)


def test_more_among_tips_is_the_second_breath_before_the_next_tip() -> None:
    assert play("Tip", "More").say[0] == "topic.bedtime_stretch.more"
    assert play("Tip", "More", "More").say == ("tip.breathe",)


def test_how_long_is_answered_differently_the_second_time() -> None:
    state = respond(play("Launch").state, Event("Lasting", {"duration": "PT5M"}), WORDS).state
    assert state.said == ("answer.how_long",)
    assert respond(state, Event("Lasting", {"duration": "PT6M"}), WORDS).say == ("answer.under_ten",)


def test_whoever_cannot_say_where_gets_the_rule_of_opposites() -> None:
    for unsure in ("No", "Fallback"):
        assert play("Launch", "WrongMuscle", unsure).say == ("other.1",)


def test_a_cry_that_nobody_understands_gets_the_first_step() -> None:
    assert play("Fallback").say == ("calf.standing.1",)
    assert play("Fallback", "Fallback").say[0] == "miss.again.relief"


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
    held = play_on(first.state, said)
    assert held.state.place == "unsafe" and held.ask == "ready"
    assert not any(ref.startswith("calf.") for turn in (first, held) for ref in (*turn.say, *turn.reprompt))
    assert play_on(held.state, "Yes").say == play_on(held.state, "Next").say == ("calf.sitting.1",)
    assert play_on(held.state, "ChestSign").say == ("sign.ChestSign",)


def test_after_all_rounds_twice_only_advice_is_left() -> None:
    rounds = ["Next", "Next", "Next"]
    stuck = play("Launch", *rounds, "No", *rounds)
    assert stuck.say == ("relief.stuck_again",)
    for said in ("No", "NotBetter", "Next", "Worse"):
        assert play_on(stuck.state, said).say == ("relief.stuck_again",)
    assert play_on(stuck.state, "StartOver").say == ("calf.lying.1",)


def test_keep_going_goes_on_and_after_a_pause_back_to_the_step() -> None:
    assert play("Launch", "Resume").say == ("calf.standing.2",)
    assert play("Launch", "Pause", "Resume").say == ("calf.standing.1",)


def test_whoever_is_dizzy_never_stands_again() -> None:
    dizzy = play("Launch", "Dizzy")
    assert dizzy.say == ("calf.lying.1",)
    assert play_on(dizzy.state, "Standing").say == ("calf.sitting.1",)
    assert play("Launch", "Better", "Dizzy").say == ("relief.dizzy",)


def test_of_two_conditions_both_count() -> None:
    event = Event("AboutMe", {"condition": "blood_thinner", "also": "diabetes"})
    turn = respond(respond(State(), event, WORDS).state, Event("Topic", {"topic": "heat"}), WORDS)
    assert turn.say[0] == "topic.heat.no_heat"


@pytest.mark.parametrize(
    ("age", "said"), [("85", ("person.older.relief", "calf.lying.1")), ("30", ("calf.standing.1",))]
)
def test_an_age_said_with_the_cramp_counts(age: str, said: tuple[str, ...]) -> None:
    assert respond(State(), Event("CrampNow", {"age": age}), WORDS).say == said


def test_thirty_weeks_is_no_age() -> None:
    turn = respond(State(), Event("CrampNow", {"age": "8", "condition": "pregnant"}), WORDS)
    assert "for_child" not in turn.state.flags and "gentle" in turn.state.flags


def test_help_on_its_way_is_answered_and_the_warning_stays() -> None:
    turn = play("ChestSign", "HelpComes")
    assert turn.say == ("sign.coming",) and turn.state.place == "warned"
    assert play_on(turn.state, "CrampNow").state.place == "warned"


def test_fear_in_the_middle_of_it_gets_company_and_the_step() -> None:
    assert play("Launch", "Worry").say == ("relief.with_you", "calf.standing.1#short")
    assert play("Launch", "Better", "Worry").say[0] == "answer.worry"


def test_the_last_tip_is_the_end_of_the_tips() -> None:
    told = play(*["Tip"] * 11)
    assert told.say == ("tip.end",)
    assert play_on(told.state, "Yes").say == ("help.asking",)


def test_whoever_has_called_is_not_told_to_call_when_they_leave() -> None:
    assert play("ChestSign", "Stop").say == ("goodbye.warned",)
    assert play("ChestSign", "HelpComes", "Stop").say == ("goodbye.warned_coming",)


def test_within_the_stretch_how_long_is_about_the_stretch() -> None:
    for asked in ("HowLong", "HowToHold"):
        assert play("BedtimeStretch", asked).say == ("stretch.how",)


def test_a_small_child_with_a_cramp_is_for_the_doctor_too() -> None:
    turn = respond(State(), Event("CrampNow", {"age": "5"}), WORDS)
    assert turn.say == ("person.small_child.first", "calf.lying.1")

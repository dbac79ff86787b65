"""The simulator's matcher, on a small composed model of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.matching import FALLBACK, Matcher
from simulator.model import parse_model
from tools.bench.understanding import enough, urgency
from tools.errors import ROOT


def intent(name: str, slots: dict[str, str], *samples: str) -> dict[str, Any]:
    return {
        "name": name,
        "slots": [{"name": slot, "type": kind} for slot, kind in slots.items()],
        "samples": list(samples),
    }


def kind(name: str, **values: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "values": [{"id": key, "name": {"value": words[0], "synonyms": words[1:]}} for key, words in values.items()],
    }


INTENTS = [
    intent(
        "SignIntent",
        {"part": "Part", "symptom": "Symptom", "also_symptom": "Symptom", "who": "Who"},
        "my {part} is {symptom}",
        "my {part} is {symptom} and {also_symptom}",
        "{who} {part} is {symptom}",
        "{who} is got a {symptom} {part}",
        "{symptom} and {also_symptom}",
        "there is {symptom} in my {part}",
    ),
    intent(
        "NoSignIntent",
        {"denied": "Symptom", "part": "Part"},
        "it is not {denied}",
        "no {denied}",
        "my {part} is not {denied}",
    ),
    intent("CrampNowIntent", {"part": "Part"}, "my {part} is cramping", "i have a cramp in my {part}"),
    intent("TipIntent", {}, "how do i prevent cramps", "give me a tip for the night"),
    intent("SourcesIntent", {}, "where do you have that from", "who wrote this encyclopaedia"),
    intent("LastingIntent", {"time": "AMAZON.DURATION"}, "it is been {time}"),
    intent("BetterIntent", {}, "it is gone", "the pain has stopped"),
    intent("AMAZON.PauseIntent", {}, "wait a minute"),
    intent("AMAZON.FallbackIntent", {}),
]
NUMB = ["numb", "pins and needles"]
TYPES = [
    kind("Part", calf=["calf", "calves", "lower leg"], foot=["foot", "big toe", "arch of my foot"], chest=["chest"]),
    kind("Symptom", swollen=["swollen", "swelling"], hot=["hot"], cold=["cold", "like ice"], numb=NUMB),
    kind("Who", parent=["my dad", "my dad's", "my mum", "my mum's"], child=["my son's"]),
]
MODEL = {"interactionModel": {"languageModel": {"invocationName": "coach", "intents": INTENTS, "types": TYPES}}}
MATCHER = Matcher(parse_model("en-US", MODEL))


def heard(sentence: str) -> tuple[str, dict[str, str]]:
    match = MATCHER.match(sentence)
    return match.intent, {name: slot.resolved.id if slot.resolved else slot.value for name, slot in match.slots.items()}


@pytest.mark.parametrize(
    ("sentence", "taken_for", "slots"),
    [
        ("my calf is swollen", "SignIntent", {"part": "calf", "symptom": "swollen"}),
        # two slots of one type, from left to right
        ("my foot is cold and numb", "SignIntent", {"part": "foot", "symptom": "cold", "also_symptom": "numb"}),
        ("numb and cold", "SignIntent", {"symptom": "numb", "also_symptom": "cold"}),
        # no sample has it so, but the intent has the slot
        ("my foot is cold and also numb", "SignIntent", {"part": "foot", "symptom": "cold", "also_symptom": "numb"}),
        ("my arch of my foot is like ice", "SignIntent", {"part": "foot", "symptom": "cold"}),
        # 's is "is", "has" or whose
        ("my calf's swollen", "SignIntent", {"part": "calf", "symptom": "swollen"}),
        ("my mum's got a numb foot", "SignIntent", {"who": "parent", "symptom": "numb", "part": "foot"}),
        ("my dad's foot's cold", "SignIntent", {"who": "parent", "part": "foot", "symptom": "cold"}),
        ("my dads foot is cold", "SignIntent", {"who": "parent", "part": "foot", "symptom": "cold"}),
        ("it's gone", "BetterIntent", {}),
        ("it has gone", "BetterIntent", {}),
        # spelling, of a value too
        ("my calf is swolen", "SignIntent", {"part": "calf", "symptom": "swollen"}),
        ("my foot has pins and neadles", "SignIntent", {"part": "foot", "symptom": "numb"}),
        # words on no list, where the rest of the sentence fits
        ("my foot is glowing green", "SignIntent", {"part": "foot", "symptom": "glowing green"}),
        ("my calf is cramping", "CrampNowIntent", {"part": "calf"}),
        ("my foot is not swollen", "NoSignIntent", {"part": "foot", "denied": "swollen"}),
        ("it's been ten minutes", "LastingIntent", {"time": "PT10M"}),
    ],
)
def test_a_composed_sentence(sentence: str, taken_for: str, slots: dict[str, str]) -> None:
    assert heard(sentence) == (taken_for, slots)


def test_words_on_no_list_resolve_to_nothing() -> None:
    assert MATCHER.match("my foot is glowing green").slots["symptom"].resolved is None


def test_a_long_sentence_keeps_all_its_slots() -> None:
    said = "my big toe my calf my chest my lower leg my foot my calf my chest is cold and numb"
    intent_heard, slots = heard(said)
    assert intent_heard == "SignIntent"
    assert (slots["symptom"], slots["also_symptom"]) == ("cold", "numb")


@pytest.mark.parametrize("sentence", ["wait a minute", "pause", "Pause that!"])
def test_a_built_in_intent_is_taken_on_its_own_words(sentence: str) -> None:
    assert heard(sentence)[0] == "AMAZON.PauseIntent"


@pytest.mark.parametrize(
    "sentence", ["wait a minute for the bus", "i came round on the bathroom floor", "pause that thing"]
)
def test_a_built_in_intent_is_never_near(sentence: str) -> None:
    assert not heard(sentence)[0].startswith("AMAZON.P")


@pytest.mark.parametrize(
    "sentence",
    ["an encyclopaedia fell on the piano", "i live near a prevent factory", "what is the capital of france", "zebra"],
)
def test_one_rare_word_is_no_match(sentence: str) -> None:
    assert heard(sentence) == (FALLBACK, {})


def test_a_custom_sample_wins_over_the_same_phrase_of_amazons() -> None:
    custom = intent("HoldIntent", {}, "pause")
    language_model = {**MODEL["interactionModel"]["languageModel"], "intents": [custom, *INTENTS]}
    model = parse_model("en-US", {"interactionModel": {"languageModel": language_model}})
    assert Matcher(model).match("pause").intent == "HoldIntent"


SENTENCES = ["my foot is cold and also numb", "my calf is glowing", "numb and hot and cold", "it is not numb it is hot"]


def test_threads_share_a_matcher() -> None:
    alone = [heard(sentence) for sentence in SENTENCES]
    shared = Matcher(parse_model("en-US", MODEL))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.match, SENTENCES * 20))
    assert [match.intent for match in found] == [taken for taken, _ in alone] * 20


def test_every_process_hears_the_same() -> None:
    code = "from tests.test_matching import *; print([MATCHER.match(s) for s in SENTENCES])"
    heard_by = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'lambda'}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(heard_by) == 1


@pytest.mark.parametrize(
    ("answer", "urgent"),
    [
        ("Stop stretching. Call your local emergency number now. Sit down meanwhile.", "emergency"),
        ("Stop. Call your doctor or a nurse line now. If it spreads, call the emergency number.", "now"),
        ("Don't rub it. See a doctor today.", "today"),
        ("That is worth telling your doctor about.", "doctor"),
        ("If your chest hurts, call the emergency number. Shall we go again?", "none"),
        ("You matter. A crisis line is there day and night.", "crisis"),
    ],
)
def test_the_bench_hears_how_urgent_an_answer_is(answer: str, urgent: str) -> None:
    assert urgency(answer) == urgent


def test_a_more_urgent_answer_is_enough_and_a_lesser_one_is_not() -> None:
    assert enough("today", "emergency") and enough("today", "today") and enough("crisis", "crisis")
    assert not enough("emergency", "today") and not enough("crisis", "emergency") and not enough("today", "crisis")

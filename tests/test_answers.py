"""Every seed claim, and everything people are known to ask, is answered by the line that should answer it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from cramp_coach.conversation.state import FLAGS
from simulator import ssml
from simulator.alexa import Alexa

TESTS = Path(__file__).parent
SEEDS = tomllib.loads((TESTS / "seeds.toml").read_text(encoding="utf-8"))
ASKED = tomllib.loads((TESTS / "asked.toml").read_text(encoding="utf-8"))
SEED_ROWS = {*(f"A{row}" for row in range(2, 34) if row != 25), *(f"B{row}" for row in range(1, 35))}


def lines_said(device: Alexa, utterance: str) -> list[str]:
    """The names of the lines that answer an utterance: the session carries them for Repeat."""
    device.hear(utterance)
    return list(device.attributes.get("said", []))


@pytest.mark.parametrize("row", SEEDS)
def test_every_seed_claim_is_answered(row: str, alexa: Callable[[], Alexa]) -> None:
    device = alexa()
    for before in filter(None, [SEEDS[row].get("after")]):
        device.hear(before)
    assert SEEDS[row]["line"] in lines_said(device, SEEDS[row]["you"])


@pytest.mark.parametrize("row", SEEDS)
def test_a_seed_claim_is_answered_in_other_words(row: str, alexa: Callable[[], Alexa]) -> None:
    seed = SEEDS[row]
    assert len(seed["asked"]) == 2
    for asked in seed["asked"]:
        device = alexa()
        if seed["line"].rpartition(".")[2] in FLAGS:  # a wording for somebody
            device.hear(seed.get("after", ""))
        assert not {seed["line"], *seed.get("or_by", [])}.isdisjoint(lines_said(device, asked)), asked
        assert device.matcher.match(asked).how != "exact", f"a template holds {asked!r}"


def test_no_seed_claim_is_left_out() -> None:
    assert set(SEEDS) == SEED_ROWS


@pytest.mark.parametrize("question", ASKED["asked"], ids=lambda question: question["you"])
def test_what_people_are_known_to_ask(question: dict[str, str], alexa: Callable[[], Alexa]) -> None:
    said = lines_said(alexa(), question["you"])
    assert said[:1] == [question["line"]] if question["line"] else said == []


@pytest.mark.parametrize(
    ("locale", "pills", "line"),
    [
        ("en-US", "water pills", "nurse line"),
        ("en-GB", "water tablets", "NHS one one one"),
        ("en-IN", "tablets", "health"),
    ],
)
def test_each_country_hears_its_own_words(locale: str, pills: str, line: str, alexa: Callable[..., Alexa]) -> None:
    device = alexa(locale)
    assert pills in ssml.words(device.hear("what should I tell my doctor").speech)
    assert line in ssml.words(device.hear("six times an hour").speech)

"""Everything is reachable once the skill is open: Alexa+ answers "ask cramp coach to ..." with "say open cramp coach".

A dialog is replayed behind the launch; one that is had by day behind the launch and "no cramp now". What is about the
very first thing that is said has `begins = true` in its file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache

import pytest

from simulator.alexa import Alexa
from simulator.languages import spoken
from simulator.ssml import words
from tests.conftest import matcher
from tests.test_dialogs import complaints
from tests.test_utterances import LOCALE_OF
from tools.cases import Dialog, dialogs, utterances
from tools.store.skill_package import quoted, read_package

EVERY = 8  # of an intent's utterances, one in so many: all of them take a minute

Device = Callable[[str], Alexa]


def name(locale: str) -> str:
    """What the skill is called there."""
    return matcher(locale).model.invocation_name


def launch(locale: str) -> str:
    """How the skill is opened there: "open cramp coach"."""
    return f"{spoken(locale).opening['launch'][0]} {name(locale)}"


@cache
def by_day(locale: str) -> str:
    """What says that there is no cramp."""
    language = locale.partition("-")[0]
    return next(said for folder, said, intent, _ in utterances() if (folder, intent) == (language, "BetterIntent"))


def once_open(text: str, locale: str) -> str:
    """What is said once the skill is open: of "Alexa, ask cramp coach to help", help."""
    language = spoken(locale)
    plain = language.plain(text)
    for word in language.opening["wake_words"]:
        plain = plain.removeprefix(f"{word} ")
    called = language.opened(name(locale), plain)
    return called[1] if called and called[1] else text


def broken_at(dialog: Dialog, device: Alexa, *before: str) -> str:
    """The turn at which a dialog is not kept with its sessions begun by these words, and what is wrong; "" if it is.

    "Alexa, ask cramp coach to help" is "help" there, in a session of its own.
    """
    for turn in dialog.turns:
        said = once_open(turn.get("you", ""), device.locale)
        if said != turn.get("you", "") or not device.listening:
            device.hang_up()
            for words_before in before:
                device.hear(words_before)
        exchange = device.stay_silent() if turn.get("silence") else device.hear(said)
        if found := complaints(turn, exchange):
            return f"{said!r}: {'; '.join(found)}"
    return ""


@pytest.mark.parametrize("dialog", dialogs(), ids=lambda dialog: f"{dialog.path.stem}: {dialog.name}")
def test_a_dialog_goes_the_same_way_once_the_skill_is_open(dialog: Dialog, alexa: Device) -> None:
    opened = launch(dialog.locale)
    night = broken_at(dialog, alexa(dialog.locale), opened)
    day = night and broken_at(dialog, alexa(dialog.locale), opened, by_day(dialog.locale))
    if dialog.begins:
        assert day, "it is kept behind the launch, too: take out begins"
    else:
        assert not day, f"{dialog.path.name}, {dialog.name}, after {opened!r}:\n{night}\nor by day:\n{day}"


def spread() -> list[tuple[str, str]]:
    """One in EVERY of each intent's utterances, at least one of each, as (locale, utterance)."""
    by_intent: dict[tuple[str, str], list[str]] = defaultdict(list)
    for folder, utterance, intent, _ in utterances():
        by_intent[LOCALE_OF.get(folder, folder), intent].append(utterance)
    return [(locale, said) for (locale, _), all_ in by_intent.items() for said in all_[::EVERY]]


@pytest.mark.parametrize(("locale", "utterance"), spread())
def test_an_utterance_is_answered_once_the_skill_is_open(
    locale: str, utterance: str, alexa: Device, caplog: pytest.LogCaptureFixture
) -> None:
    """With what it is about, and not with what is said when nothing was understood or something broke."""
    device = alexa(locale)
    device.hear(launch(locale))
    exchange = device.hear(utterance)
    assert not caplog.records
    assert not exchange.refused
    assert exchange.match
    understood = exchange.match.intent != "AMAZON.FallbackIntent"  # as what, is for test_utterances.py to say
    missed = any(line.startswith(("miss.", "control.lost")) for line in device.attributes.get("said", []))
    assert missed != understood, f"{exchange.match}: {words(exchange.speech)}"


def test_the_store_describes_nothing_by_a_one_shot_alone() -> None:
    """The launch is the first example; what the others ask for is in the description, to say once the skill is open."""
    for locale, page in read_package().pages.items():
        plain = spoken(locale).plain
        first, *others = page["examplePhrases"]
        assert first == f"Alexa, {launch(locale)}"
        told = {plain(phrase) for phrase in quoted(page["description"])}
        assert {plain(once_open(phrase, locale)) for phrase in others} <= told
        asked = "|".join(spoken(locale).opening["ask"])
        assert not re.search(rf"\b({asked}) {name(locale)}", page["description"], re.IGNORECASE)

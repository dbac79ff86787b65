"""Voice: what is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator import ssml
from simulator.languages import spoken
from tools.certify.evidence import Evidence, heard
from tools.certify.functional import refusals
from tools.certify.rules import Finding, rule
from tools.errors import Problem, line_of
from tools.models.sources import SOURCES

NAME = "Choose the Invocation Name for a Custom Skill"
DESIGN = "Alexa Design Guide"

# Words that an invocation name may not have: those that open a skill, or are said to every skill or device.
OPENING_WORDS = {"enable", "resume", "stop", "help"}
WAKE_WORDS = {"alexa", "amazon", "echo", "computer", "ziggy", "skill", "app"}
CONNECTORS = {
    *("to", "from", "by", "if", "and", "whether", "in", "using", "with", "about", "for", "that", "of"),
    *("the", "a", "an"),
}

MAX_WORDS = 60  # of a list that was asked for; a step has at most 30, which the skill's own tests hold it to


@rule("voice", "The invocation name keeps every rule of form", NAME)
def invocation_name(evidence: Evidence) -> Iterator[Finding]:
    """Small letters, two words or more, none of them reserved; the same in every locale of a language."""
    for locale in evidence.package.models:
        name = evidence.language_model(locale)["invocationName"]
        path = SOURCES / locale.partition("-")[0] / "language.toml"
        line = line_of(path.read_text(encoding="utf-8"), "invocation_name")
        for why in _wrong_with(name, locale):
            yield Problem(path, line, f"'{name}' {why}", "choose another, run make models")
        if (called := evidence.package.pages[locale]["name"]).lower() != name:
            what = f"{locale}: the store calls it '{called}', and people '{name}'"
            yield evidence.package.problem('"name"', what, "make them the same")


def _wrong_with(name: str, locale: str) -> Iterator[str]:
    """What Amazon would not have in an invocation name."""
    words = name.split()
    if not re.fullmatch(r"[a-z]+(?:['.]?[a-z]*)*(?: [a-z]+(?:['.]?[a-z]*)*)*", name):
        yield "has more than small letters, single spaces, apostrophes and periods"
    if len(words) < 2:
        yield "is one word, which is for brands"
    if not 2 <= len(name) <= 50:
        yield f"has {len(name)} characters; Amazon takes 2 to 50"
    opening = spoken(locale).opening
    for reserved in sorted(
        set(words) & {*OPENING_WORDS, *WAKE_WORDS, *CONNECTORS, *opening["launch"], *opening["ask"]}
    ):
        yield f"has '{reserved}', which is reserved"


@rule("voice", "Speech, card and response are within Amazon's limits", "Request and Response JSON Reference")
def limits(evidence: Evidence) -> Iterator[Finding]:
    """8,000 characters of speech and of a card, 24 KB in all, 10 seconds of one break."""
    yield from refusals(evidence, "size")


@rule("voice", "Speech is SSML that Alexa knows", "Speech Synthesis Markup Language (SSML) Reference")
def markup(evidence: Evidence) -> Iterator[Finding]:
    """Well-formed, and only Amazon's tags."""
    yield from refusals(evidence, "markup")


@rule("voice", "A reprompt says something else than the prompt", DESIGN)
def reprompts(evidence: Evidence) -> Iterator[Finding]:
    """The same words again help nobody who didn't answer them."""
    for visit in evidence.visits:
        if visit.exchange.open and ssml.words(visit.exchange.reprompt) == heard(visit.exchange):
            yield evidence.wrong(visit, "has a reprompt that is the prompt")


@rule("voice", "Answers are brief", DESIGN)
def brief(evidence: Evidence) -> Iterator[Finding]:
    """The words of an answer, without the counting of a hold, which no rule of Amazon's is about."""
    for visit in evidence.visits:
        pieces = ssml.spoken(visit.exchange.speech) if visit.exchange.speech else []
        counting = sum(not piece.text for piece in pieces) * 3  # "Keep pressing.", "Nearly there."
        count = sum(len(piece.text.split()) for piece in pieces) - counting
        if count > MAX_WORDS:
            yield evidence.wrong(visit, f"is answered with {count} words")


@rule("voice", "Alexa isn't told to be told how to use Alexa", DESIGN)
def no_menus(evidence: Evidence) -> Iterator[Finding]:
    """In a conversation nobody says the wake word, and "stop" needs no explaining."""
    for line, text in evidence.texts:
        if found := re.search(r"\bsay (alexa|stop|exit|cancel|help)\b", text, re.IGNORECASE):
            yield line.problem(f"says '{found[0]}'", "leave it out")

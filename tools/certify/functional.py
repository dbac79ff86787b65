"""Function: every phrase on the store page works, every request is answered, and a session is open if it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cramp_coach.words import default_language
from simulator.alexa import Alexa, Exchange
from simulator.languages import spoken
from simulator.limits import Kind
from tools.certify.evidence import Evidence, heard
from tools.certify.rules import Finding, rule
from tools.documents import Json, table
from tools.languages import checked
from tools.store.manifest import CAN_FULFILL
from tools.store.skill_package import quoted

FUNCTIONAL = "Functional Requirements for Custom Skills"
SESSION = "Manage the Skill Session and Session Attributes"
PHRASES = "Certification Requirements: Example Phrases"

# Parts of a conversation that a reviewer has to be led through.
PLACES = {"relief", "stuck", "after", "tips", "stretch", "asking", "warned"}


def refusals(evidence: Evidence, *kinds: Kind) -> Iterator[Finding]:
    """Why Alexa or a reviewer would refuse an answer, as far as it is of one of these kinds."""
    for visit in evidence.visits:
        yield from (evidence.wrong(visit, f"is refused: {why}") for why in visit.exchange.refused if why.kind in kinds)


def exact(exchange: Exchange) -> bool:
    """Whether an utterance opened the skill, or is a sample of the model word for word."""
    return exchange.match is None or exchange.match.how == "exact"


@rule("functional", "Opening the skill does what it is for, and leaves the session open", FUNCTIONAL)
def launch(evidence: Evidence) -> Iterator[Finding]:
    """ "Alexa, open ..." with nothing behind it, in every locale."""
    hold = checked(evidence.language)["turns"]["hold"]
    for locale in evidence.package.models:
        exchange = evidence.device(locale).hear(evidence.opening)
        yield from (f"{locale}: {why}" for why in exchange.refused)
        if not exchange.open or hold not in heard(exchange):
            yield f"{locale}: opening is answered with '{heard(exchange)}'"


@rule("functional", "Every example phrase is a sample word for word, and is answered to the point", PHRASES)
def example_phrases(evidence: Evidence) -> Iterator[Finding]:
    """The first opens the skill by its name; the others ask it something, and hear something else than the opening."""
    for locale, page in evidence.package.pages.items():
        phrases = page.get("examplePhrases", [])
        if not 1 <= len(phrases) <= 4:
            yield evidence.package.problem('"examplePhrases"', f"{locale} has {len(phrases)} phrases", "give 1 to 4")
        name = evidence.language_model(locale)["invocationName"]
        for index, phrase in enumerate(phrases):
            exchange = evidence.device(locale).hear(phrase)
            if why := _refused_phrase(phrase, name, exchange, evidence, first=index == 0):
                yield evidence.package.problem(f'"{phrase}"', f"{locale}: '{phrase}' {why}", "fix store/")


def _refused_phrase(phrase: str, name: str, exchange: Exchange, evidence: Evidence, *, first: bool) -> str:
    opening = spoken(evidence.locale).opening
    verbs = opening["launch"] if first else (*opening["launch"], *opening["ask"])
    if not re.match(rf"Alexa, ({'|'.join(verbs)}) {re.escape(name)}\b", phrase):
        return f"isn't 'Alexa, {opening['launch' if first else 'ask'][0]} {name}'"
    if exchange.refused:
        return f"is refused: {exchange.refused[0]}"
    if not exact(exchange):
        return "is not a sample of the model, word for word"
    if not first and exchange.speech == evidence.launch.speech:
        return "is answered like opening the skill"
    return ""


@rule("functional", "Every phrase that the description quotes works", "Troubleshoot Certification Failures: Metadata")
def described_phrases(evidence: Evidence) -> Iterator[Finding]:
    """What is in quotes can be said; within a conversation or to open it."""
    for locale, page in evidence.package.pages.items():
        device = evidence.device(locale)
        device.hear(evidence.opening)
        yield from _play(evidence, device, page.get("description", ""), locale)


@rule("functional", "The testing instructions work, and lead through every part of the skill", FUNCTIONAL)
def testing_instructions(evidence: Evidence) -> Iterator[Finding]:
    """Played as a reviewer would, in order."""
    if evidence.language != default_language():
        return  # there is one text of them, for Amazon's testers
    text = evidence.package.manifest["publishingInformation"].get("testingInstructions", "")
    device = evidence.device()
    reached: set[str] = set()
    yield from _play(evidence, device, text, "testing instructions", reached)
    if missing := PLACES - reached:
        yield evidence.package.problem(
            '"testingInstructions"', f"they never reach {', '.join(sorted(missing))}", "lead there"
        )
    for task in evidence.package.tasks:
        if task.partition(".")[0] not in text:
            yield evidence.package.problem('"testingInstructions"', f"they leave out the task {task}", "name it")


def _play(
    evidence: Evidence, device: Alexa, text: str, where: str, reached: set[str] | None = None
) -> Iterator[Finding]:
    for phrase in quoted(text):
        exchange = device.hear(phrase)
        if reached is not None:
            reached.add(str(device.attributes.get("place")))
        if exchange.refused or not exact(exchange):
            why = exchange.refused[0] if exchange.refused else "is not a sample of the model, word for word"
            needle = phrase if reached is None else '"testingInstructions"'  # which may have a phrase of the page
            yield evidence.package.problem(needle, f"{where}: '{phrase}' {why}", "fix store/")


@rule("functional", "Every intent of the model is answered, everywhere", FUNCTIONAL)
def answered(evidence: Evidence) -> Iterator[Finding]:
    """An example of every intent, at every point of a conversation: no error, no empty answer."""
    reached = {visit.exchange.match.intent for visit in evidence.visits if visit.exchange.match}
    for locale, model in evidence.language_models.items():
        for intent in model["intents"]:
            if intent["name"] not in reached:
                yield f"{locale}: no example reaches {intent['name']}"
    yield from refusals(evidence, "failure", "form")
    for visit in evidence.visits:
        if not visit.exchange.refused and not heard(visit.exchange):
            yield f"{visit} is answered with nothing"


@rule("functional", "The session stays open if, and only if, something was asked; a reprompt asks it again", SESSION)
def session(evidence: Evidence) -> Iterator[Finding]:
    """At every point of a conversation, after every intent."""
    yield from refusals(evidence, "session")


@rule("functional", "Help says what to do next, asks, and stays, everywhere", FUNCTIONAL)
def helps(evidence: Evidence) -> Iterator[Finding]:
    """Help mustn't be taken for anything else, nor end the session."""
    for visit in evidence.say_everywhere(*evidence.built_in("Help")):
        if (intent := _intent(visit.exchange)) != "AMAZON.HelpIntent":
            yield f"{visit} is taken for {intent}"
        elif not visit.exchange.open or visit.exchange.refused:
            yield evidence.wrong(visit, "ends the session")
        elif len(heard(visit.exchange).split()) < 12:
            yield evidence.wrong(visit, f"is answered with '{heard(visit.exchange)}', which does not help")


@rule("functional", "Stop, cancel and going home end the session, everywhere", FUNCTIONAL)
def stops(evidence: Evidence) -> Iterator[Finding]:
    """And nothing is asked on the way out."""
    leaving = evidence.built_in("Stop", "Cancel", "NavigateHome")
    for word in (*leaving, spoken(evidence.locale).opening["exit"][0]):
        for visit in evidence.say_everywhere(word):
            if visit.exchange.open or visit.exchange.refused:
                yield evidence.wrong(visit, "doesn't end the session")


@rule("functional", "What isn't understood gets another chance, and more help the second time", FUNCTIONAL)
def fallback(evidence: Evidence) -> Iterator[Finding]:
    """Never a dead end."""
    nonsense = evidence.nonsense
    first = {visit.point.key: visit for visit in evidence.say_everywhere(nonsense)}
    for visit in evidence.say_everywhere(nonsense, nonsense):
        if not visit.exchange.open or not first[visit.point.key].exchange.open:
            yield evidence.wrong(visit, "ends the session")
        elif visit.exchange.speech == first[visit.point.key].exchange.speech:
            yield evidence.wrong(visit, "is answered the same both times")


@rule("functional", "Next, back, repeat, yes, no and silence are safe everywhere", FUNCTIONAL)
def steering(evidence: Evidence) -> Iterator[Finding]:
    """Past the last step, before the first, out of context; twice in a row."""
    repeat, *others = evidence.built_in("Repeat", "Next", "Previous", "Yes", "No", "StartOver")
    for word in (repeat, *others):
        for visit in evidence.say_everywhere(word, word):
            yield from (evidence.wrong(visit, f"is refused: {why}") for why in visit.exchange.refused)
    for point in evidence.points:
        device = evidence.at(point)
        first = device.hear(repeat)
        device.stay_silent()
        ended = device.stay_silent()
        yield from (f"silence at {point}: {why}" for why in [*first.refused, *ended.refused])


@rule(
    "functional",
    "Custom tasks start what they are named after, and are completed",
    "Implement Custom Tasks in Your Skill",
)
def custom_tasks(evidence: Evidence) -> Iterator[Finding]:
    """Every task of the manifest is answered like its intent, and told of when the session closes."""
    ask = spoken(evidence.locale).opening["ask"][0]
    for task in evidence.package.custom.get("tasks", []):
        name = task["name"]
        device, asked = evidence.device(), evidence.device()
        started = device.start_task(name)
        intent = f"{name}Intent"
        example = next((visit.utterance for visit in evidence.visits if _intent(visit.exchange) == intent), "")
        if not example:
            yield f"{name} is named after no intent"
            continue
        usual = heard(asked.hear(f"{ask} {evidence.invocation_name} {example}"))
        if started.refused or heard(started) != usual:
            yield f"the task {name} is answered with '{heard(started)}'"
        for values in inputs(evidence.package.tasks.get(f"{name}.{task['version']}", {})):
            yield from (
                f"the task {name} with {values}: {why}" for why in evidence.device().start_task(name, **values).refused
            )
        last = table(device.hear(*evidence.built_in("Stop")).response, "response")
        kinds = [directive.get("type") for directive in last.get("directives", [])]
        if kinds != ["Tasks.CompleteTask"]:
            yield f"the task {name} is never completed"


def inputs(definition: Json) -> Iterator[dict[str, str]]:
    """Every input that a task's definition offers."""
    for name, kind in definition["components"]["schemas"]["Input"]["properties"].items():
        yield from ({name: value} for value in kind["enum"])


def _intent(exchange: Exchange) -> str:
    return exchange.match.intent if exchange.match else ""


@rule(
    "functional",
    "Asked whether it could answer, the skill says so and does nothing else",
    "Implement CanFulfillIntentRequest",
)
def can_fulfill(evidence: Evidence) -> Iterator[Finding]:
    """YES for a cramp, NO for what needs a conversation or an ambulance; a verdict for every intent."""
    if {"type": CAN_FULFILL} not in evidence.package.custom.get("interfaces", []):
        return
    device = evidence.device()
    for utterance in evidence.examples:
        exchange = device.could_answer(utterance)
        yield from (f"'{utterance}': {why}" for why in exchange.refused)
    cramp, chest = (evidence.example_of[f"{name}Intent"] for name in ("CrampNow", "ChestSign"))
    for utterance, expected in ((cramp, "YES"), (*evidence.built_in("Next"), "NO"), (chest, "NO")):
        answer = table(device.could_answer(utterance).response, "response", "canFulfillIntent")
        if answer.get("canFulfill") != expected:
            yield f"'{utterance}' is not answered with {expected}"

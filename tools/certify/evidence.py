"""What the rules look at: the package, the code, the words, and conversations with the real skill."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import json
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cramp_coach.words import FOLDER, default_language
from simulator import ssml
from simulator.alexa import Alexa, Exchange
from simulator.languages import spoken
from simulator.matching import FALLBACK, Matcher
from simulator.model import parse_model
from simulator.skill import LAMBDA, Skill, local_skill
from tools.cases import utterances
from tools.documents import Json
from tools.errors import ROOT, Problem
from tools.languages import checked
from tools.languages.translation import TRANSLATION
from tools.models.sources import first_locale, read_contract
from tools.store.skill_package import SkillPackage
from tools.words import Line, read_lines


def heard(exchange: Exchange) -> str:
    """The words of an answer; none if there is no answer, or none that could be spoken."""
    try:
        return ssml.words(exchange.speech) if exchange.speech else ""
    except ssml.SsmlError:
        return ""


@functools.cache
def _matcher(language: str, model: str) -> Matcher:
    """The matcher for a model: one for all locales that have the same, because it is slow to make."""
    return Matcher(parse_model(language, json.loads(model)))


@dataclass(frozen=True)
class Point:
    """A point in a conversation: what the session carries there, and what is being asked."""

    attributes: Json

    @property
    def key(self) -> tuple[str, str]:
        """What the conversation is about, and the cue that a yes or no answers."""
        return str(self.attributes.get("place", "start")), str(self.attributes.get("asked", ""))

    def __str__(self) -> str:
        return "/".join(self.key)


@dataclass(frozen=True)
class Visit:
    """What was said at a point of a conversation, and what came of it."""

    point: Point
    utterance: str
    exchange: Exchange

    def __str__(self) -> str:
        return f"'{self.utterance}' at {self.point}"


class Evidence:
    """Everything that a rule may look at; what is slow is made when it is first wanted.

    `language`: whose locales, words and conversations are looked at, the default language's if none is named.
    `submit`: whether this is the package that is about to be submitted, and not one under way.
    """

    def __init__(
        self,
        package: SkillPackage,
        *,
        language: str = "",
        skill: Skill | None = None,
        code: Path = LAMBDA,
        infrastructure: Path = ROOT / "infrastructure",
        translations: Path = TRANSLATION,
        submit: bool = False,
    ) -> None:
        self.language = language or default_language()
        self.package = package.of(self.language)
        self.skill = skill or local_skill()
        self.code = code
        self.infrastructure = infrastructure
        self.translations = translations
        self.submit = submit
        self.logged: list[str] = []  # while walking
        self._devices: dict[str, Alexa] = {}

    @property
    def locale(self) -> str:
        """The locale in which conversations are played: the words are the same in all of a language."""
        first = first_locale(self.language)
        return first if first in self.package.models else next(iter(self.package.models))

    def device(self, locale: str = "") -> Alexa:
        """A new device that understands by the package's own model."""
        locale = locale or self.locale
        if locale not in self._devices:
            matcher = _matcher(locale.partition("-")[0], json.dumps(self.package.models[locale]))
            self._devices[locale] = Alexa(self.skill, locale, matcher=matcher)
        return copy.copy(self._devices[locale])

    @cached_property
    def language_models(self) -> dict[str, Json]:
        """The language models that differ, by the first of the locales that have them."""
        found: dict[str, Json] = {}
        for locale in self.package.models:
            if self.language_model(locale) not in found.values():
                found[locale] = self.language_model(locale)
        return found

    @cached_property
    def invocation_name(self) -> str:
        """What the skill is called by."""
        return str(self.language_model(self.locale)["invocationName"])

    def language_model(self, locale: str) -> Json:
        """The language model of a locale."""
        model: Json = self.package.models[locale]["interactionModel"]["languageModel"]
        return model

    @cached_property
    def example_of(self) -> dict[str, str]:
        """One utterance for every intent: the contract's example, or in another language the first that is tried."""
        contract = read_contract()
        found = {FALLBACK: self.nonsense}
        if self.language == contract.examples:
            return {intent: body["example"] for intent, body in contract.intents.items() if "example" in body} | found
        matcher = self.device().matcher
        for folder, utterance, intent, _ in utterances():
            if folder == self.language and intent not in found and matcher.match(utterance).intent == intent:
                found[intent] = utterance
        return found

    @property
    def nonsense(self) -> str:
        """What is about nothing that the skill knows."""
        return str(checked(self.language)["turns"]["nonsense"])

    @cached_property
    def examples(self) -> list[str]:
        """An utterance for every intent, the last of them one that fits none."""
        return [utterance for _, utterance in sorted(self.example_of.items(), key=lambda each: each[0] == FALLBACK)]

    def built_in(self, *names: str) -> tuple[str, ...]:
        """Amazon's first phrase for each of these built-in intents."""
        phrases = spoken(self.locale).phrases(self.locale)
        return tuple(phrases[f"AMAZON.{name}Intent"][0] for name in names)

    @property
    def opening(self) -> str:
        """What opens the skill."""
        return f"{spoken(self.locale).opening['launch'][0]} {self.invocation_name}"

    @cached_property
    def lines(self) -> list[Line]:
        """Every line that can be spoken or shown."""
        return read_lines(Path(FOLDER, self.language))

    @cached_property
    def texts(self) -> list[tuple[Line, str]]:
        """Every text of every line."""
        return [
            (line, value)
            for line in self.lines
            for field, value in line.fields.items()
            if isinstance(value, str) and field not in ("sources", "strength")
        ]

    def wrong(self, visit: Visit, why: str) -> Problem | str:
        """What is wrong with an answer, at the longest of our lines that is heard in it."""
        said = heard(visit.exchange)
        lines = [(len(text), line) for line, text in self.texts if text and " ".join(text.split()) in said]
        if not lines:
            return f"{visit} {why}"
        _, line = max(lines, key=lambda each: each[0])
        return Problem(line.path, line.number, f"{visit} {why}", f"fix {line.ref}, or what leads to it")

    @cached_property
    def launch(self) -> Exchange:
        """ "Alexa, open cramp coach"."""
        return self.device().hear(self.opening)

    @cached_property
    def visits(self) -> list[Visit]:
        """An example of every intent, said at every point of a conversation that can be reached by saying them."""
        with listening() as self.logged:
            return list(self._walk())

    @property
    def points(self) -> list[Point]:
        """Every point that was reached."""
        return list({visit.point.key: visit.point for visit in self.visits}.values())

    def at(self, point: Point) -> Alexa:
        """A device in the middle of a conversation."""
        device = self.device()
        device.session_id, device.attributes = "certify", point.attributes
        return device

    def say_everywhere(self, *utterances: str) -> Iterator[Visit]:
        """Say all of this, one after the other, at every point; the last exchange counts."""
        for point in self.points:
            device = self.at(point)
            for utterance in utterances:
                exchange = device.hear(utterance)
            yield Visit(point, ", ".join(utterances), exchange)

    def _walk(self) -> Iterator[Visit]:
        device = self.device()
        device.hear(self.opening)
        first = Point(device.attributes)
        queue, seen = deque([first]), {first.key}
        while queue:
            point = queue.popleft()
            for utterance in self.examples:
                device.session_id, device.attributes = "certify", point.attributes
                exchange = device.hear(utterance)
                yield Visit(point, utterance, exchange)
                reached = Point(device.attributes)
                if exchange.open and reached.key not in seen:
                    seen.add(reached.key)
                    queue.append(reached)


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    """Keep whatever the skill writes to a log or prints meanwhile; the lines are there at the end."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    printed = io.StringIO()
    logging.getLogger().addHandler(handler)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield lines
    finally:
        logging.getLogger().removeHandler(handler)
        lines += printed.getvalue().splitlines()

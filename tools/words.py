"""`python -m tools.words check`: what no line of the words may do or lack.

Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cramp_coach.conversation import MUSCLES, POSITIONS, State, Turn, triage
from cramp_coach.conversation.answers import ANSWERS
from cramp_coach.conversation.conditions import LEAVES_OUT
from cramp_coach.conversation.cues import CUES, default_cue
from cramp_coach.conversation.doctor import FREQUENCIES, REASONS
from cramp_coach.conversation.prevention import LEGS, TIPS
from cramp_coach.conversation.state import FLAGS, NUDGES, PLACES, ROUNDS, URGENCIES, Place
from cramp_coach.conversation.turn import UNKNOWN
from cramp_coach.speech import render
from cramp_coach.words import FOLDER, LOCALES, NOT_SPOKEN, Words, default_language, languages, lines
from simulator import ssml
from tools.documents import read_toml
from tools.errors import ROOT, Problem, line_of, run
from tools.languages import CheckedLanguage, checked
from tools.models.sources import SOURCES as MODELS
from tools.models.sources import locales_of, read_contract

SOURCES = ROOT / "docs" / "sources.toml"

# Files whose lines steer the conversation and claim nothing about cramps.
CLAIMLESS = frozenset({"control", "cue", "disclaimer", "goodbye", "help", "miss", "muscle", "screen"})
# Files whose lines answer about evidence: each says how strong it is.
EVIDENCE = frozenset({"answer", "tip", "topic"})
STRENGTHS = ("trial", "review", "guideline", "study", "observed", "opinion", "anecdote", "own")
SPOKEN = frozenset({"say", "reprompt", "short"})
FIELDS = SPOKEN | NOT_SPOKEN
MAX_WORDS_SHORT = 6
MAX_PAUSE = 10  # seconds: Amazon's limit for one break

# The rules of docs/design.md for what is said in one turn, by its kind.
Kind = Literal["step", "answer", "list"]
MAX_WORDS: dict[Kind, int] = {"step": 30, "answer": 40, "list": 60}  # besides the counting of a hold
LISTS = frozenset({"doctor"})
ANSWERING = frozenset({"answer", "help", "miss", "often", "person", "sign", "tip", "topic"})
ANYWHERE = frozenset({"answer", "person", "topic"})  # answers to what may be asked at any point
DISCLAIMED = frozenset({"after", "answer", "tip", "topic"})  # those that the disclaimer may follow
MORE_CARE = ("after.more", "after.comfort", "after.sip")  # said together, to who asks for after-care
UNSPOKEN = frozenset({"card", "screen"})  # files whose lines are shown only
PARTS = frozenset({"cue", "disclaimer", "muscle"})  # files whose lines are spoken as a part of others

# Where someone is while a line of these files is said; a cramp is under way for the rest.
PLACES_OF_FILES: dict[str, Place] = {
    "answer": "asking",
    "topic": "asking",
    "person": "asking",
    "often": "after",
    "doctor": "asking",
    "after": "after",
    "tip": "tips",
    "stretch": "stretch",
    "sign": "warned",
}

CONVERSATION = ROOT / "lambda" / "cramp_coach" / "conversation"
NAMED = re.compile(r"disclaimer|[a-z_]+(\.(?!toml)[a-z_0-9]+)+(#[a-z]+)?")  # a line, in the code

Fault = tuple[str, str]  # what is wrong with a line, and what to do about it

MARK = re.compile(r"\{(?:(hold|rest) (\d+)|(\w+))\}")


@dataclass(frozen=True)
class Line:
    """One line of the words with everything that stands beside it."""

    ref: str
    fields: dict[str, Any]
    path: Path
    number: int

    @property
    def language(self) -> str:
        """The language it is in."""
        return self.path.parent.name

    @property
    def sources(self) -> list[str]:
        """Keys of docs/sources.toml, each perhaps with a row behind it ("S-A A19")."""
        return list(self.fields.get("sources", []))

    def problem(self, what: str, fix: str) -> Problem:
        """Something wrong with it."""
        return Problem(self.path, self.number, f"{self.ref} {what}", fix)


def read_lines(folder: Path) -> list[Line]:
    """Every line of a language. Raises SourceError."""
    return [line for path in sorted(folder.glob("*.toml")) for line in _lines_of(path)]


def _lines_of(path: Path) -> Iterator[Line]:
    document, text = read_toml(path)
    for ref, fields in lines(path.stem, document):
        header = ref.partition(".")[2]
        yield Line(ref, fields, path, line_of(text, f"[{header}]" if header else "say ="))


def kind_of(refs: Iterable[str]) -> Kind:
    """What sort of turn these lines make."""
    files = {ref.partition(".")[0] for ref in refs if not ref.endswith(".relief")}
    if files & LISTS:
        return "list"
    return "answer" if files & ANSWERING or any(ref.startswith(MORE_CARE) for ref in refs) else "step"


def counted_words(document: str, language: str) -> int:
    """The words of an SSML document, without those between the first and the last pause of a hold."""
    ease_off = re.escape(checked(language)["turns"]["ease_off"])
    outside = re.sub(rf"(<break[^>]*/>)(?:(?!{ease_off}).)*(<break[^>]*/>)", " ", document)
    return len(re.findall(r"[\w'-]+", ssml.words(outside)))


def check(folder: Path) -> Iterator[Problem]:
    """Every problem in one language's words."""
    known, _ = read_toml(SOURCES)
    known_lines = {line.ref: line for line in read_lines(folder)}
    language = checked(folder.name)
    fills = {"muscle", *local_words(folder)}
    missing = list(check_locales(folder))
    countries = [Words(str(folder), path.stem) for path in sorted((folder / LOCALES).glob("*.toml"))]
    default = folder.name == default_language()
    lacking = list(_check_completeness(folder) if default else _check_translated(known_lines, folder))
    for line in known_lines.values():
        wrong = [*_wrong_with(line, known, fills, language), *_lacks(line, known_lines)]
        wrong = wrong or ([] if missing or lacking else [*_wrong_as_speech(line, countries, language)])
        yield from (Problem(line.path, line.number, f"{line.ref}: {what}", fix) for what, fix in wrong)
    yield from lacking
    yield from missing


def local_words(folder: Path, locale: str = "") -> dict[str, str]:
    """What one country says where a line has a mark like `{nurse_line}`; everywhere else's if no locale is named.

    Raises SourceError if the locale has no file.
    """
    return read_toml(_local_path(folder, locale))[0]


def _local_path(folder: Path, locale: str = "") -> Path:
    return folder / LOCALES / f"{locale or folder.name}.toml"


def _wrong_with(line: Line, known: dict[str, Any], fills: set[str], language: CheckedLanguage) -> Iterator[Fault]:
    if not line.fields.get("say"):
        yield "nothing to say", "add a say text"
    if no_text := [field for field in sorted(SPOKEN & line.fields.keys()) if not isinstance(line.fields[field], str)]:
        yield f"{no_text[0]} is no text", "write it in quotation marks"
        return
    for field in line.fields:
        if field not in FIELDS:
            yield f"unknown field '{field}'", f"use one of {', '.join(sorted(FIELDS))}"
    if line.path.stem not in CLAIMLESS and not line.sources:
        yield "no sources", "say where it comes from, with keys of docs/sources.toml"
    if (line.path.stem in EVIDENCE or "strength" in line.fields) and line.fields.get("strength") not in STRENGTHS:
        yield "no known strength", f"say what it rests on: {', '.join(STRENGTHS)}"
    for source in line.sources:
        if source.partition(" ")[0] not in known:
            yield f"unknown source '{source}'", "add it to docs/sources.toml, or fix the key"
    for field in SPOKEN & line.fields.keys():
        yield from _wrong_in(line.fields[field], fills, language)
    if len(re.findall(r"[\w']+", line.fields.get("short", ""))) > MAX_WORDS_SHORT:
        yield f"short has more than {MAX_WORDS_SHORT} words", "shorten it"
    for field in ("say", "reprompt") if line.path.stem == "cue" else ():
        if not str(line.fields.get(field, "")).endswith("?"):
            yield f"{field} asks nothing, and the session stays open after it", "end it with a question"


def _wrong_in(text: str, fills: set[str], language: CheckedLanguage) -> Iterator[Fault]:
    """What no text may say or hold."""
    for mark in re.findall(r"\{[^}]*\}?", text):
        match = MARK.fullmatch(mark)
        if not (match and (1 <= int(match[2]) <= MAX_PAUSE if match[2] else match[3] in fills)):
            names = ", ".join(f"{{{name}}}" for name in sorted(fills))
            yield f"unknown mark {mark}", f"use {{hold 8}}, {{rest 5}} (1 to {MAX_PAUSE}), {names}"
    if "<" in text or "&" in text:
        yield "has markup", "write plain words; pauses are {rest 5} and {hold 8}"
    for found, fix in language.never_said(text):
        yield f"says '{found}'", fix


def _wrong_as_speech(line: Line, countries: list[Words], language: CheckedLanguage) -> Iterator[Fault]:
    """What is said in one breath is short and plain, and the cue that follows it is the last question.

    Each line stands alone here with what usually follows it, so that no line is missed because few conversations reach
    it; turns of several lines are held to the same by tests/test_speech.py. `countries` have the words of each country.
    """
    file = line.path.stem
    if file in UNSPOKEN | PARTS:
        return
    place = line.ref.rpartition(".")[2] if file in ("help", "miss") else PLACES_OF_FILES.get(file, "relief")
    if file in ANYWHERE:
        place = "stretch"  # where the cue is longest
    state = State(place=place if place in PLACES else "relief", muscle="hamstring")  # the longest name
    cue = "" if file == "goodbye" else default_cue(state)
    for field in ("say", "reprompt"):
        text = line.fields.get(field)
        if text is None:
            continue
        ref = line.ref if field == "say" else f"{line.ref}#{field}"
        said = (ref, "disclaimer") if field == "say" and file in DISCLAIMED else (ref,)
        documents = [render(Turn(state, said, (), cue), words).ssml for words in countries]
        kind = kind_of([line.ref])
        if (count := max(counted_words(document, language.name) for document in documents)) > MAX_WORDS[kind]:
            yield f"{field} has {count} words with what follows it, more than {MAX_WORDS[kind]}", "shorten it"
        if why := language.too_hard([ssml.words(document) for document in documents], kind):
            yield f"{field} {why}", "use shorter words"
        if text.endswith("?"):
            yield f"{field} ends with a question", "ask nothing: the cue does, and a closing must not"


def check_locales(folder: Path) -> Iterator[Problem]:
    """Every locale of the language calls the same things by names of its own, and no bare number."""
    usual, language = local_words(folder), checked(folder.name)
    locales = locales_of(MODELS / folder.name)
    for path in sorted((folder / LOCALES).glob("*.toml")):
        if path.stem not in (folder.name, *locales):
            fix = f"add {path.stem} to interaction-models/{folder.name}/language.toml, or delete the file"
            yield Problem(path, 0, "is of no locale of the language", fix)
    for locale in ("", *locales):
        path = _local_path(folder, locale)
        document, text = read_toml(path)
        for name in usual.keys() ^ document.keys():
            number = line_of(text, f"{name} =")
            yield Problem(path, number, f"{name} is not in both files", f"fix it, or {_local_path(folder).name}")
        for name, value in document.items():
            number = line_of(text, f"{name} =")
            if not isinstance(value, str) or "{" in value or not value.strip():
                yield Problem(path, number, f"{name} is no plain text", 'write it as name = "what it is called there"')
                continue
            for found, fix in language.never_said(value):
                yield Problem(path, number, f"{name} says '{found}'", fix)


def _lacks(line: Line, others: dict[str, Line]) -> Iterator[Fault]:
    """A variant has every text of the line it stands for: what it lacks would not be said at all."""
    base, _, flag = line.ref.rpartition(".")
    if flag in FLAGS and base in others:
        for field in sorted((SPOKEN & others[base].fields.keys()) - line.fields.keys()):
            yield f"no {field}, though {base} has one", f"add a {field} text"


def _check_translated(known: dict[str, Line], folder: Path) -> Iterator[Problem]:
    """Every line of the default language is there with every text and hold of it, and no other line."""
    models = {line.ref: line for line in read_lines(Path(FOLDER, default_language()))}
    for ref, model in models.items():
        where = f"as {model.path.relative_to(ROOT)}:{model.number} has it"
        if (line := known.get(ref)) is None:
            yield Problem(folder / model.path.name, 0, f"{ref} is missing", f"add the line, {where}")
            continue
        for field in sorted(SPOKEN & (model.fields.keys() | line.fields.keys())):
            texts = str(model.fields.get(field) or ""), str(line.fields.get(field) or "")
            holds = [re.findall(r"\{hold \d+\}", text) for text in texts]
            if not texts[1] and field == "say":
                continue  # which no line may lack
            if not texts[1]:
                yield line.problem(f"has no {field}", f"add it, {where}")
            elif not texts[0]:
                yield line.problem(f"has a {field} that nothing says", f"take it out: {model.language} has none")
            elif holds[0] != holds[1]:
                yield line.problem(f"counts {' '.join(holds[1]) or 'nothing'} in its {field}", f"count {where}")
    for ref in known.keys() - models.keys():
        yield known[ref].problem(f"is no line of {default_language()}", "take it out, or fix its name")
    for name in local_words(Path(FOLDER, default_language())).keys() - local_words(folder).keys():
        yield Problem(
            _local_path(folder), 0, f"{name} is missing", f"add it, as locales/{default_language()}.toml has it"
        )


def _check_completeness(folder: Path) -> Iterator[Problem]:
    """Every line that the conversation can ask for is there."""
    words = Words(str(folder))
    contract = read_contract()
    wanted = [
        *_named(),
        *(f"cue.{cue}{field}" for cue in CUES for field in ("", "#reprompt")),
        *(f"help.{place}" for place in PLACES),
        *(f"miss.again.{place}" for place in PLACES if place != "start"),
        *(f"muscle.{muscle}" for muscle in MUSCLES),
        *(f"{kind}.{muscle}" for muscle in MUSCLES for kind in ("helper", "reach")),
        *(f"sign.{sign}" for sign in (*_signs(), *URGENCIES)),
        *(f"sign.{urgency}{kind}" for urgency in URGENCIES for kind in ("_gentle", "_better")),
        *(f"tip.{tip}" for tip in TIPS),
        *(f"stretch.{position}.{leg}" for position in ("sitting", "lying") for leg in range(1, LEGS + 1)),
        *ANSWERS.values(),
        *(f"topic.{topic}" for topic in contract.slot_types["Topic"]),
        *(f"person.{'unknown' if who == UNKNOWN else who}" for who in (*LEAVES_OUT, *contract.slot_types["Condition"])),
        *(f"often.{nudge}" for nudge in NUDGES),
        *(*FREQUENCIES.values(), *REASONS.values()),
    ]
    for muscle in MUSCLES:
        positions = [""] if f"{muscle}.1" in words else [f"{position}." for position in POSITIONS]
        wanted += [
            f"{muscle}.{position}{number}{field}"
            for position in positions
            for number in range(1, ROUNDS + 1)
            for field in ("", "#reprompt", "#short")
        ]
    gone: set[Path] = set()
    for ref in dict.fromkeys(wanted):
        if ref not in words and (path := folder / f"{ref.partition('.')[0]}.toml") not in gone:
            whole = not path.is_file()
            gone |= {path} if whole else set()  # one complaint for all of its lines
            fix = "add the line, or restore the file" if whole else "add the line"
            yield Problem(path, 0, f"{ref} is missing", fix)


def _named() -> Iterator[str]:
    """The lines that the conversation's code names whole, "goodbye.stop"; the others it puts together."""
    for _, node in code_of_conversation():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAMED.fullmatch(node.value):
            yield node.value


def code_of_conversation() -> Iterator[tuple[Path, ast.AST]]:
    """Every node of the conversation's code, with the file that it stands in."""
    for path in sorted(CONVERSATION.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def _signs() -> Iterator[str]:
    """The signs that have a line of their own: the others are answered as events."""
    return (sign for sign, urgency in triage.table().urgencies.items() if urgency != "none")


def check_all() -> Iterator[Problem]:
    """Every problem in every language's words. Raises SourceError."""
    for language in languages():
        yield from check(Path(FOLDER, language))


if __name__ == "__main__":
    sys.exit(run("words", __doc__, {"check": check_all}))

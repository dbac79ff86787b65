"""`python -m tools.ids check`: the ids that stand in more than one place, held against each other.

What a slot can resolve to stands in the contract, and what it means in a table of the conversation; a cue, an event, a
button or a task has a name there and another list somewhere else. An id that one of them lacks is a sentence answered
with "Sorry." Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import ast
import re
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, get_args

from cramp_coach import lexicon, screens, speech
from cramp_coach.conversation import (
    EVENTS,
    answers,
    conditions,
    cues,
    dialogue,
    doctor,
    prevention,
    relief,
    respond,
    signs,
    state,
    triage,
    turn,
)
from cramp_coach.conversation.turn import Event
from cramp_coach.handlers import can_fulfill, reading, tasks
from cramp_coach.words import FOLDER, Words, default_language
from tools.documents import read_json, read_toml, table
from tools.errors import ROOT, Problem, line_of, run
from tools.models.sources import Contract, read_contract
from tools.store.skill_package import PACKAGE
from tools.words import CONVERSATION, code_of_conversation, read_lines

SKILL = ROOT / "lambda" / "cramp_coach"
SCREENS = SKILL / "screens"


class Ids(NamedTuple):
    """Ids that stand together: what they are called, in which file, behind which text, and the ids."""

    name: str
    path: Path
    needle: str
    ids: frozenset[str]

    def line(self, name: str = "") -> int:
        """Where an id of these stands, or where they begin."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        first = next((number for number, line in enumerate(lines, start=1) if self.needle in line), 0)
        quoted = (f'"{name}"', f"{name} =", f"[{name}]")
        behind = enumerate(lines[first - 1 :], start=first) if first and name else ()
        return next((number for number, line in behind if any(each in line for each in quoted)), first)

    def __str__(self) -> str:
        return f"{self.name} in {self.path.relative_to(ROOT)}"


def code(module: ModuleType, name: str, ids: Iterable[str] | None = None) -> Ids:
    """The ids of a table of the skill's code: its keys or members, where not `ids`."""
    path = Path(str(module.__file__))
    begins = re.compile(rf"(?:def )?{name}\b")
    needle = next((line for line in path.read_text(encoding="utf-8").splitlines() if begins.match(line)), name)
    return Ids(name, path, needle, frozenset(getattr(module, name) if ids is None else ids))


def within(some: Ids, *all_of: Ids) -> Iterator[Problem]:
    """Every id of `some` stands in one of the others."""
    known = frozenset[str]().union(*(each.ids for each in all_of))
    for name in sorted(some.ids - known):
        what = f"{some.name} has '{name}', which {all_of[0].name} lacks"
        yield Problem(some.path, some.line(name), what, f"fix it, or add it to {all_of[0]}:{all_of[0].line()}")


def alike(one: Ids, *others: Ids) -> Iterator[Problem]:
    """The ids of `one` are those of the others together."""
    yield from within(one, *others)
    for other in others:
        yield from within(other, one)


def check() -> Iterator[Problem]:
    """Every id that stands in one place and not in the other; if there is none, what breaks. Raises SourceError."""
    contract = read_contract()
    found = [
        *of_slots(contract),
        *of_events(),
        *of_cues_and_places(),
        *of_what_is_read(contract),
        *of_tasks(),
        *of_screens(),
        *lengths(),
    ]
    yield from found
    read_lines(Path(FOLDER, default_language()))  # what can't be read is named there, and not by what would speak it
    if not found:  # other languages have the same lines: tools/languages sees to that
        yield from played(contract, Words(f"{FOLDER}/{default_language()}"))


def of_slots(contract: Contract) -> Iterator[Problem]:
    """What a slot can resolve to, and what the conversation does with it."""

    def values(kind: str) -> Ids:
        return Ids(kind, contract.path, f"{kind} = [", frozenset(contract.slot_types[kind]))

    safety = Ids("Muscle", contract.path, "[safety_net]", frozenset(contract.safety_net["Muscle"]))
    amazons = [slot for slot, kind in contract.slots.items() if kind.startswith("AMAZON.")]
    built_in = Ids("AMAZON. types of [slots]", contract.path, "[slots]", frozenset(amazons))
    unknown = code(turn, "UNKNOWN", [turn.UNKNOWN])
    tips = [prevention.TOPIC_OF_TIP.get(tip, tip) for tip in prevention.TIPS]
    muscles, of_muscle = code(state, "MUSCLES"), code(signs, "OF_MUSCLE")

    yield from alike(values("Muscle"), muscles, of_muscle)
    yield from alike(safety, of_muscle)
    yield from alike(muscles, code(relief, "DEFAULT_POSITION"))
    usual = code(relief, "DEFAULT_POSITION", relief.DEFAULT_POSITION.values())
    yield from within(usual, code(state, "POSITIONS"))
    yield from within(code(answers, "MEDICINES"), values("Condition"))
    yield from alike(values("Frequency"), code(doctor, "FREQUENCIES"))
    yield from alike(values("Period"), code(doctor, "TIMES_A_MONTH"), code(doctor, "UNCOUNTED"))
    grown_up = code(conditions, "GROWN_UP", [conditions.GROWN_UP])
    yield from alike(values("Who"), code(conditions, "WHO"), grown_up)
    yield from alike(values("When"), code(signs, "NOT_NOW"))
    yield from alike(values("Thing"), code(signs, "THING", [signs.THING]))
    yield from within(code(answers, "DOSED"), values("Topic"), unknown)
    yield from within(code(answers, "UNLISTED", [answers.UNLISTED]), values("Topic"))
    yield from within(code(prevention, "TOPIC_OF_TIP", tips), values("Topic"))
    yield from within(code(relief, "MUSCLE_OF"), values("Part"))
    yield from within(code(relief, "MUSCLE_OF", relief.MUSCLE_OF.values()), muscles)
    yield from within(code(signs, "OF_PART"), values("Part"))
    yield from within(code(signs, "OF_A_THING"), values("Symptom"))
    yield from alike(built_in, code(reading, "BUILT_IN"))
    yield from of_conditions(values("Condition"), unknown)


def of_conditions(known: Ids, unknown: Ids) -> Iterator[Problem]:
    """What leaves a step out: a condition that can be named, an age, who it is."""
    leaves_out = code(conditions, "LEAVES_OUT")
    ages = [conditions.age_group(str(years)) for years in range(conditions.MAX_YEARS + 1)]
    age_group = code(conditions, "age_group", ages)
    of_who = code(conditions, "WHO", conditions.WHO.values())
    yield from within(known, leaves_out)
    yield from within(leaves_out, known, age_group, of_who, unknown)
    yield from within(age_group, leaves_out)
    yield from within(of_who, leaves_out)
    flags = (flag for left_out in conditions.LEAVES_OUT.values() for flag in left_out)
    yield from within(code(conditions, "LEAVES_OUT", flags), code(state, "FLAGS"))


def of_events() -> Iterator[Problem]:
    """Names of events and of signs, wherever they are listed."""
    events = code(dialogue, "EVENTS")
    meant = (event for pair in cues.CUES.values() for event in pair)
    for some in (
        code(dialogue, "ANSWERED_WHEN_WARNED"),
        code(dialogue, "ANSWERED_WHEN_UNSAFE"),
        code(dialogue, "INTERNAL_EVENTS"),
        code(signs, "NO_SIGN"),
        code(conditions, "ASKED_ABOUT"),
        code(cues, "CUES", meant),
        code(can_fulfill, "BY_ITSELF"),
        code(tasks, "TASKS"),
        code(screens, "TOUCHES"),
    ):
        yield from within(some, events)
    rows = Ids("the table of signs", CONVERSATION / "triage.toml", "[groups]", frozenset(triage.table().urgencies))
    for some in (
        code(signs, "SIGNS"),
        code(signs, "HANDS_OFF"),
        code(signs, "OF_MUSCLE", signs.OF_MUSCLE.values()),
        code(signs, "OF_PART", signs.OF_PART.values()),
    ):
        yield from within(some, rows)
    no_warning = code(triage, "LADDER", ["none"])
    yield from alike(code(triage, "LADDER"), code(state, "URGENCIES"), code(signs, "MENTIONED"), no_warning)


def of_cues_and_places() -> Iterator[Problem]:
    """Each cue and each place is answered wherever they are."""
    names = code(state, "Cue", get_args(state.Cue))
    yield from alike(names, code(cues, "CUES"))
    asked = {cue for _, node in code_of_conversation() for cue in _cues_in(node)}
    for cue in sorted(names.ids - asked):
        yield Problem(names.path, names.line(cue), f"no answer asks '{cue}'", "ask it, or delete it")
    places = code(state, "Place", state.PLACES)
    usual = code(cues, "CUE_OF_PLACE", (*cues.CUE_OF_PLACE, cues.STRETCH))
    yield from alike(places, usual)
    lines, _ = read_toml(SCREENS / "lines.toml")
    yield from alike(places, Ids("[buttons]", SCREENS / "lines.toml", "[buttons]", frozenset(lines["buttons"])))


def of_what_is_read(contract: Contract) -> Iterator[Problem]:
    """Slots, events, places and cues that the code asks for by name: a typo would never be heard."""
    slots = Ids("[slots]", contract.path, "[slots]", frozenset(contract.slots))
    given = code(tasks, "TASKS", (slot for slot, _ in tasks.TASKS.values()))
    known = {
        "slots": (slots, given),
        "event.slots": (slots, given),
        "event.name": (code(dialogue, "EVENTS"),),
        "state.place": (code(state, "Place", state.PLACES),),
        "state.asked": (code(state, "Cue", get_args(state.Cue)),),
    }
    read: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for path, node in code_of_conversation():
        for kind, name in _named_in(node):
            if kind in known:
                read[path, kind].add(name)
    for (path, kind), names in read.items():
        yield from within(Ids(f"a look at {kind}", path, "", frozenset(names)), *known[kind])
    for some in (
        code(signs, "PARTS"),
        code(triage, "COLUMNS", (slot for names in triage.COLUMNS.values() for slot in names)),
        code(lexicon, "OF_A_SIGN"),
        code(lexicon, "SECOND", [*lexicon.SECOND, *lexicon.SECOND.values()]),
    ):
        yield from within(some, slots)


def of_tasks() -> Iterator[Problem]:
    """What a custom task may be given, in its definition and in the code."""
    files = {path.stem.partition(".")[0]: path for path in sorted((PACKAGE / "tasks").glob("*.json"))}
    known = code(tasks, "TASKS")
    yield from alike(known, Ids("the folder of tasks", PACKAGE / "skill.json", '"tasks"', frozenset(files)))
    for name, (slot, allowed) in tasks.TASKS.items():
        if name in files:
            document, _ = read_json(files[name])
            inputs = table(document, "components", "schemas", "Input", "properties")
            offered = Ids("Input", files[name], '"Input": {', frozenset(inputs))
            yield from alike(offered, code(tasks, "TASKS", [slot])._replace(name=name))
            values = Ids("Input", files[name], '"enum"', frozenset(table(inputs, slot).get("enum", ())))
            yield from within(values, code(tasks, "TASKS", allowed)._replace(name=name))


def of_screens() -> Iterator[Problem]:
    """What can be touched, and the version of the document."""
    lines, _ = read_toml(SCREENS / "lines.toml")
    buttons = frozenset(event for events in lines["buttons"].values() for event in events)
    shown = Ids("[buttons]", SCREENS / "lines.toml", "[buttons]", buttons)
    yield from alike(code(screens, "TOUCHES"), shown)
    document, text = read_json(SCREENS / "document.json")
    version = ".".join(str(number) for number in reading.DOCUMENT_VERSION)
    if document["version"] != version:
        what = f"the document is of version {document['version']}, and DOCUMENT_VERSION is {version}"
        yield Problem(SCREENS / "document.json", line_of(text, '"version"'), what, "fix it in handlers/reading.py")


def lengths() -> Iterator[Problem]:
    """As many rates and volumes as "slower" and "quieter" have levels, and each rate as the number that it is."""
    path = SKILL / "speech.py"
    text = path.read_text(encoding="utf-8")
    for name, levels in (("RATES", speech.RATES), ("VOLUMES", speech.VOLUMES), ("PACES", speech.PACES)):
        if len(levels) != state.LEVELS + 1:
            what = f"{name} has {len(levels)} levels, and LEVELS in conversation/state.py is {state.LEVELS}"
            yield Problem(path, line_of(text, f"{name} ="), what, "give it one more than LEVELS")
    for rate, pace in zip(speech.RATES, speech.PACES, strict=False):
        if rate != ("" if pace == 1 else f"{pace:.0%}"):
            yield Problem(path, line_of(text, "PACES ="), f"{pace} is not the pace of '{rate}'", "make them the same")


def played(contract: Contract, words: Words) -> Iterator[Problem]:
    """Every value of every slot of every intent, in every state that is reached without them: each has an answer."""
    spoken = [
        Event(reading.event_name(intent), {slot: value})
        for intent in contract.intents
        for slot in contract.slots_of(intent)
        for value in (*contract.slot_types.get(contract.slots[slot], ("3", "PT3M")), turn.UNKNOWN)
    ]
    queue = [state.NEW]
    reached, played_in, rendered = (set[tuple[object, ...]]() for _ in range(3))
    found: set[Problem] = set()
    while queue:
        here = queue.pop()
        situation = (here.place, here.urgency, here.asked == "which")  # what else was asked changes no value's meaning
        for event in (*map(Event, EVENTS), *(() if situation in played_in else spoken)):
            try:
                answer = respond(here, event, words)
                if (answer.say, answer.reprompt, answer.ask, answer.state.muscle) not in rendered:
                    speech.render(answer, words)
                rendered.add((answer.say, answer.reprompt, answer.ask, answer.state.muscle))
            except Exception as error:  # whatever it is, the person would hear that something broke
                found.add(_broken(error, event, here))
                continue
            then = answer.state
            step = (then.round, then.sets) if then.place in ("relief", "stuck", "stretch") else ()
            key = (then.place, then.asked, then.urgency, then.called, *step)
            if answer.ask and not event.slots and key not in reached:
                reached.add(key)
                queue.append(then)
        played_in.add(situation)
    yield from sorted(found)


def _broken(error: Exception, event: Event, here: state.State) -> Problem:
    """Where an answer broke: the line that the words lack, or the line of code."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, KeyError) and Path(frames[-1].filename).parent == Path(FOLDER):
        ref = str(error.args[0])
        path = Path(FOLDER, default_language(), f"{ref.partition('.')[0]}.toml")
        return Problem(path, 0, f"{ref} is missing", "add the line")
    said = " ".join([event.name, *(f"with {slot} '{value}'" for slot, value in event.slots.items())])
    what = f"{type(error).__name__} ({error}) answers {said} in '{here.place}'"
    return Problem(Path(frames[-1].filename), frames[-1].lineno or 0, what, "fix it, or add what it lacks")


def _texts(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _cues_in(node: ast.AST) -> Iterator[str]:
    """What is asked: ask="tip", what a function that makes a cue returns, the cue of a place."""
    match node:
        case ast.keyword(arg="ask") | ast.FunctionDef(returns=ast.Name(id="Cue")):
            yield from _texts(node)
        case ast.AnnAssign(target=ast.Name(id="CUE_OF_PLACE")):
            yield from _texts(node)


def _named_in(node: ast.AST) -> Iterator[tuple[str, str]]:
    """What the code reads by name, and the name.

    slots.get("part"), "part" in slots, slots["part"]; Event("Lost"), event.name == "Better"; state.place in ("tips",).
    """
    match node:
        case ast.Call(func=ast.Attribute(value=read, attr="get" | "setdefault"), args=[ast.Constant() as name, *_]):
            pass
        case ast.Compare(left=ast.Constant() as name, ops=[ast.In() | ast.NotIn()], comparators=[read]):
            pass
        case ast.Subscript(value=read, slice=ast.Constant() as name):
            pass
        case ast.Call(func=ast.Name(id="Event"), args=[ast.Constant() as name, *_]):
            read = ast.parse("event.name", mode="eval").body
        case ast.Compare(left=ast.Attribute() as read, comparators=[name]):
            pass
        case _:
            return
    yield from ((ast.unparse(read), each) for each in _texts(name))


if __name__ == "__main__":
    sys.exit(run("ids", __doc__, {"check": check}))

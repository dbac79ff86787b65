"""`python -m tools.exports build | dialog FILE`: this project's tests in Amazon's formats, and back.

build writes, for each locale, the dialogs of tests/dialogs/ as files for `ask dialog --replay` and the utterances of
tests/utterances/ as an NLU annotation set, in JSON and in CSV. dialog plays a replay file and prints a dialog test.
Exit code 0 if all is well, 1 if a file is not a replay.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from simulator.alexa import Alexa
from simulator.languages import UnknownLocaleError
from simulator.matching import shared_matcher
from simulator.model import locales
from simulator.replay import Replay, ReplayError, read_replay
from simulator.skill import local_skill
from simulator.smapi.nlu import write_csv
from simulator.ssml import words
from tools.cases import Dialog, dialogs, utterances
from tools.documents import Json
from tools.errors import ROOT
from tools.models.sources import first_locale

BUILD = ROOT / "build" / "ask"
PIECE = 6  # words of an answer that a dialog test made from a replay wants to hear


def replays(locale: str) -> Iterator[tuple[str, Replay]]:
    """Each dialog of a locale that ask-cli can play, with a name for its file.

    Those in the first locale of a language are for every one of it.

    Left out is what no text simulation can do: silence, and odd input that isn't text. Where no session is open, a bare
    sentence is put to the skill by name, because Alexa would take it for herself.
    """
    for dialog, lines in _playable():
        if dialog.locale in (locale, first_locale(locale)):
            yield f"{dialog.path.stem}-{_slug(dialog.name)}", Replay(locale, lines)


@cache
def _playable() -> list[tuple[Dialog, list[str]]]:
    return [(dialog, lines) for dialog in dialogs() if (lines := _addressed(dialog))]


def _addressed(dialog: Dialog) -> list[str]:
    """A dialog's lines with the skill's name where it is needed; empty if it can't be played, or would mean another."""
    alexa = Alexa(local_skill(), dialog.locale)
    name, ask = alexa.model.invocation_name, alexa.matcher.language.opening["ask"][0]
    lines = []
    for turn in dialog.turns:
        line = turn.get("you", "").strip()
        if not line.isprintable() or not line:
            return []
        if not alexa.listening and name not in line.lower():
            meant = alexa.matcher.match(line).intent
            line = f"{ask} {name} {line}"
            heard = alexa.hear(line)
            if heard.match is None or heard.match.intent != meant:
                return []
        else:
            alexa.hear(line)
        lines.append(line)
    return lines


def annotation_set(locale: str) -> list[Json]:
    """The test utterances of a locale, each with the intent and the spoken words of the slots that are expected."""
    return [*_annotated(locale.partition("-")[0]), *_annotated(locale)]


@cache
def _annotated(folder: str) -> list[Json]:
    matcher = shared_matcher(folder if "-" in folder else first_locale(folder))
    rows = []
    for its_folder, utterance, intent, _ in utterances():
        if its_folder != folder:
            continue
        slots = {name: {"value": slot.value} for name, slot in sorted(matcher.match(utterance).slots.items())}
        expected = {"name": intent, **({"slots": slots} if slots else {})}
        rows.append({"inputs": {"utterance": utterance}, "expected": [{"intent": expected}]})
    return rows


def build(folder: Path = BUILD) -> str:
    """Write everything under `folder`; returns a sentence about it."""
    counts = [0, 0]
    for locale in locales():
        target = folder / locale
        (target / "replays").mkdir(parents=True, exist_ok=True)
        for name, replay in replays(locale):
            (target / "replays" / f"{name}.json").write_text(replay.to_json(), encoding="utf-8")
            counts[0] += 1
        rows = annotation_set(locale)
        document = json.dumps({"data": rows}, indent=1, ensure_ascii=False) + "\n"
        (target / "annotations.json").write_text(document, encoding="utf-8")
        (target / "annotations.csv").write_text(write_csv(rows), encoding="utf-8")
        counts[1] += len(rows)
    return f"{counts[0]} replays and {counts[1]} annotated utterances in {len(locales())} locales, under {folder}"


def as_dialog(replay: Replay, name: str) -> str:
    """A dialog test, as TOML, that wants to hear what is said to the lines of a replay today.

    Raises UnknownLocaleError if the skill has no model for its locale.
    """
    alexa = Alexa(local_skill(), replay.locale)
    turns = []
    for line in replay.lines:
        exchange = alexa.hear(line)
        said = words(exchange.speech).split() if exchange.speech else []
        fields = [f"you = {_quoted(line)}"]
        if said:
            fields.append(f"alexa = [{_quoted('^' + ' '.join(said[:PIECE]))}]")
        if not exchange.open:
            fields.append("ends = true")
        turns.append(f"  {{ {', '.join(fields)} }},\n")
    locale = "" if replay.locale == first_locale(replay.locale) else f'locale = "{replay.locale}"\n'
    return f"[[dialog]]\nname = {_quoted(name)}\n{locale}turn = [\n{''.join(turns)}]\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.exports", description=__doc__.partition("\n")[2])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write replays and annotation sets into build/ask/")
    dialog = commands.add_parser("dialog", help="turn a replay file into a dialog test")
    dialog.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "build":
        print(build())
        return 0
    try:
        print(as_dialog(read_replay(options.file), options.file.stem), end="")
    except (ReplayError, UnknownLocaleError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tools.models build | check | sample INTENT | match "UTTERANCE"`.

build compiles interaction-models/ into skill-package/; check refuses what build must not ship.
Exit code 0 if all is well, 1 if a source is wrong (one line each: file, line, fix), 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys

from cramp_coach.words import default_language
from simulator.matching import Matcher
from simulator.model import parse_model
from tools.errors import SourceError, complain
from tools.models.checks import check_all
from tools.models.compiler import LEXICON, compile_all, compile_lexicons, compile_locale, write_all
from tools.models.sources import folders, read_contract, read_languages


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.models", description=__doc__.partition("\n")[2])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="compile the models into skill-package/")
    commands.add_parser("check", help="refuse drift, conflicts and untested templates")
    sample = commands.add_parser("sample", help="print the samples of an intent")
    sample.add_argument("intent")
    match = commands.add_parser("match", help="say what an utterance is taken for")
    match.add_argument("utterance")
    options = parser.parse_args(arguments)
    try:
        contract = read_contract()
        if options.command == "check":
            return complain(lambda: check_all(contract, folders()))
        languages = read_languages(contract)
        if options.command == "build":
            changed = write_all(compile_all(contract, languages))
            changed += write_all(compile_lexicons(contract, languages), LEXICON)
            print(f"models: {', '.join(changed) if changed else 'nothing'} changed")
        elif options.command == "sample":
            for language in languages:
                for template in language.templates:
                    if template.intent == options.intent:
                        print("\n".join(template.samples))
        else:
            language = next(one for one in languages if one.name == default_language())
            model = compile_locale(contract, language, language.locales[0])
            print(Matcher(parse_model(language.locales[0], model)).match(options.utterance))
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

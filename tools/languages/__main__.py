"""`python -m tools.languages show LANGUAGE | translated LANGUAGE LINE... | check`: a language, from begun to published.

show begins what a language lacks, and says what each of the ten steps of docs/languages.md still needs (with --all,
every single thing); translated notes that lines were translated from the English of today; check refuses what no other
check finds. Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import argparse
import sys

from cramp_coach.words import default_language
from tools.errors import complain
from tools.languages import complete, translation
from tools.languages.skeleton import begin, locales

SHOWN = 3  # problems of a step


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.languages", description=__doc__.partition("\n")[2])
    commands = parser.add_subparsers(dest="command", required=True)
    show = commands.add_parser("show", help="begin a language, and list what it lacks")
    show.add_argument("language", help="such as fr")
    show.add_argument("--all", action="store_true", help="list everything that is missing")
    noting = commands.add_parser("translated", help="note what was translated from the English of today")
    noting.add_argument("language")
    noting.add_argument(
        "lines", nargs="*", help="names of lines, or how they begin (calf, calf.standing.1); all of them"
    )
    commands.add_parser("check", help="refuse what no other check finds")
    options = parser.parse_args(arguments)
    if options.command == "show":
        if not locales(options.language):
            why = f"Alexa has no locale of '{options.language}': interaction-models/locales.toml lists them."
            print(why, file=sys.stderr)
            return 1
        return report(options.language, everything=options.all)

    def note() -> None:
        print(f"{translation.translated(options.language, options.lines)} lines noted")

    return complain(complete.check if options.command == "check" else note)


def report(language: str, *, everything: bool = False) -> int:
    """Begin what a language lacks and print what each step needs; returns the exit code."""
    if language != default_language():
        begun = begin(language)
        print(f"begun: {len(begun)} files" if begun else f"every file of {language} is there")
    left = 0
    for number, (step, problems) in enumerate(complete.missing(language), start=1):
        left += len(problems)
        how_far = f"{len(problems)} left" if problems else "done"
        print(f"{number:>2}. {step.title:<40}{how_far:>12}   {step.files.format(language)}")
        for problem in problems if everything else problems[:SHOWN]:
            print(f"      {problem}")
    if language == default_language():
        return int(left > 0)
    stale = [] if left else list(translation.stale(language))
    for problem in stale:
        print(f"      stale: {problem}")
    print(f"{language} is {'not complete' if left else translation.state(language)}.", end="")
    print("" if left else "".join(f" It needs {role}." for role in translation.unread(language)))
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())

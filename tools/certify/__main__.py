"""`python -m tools.certify [--submit]`: Amazon's rules for a skill, each passed, failed, or for a person to do.

Exit code 0 if none failed, 1 if one did, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from tools.certify import functional, languages, model, policy, security, store_page, voice  # noqa: F401 - they register rules
from tools.certify.evidence import Evidence
from tools.certify.rules import AREAS, FAILED, FOR_A_PERSON, PASSED, Row, rows
from tools.errors import SourceError
from tools.store.skill_package import read_package

MAX_NOTES = 5


def table(found: Iterable[Row]) -> str:
    """The rows as text, an area at a time, each with what is wrong or to be done."""
    lines: list[str] = []
    found = sorted(found, key=lambda row: AREAS.index(row.area))
    for area, in_area in groupby(found, key=lambda row: row.area):
        lines += ["", area.upper()]
        for row in in_area:
            lines.append(f"  {row.status:<7} {row.rule} [{row.source}]")
            lines += [f"          - {note}" for note in row.notes[:MAX_NOTES]]
            if len(row.notes) > MAX_NOTES:
                lines.append(f"          - and {len(row.notes) - MAX_NOTES} more")
    counts = Counter(row.status for row in found)
    total = f"{counts[PASSED]} passed, {counts[FAILED]} failed, {counts[FOR_A_PERSON]} for a person."
    return "\n".join([*lines, "", total]).lstrip()


def main(arguments: list[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.certify", description=__doc__.partition("\n")[2])
    parser.add_argument("--submit", action="store_true", help="ask for all that a submission needs, addresses included")
    options = parser.parse_args(arguments)
    try:
        package = read_package()
        found = list(
            rows(*(Evidence(package, language=language, submit=options.submit) for language in package.languages))
        )
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    return 1 if any(row.status == FAILED for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())

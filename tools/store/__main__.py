"""`python -m tools.store build | check`: the store page.

build makes skill-package/skill.json and the icons of store/; check refuses what must not be deployed.
Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tools.errors import Problem, complain
from tools.store.checks import check_all
from tools.store.icons import draw_icons, write_icons
from tools.store.manifest import compile_manifest, write_manifest
from tools.store.skill_package import read_package


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.store", description=__doc__.partition("\n")[2])
    parser.add_argument("command", choices=["build", "check"])
    options = parser.parse_args(arguments)

    def problems() -> Iterator[Problem]:
        if options.command == "check":
            yield from check_all(read_package())
        else:
            build()

    return complain(problems)


def build() -> None:
    """Make what is made of store/, and say what changed. Raises SourceError."""
    changed = write_icons(draw_icons())
    changed += ["skill.json"] if write_manifest(compile_manifest()) else []
    print(f"store: {', '.join(changed) if changed else 'nothing'} changed")


if __name__ == "__main__":
    sys.exit(main())

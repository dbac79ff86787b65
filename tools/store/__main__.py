"""`python -m tools.store build | check`: the store page.

build makes skill-package/skill.json and the icons of store/; check refuses what must not be deployed.
Exit code 0 if all is well, 1 if not: one line a problem, with file, line and fix.
"""

from __future__ import annotations

import sys

from tools.errors import run
from tools.store.checks import check_all
from tools.store.icons import draw_icons, write_icons
from tools.store.manifest import compile_manifest, write_manifest
from tools.store.skill_package import read_package


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    does = __doc__.partition("\n")[2]
    return run("store", does, {"build": build, "check": lambda: check_all(read_package())}, arguments)


def build() -> None:
    """Make what is made of store/, and say what changed. Raises SourceError."""
    changed = write_icons(draw_icons())
    changed += ["skill.json"] if write_manifest(compile_manifest()) else []
    print(f"store: {', '.join(changed) if changed else 'nothing'} changed")


if __name__ == "__main__":
    sys.exit(main())

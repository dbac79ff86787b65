"""Reading TOML sources so that a mistake is named with its file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tools.errors import Problem, SourceError


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The document in `path` and its text. Raises SourceError if it is missing, not UTF-8 or not TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError(Problem(path, 0, "file is missing", "restore it")) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(Problem(path, line, "not UTF-8", "save the file as UTF-8")) from None
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        what = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise SourceError(Problem(path, line, f"not TOML: {what}", "mend the syntax there")) from None

"""Replay files, as `ask dialog --replay` reads and `ask dialog --save-skill-io`'s user writes them.

`{"skillId": "...", "locale": "en-US", "type": "text", "userInput": ["open cramp coach", ..., ".quit"]}`: without the
last line ask-cli would wait for somebody to type. It knows no silence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from simulator.envelope import APPLICATION_ID

QUIT = ".quit"


class ReplayError(ValueError):
    """A file that is not a replay."""


@dataclass(frozen=True)
class Replay:
    """What someone says to a skill in one locale, line by line."""

    locale: str
    lines: list[str]
    skill_id: str = APPLICATION_ID

    def to_json(self) -> str:
        """The text of the file."""
        document = {
            "skillId": self.skill_id,
            "locale": self.locale,
            "type": "text",
            "userInput": [*self.lines, QUIT],
        }
        return json.dumps(document, indent=2) + "\n"


def read_replay(path: Path) -> Replay:
    """The replay in `path`. Raises ReplayError, whose text names the file and what is wrong with it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ReplayError(f"{path}: {error.strerror}; name a file that can be read") from None
    except (ValueError, RecursionError):
        raise ReplayError(f"{path}: not JSON in UTF-8; record it again") from None
    if not isinstance(document, dict):
        raise ReplayError(f"{path}: no replay; it must be an object with locale and userInput")
    locale, lines = document.get("locale"), document.get("userInput")
    if not isinstance(locale, str) or not locale:
        raise ReplayError(f"{path}: no locale; add one such as en-US")
    if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() for line in lines):
        raise ReplayError(f"{path}: userInput must be a list of lines, none of them blank")
    said = lines[: lines.index(QUIT)] if QUIT in lines else lines
    return Replay(locale, said, str(document.get("skillId") or APPLICATION_ID))

"""The skill package as Amazon receives it, read from its files."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.errors import ROOT, Problem, SourceError, line_of

Json = dict[str, Any]

PACKAGE = ROOT / "skill-package"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class SkillPackage:
    """A skill package: the manifest, the interaction models by locale, the task definitions by name and version."""

    folder: Path
    manifest_text: str
    manifest: Json
    models: dict[str, Json]
    tasks: dict[str, Json]

    @property
    def manifest_path(self) -> Path:
        """Where the manifest stands."""
        return self.folder / "skill.json"

    def model_path(self, locale: str) -> Path:
        """Where a locale's model stands."""
        return self.folder / "interactionModels" / "custom" / f"{locale}.json"

    @property
    def pages(self) -> dict[str, Json]:
        """The store page of each locale."""
        return table(table(self.manifest.get("publishingInformation")).get("locales"))

    @property
    def custom(self) -> Json:
        """What the manifest says about the custom skill: interfaces, tasks, endpoint."""
        return table(table(self.manifest.get("apis")).get("custom"))

    @property
    def privacy(self) -> Json:
        """Privacy and compliance."""
        return table(self.manifest.get("privacyAndCompliance"))

    def problem(self, needle: str, what: str, mend: str) -> Problem:
        """A problem in the manifest, at the first line that holds `needle`."""
        return Problem(self.manifest_path, line_of(self.manifest_text, needle), what, mend)


def read_package(folder: Path = PACKAGE) -> SkillPackage:
    """The package in `folder`. Raises SourceError for a file that is missing or no JSON object."""
    manifest, text = read_json(folder / "skill.json")
    models = {
        path.stem: read_json(path)[0] for path in sorted((folder / "interactionModels" / "custom").glob("*.json"))
    }
    tasks = {path.stem: read_json(path)[0] for path in sorted((folder / "tasks").glob("*.json"))}
    return SkillPackage(folder, text, table(manifest.get("manifest")), models, tasks)


def read_json(path: Path) -> tuple[Json, str]:
    """A JSON object and its text. Raises SourceError."""
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
    except FileNotFoundError:
        raise SourceError(Problem(path, 0, "file is missing", "restore it")) from None
    except UnicodeDecodeError:
        raise SourceError(Problem(path, 0, "not UTF-8", "save the file as UTF-8")) from None
    except json.JSONDecodeError as error:
        raise SourceError(Problem(path, error.lineno, f"not JSON: {error.msg}", "mend the syntax there")) from None
    if not isinstance(document, dict):
        raise SourceError(Problem(path, 1, "not a JSON object", "restore it"))
    return document, text


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels. Raises SourceError if it is missing or none."""
    if not path.is_file():
        raise SourceError(Problem(path, 0, "file is missing", "run make store"))
    head = path.read_bytes()[:24]
    if len(head) < 24 or not head.startswith(PNG):
        raise SourceError(Problem(path, 0, "not a PNG image", "run make store"))
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def table(value: object) -> Json:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in texts(item)]


def quoted(text: str) -> list[str]:
    """What a text says that one can say: everything in double quotes."""
    return re.findall(r'"([^"]+)"', text)

"""The skill package as Amazon receives it, read from its files."""

from __future__ import annotations

import dataclasses
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from tools.documents import Json, read_json, table
from tools.errors import ROOT, Problem, SourceError, line_of

PACKAGE = ROOT / "skill-package"
STORE = ROOT / "store"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class SkillPackage:
    """A skill package: the manifest, the interaction models by locale, the task definitions by name and version."""

    folder: Path
    manifest_text: str
    manifest: Json
    models: dict[str, Json]
    tasks: dict[str, Json]
    language: str = ""  # where it is the package of one language alone

    def of(self, language: str) -> SkillPackage:
        """The same package with the models and pages of one language."""

        def own(locales: Json) -> Json:
            return {locale: each for locale, each in locales.items() if locale.partition("-")[0] == language}

        manifest = dict(self.manifest)
        for key in ("publishingInformation", "privacyAndCompliance"):
            if "locales" in (part := table(manifest, key)):
                manifest[key] = {**part, "locales": own(table(part, "locales"))}
        return dataclasses.replace(self, manifest=manifest, models=own(self.models), language=language)

    @property
    def languages(self) -> list[str]:
        """The languages that it has a model or a page in."""
        return sorted({locale.partition("-")[0] for locale in (*self.models, *self.pages)})

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
        return table(self.manifest, "publishingInformation", "locales")

    @property
    def custom(self) -> Json:
        """What the manifest says about the custom skill: interfaces, tasks, endpoint."""
        return table(self.manifest, "apis", "custom")

    @property
    def privacy(self) -> Json:
        """Privacy and compliance."""
        return table(self.manifest, "privacyAndCompliance")

    def problem(self, needle: str, what: str, fix: str) -> Problem:
        """A problem in the manifest, at the line of store/ that `needle`, a field or a text of it, comes from.

        What store/ doesn't say stands in the manifest itself.
        """
        field = needle.strip('"')
        named = re.compile(
            rf"^({re.escape(re.sub('(?=[A-Z])', '_', field).lower())}|{re.escape(field)}) =", re.MULTILINE
        )
        own = (f"{self.language}.toml", "owner.toml", "skill.toml") if self.language else ("*.toml",)
        for path in sorted(path for name in own for path in STORE.glob(name)):
            text = path.read_text(encoding="utf-8")
            found = named.search(text)
            if line := text.count("\n", 0, found.start()) + 1 if found else line_of(text, needle):
                return Problem(path, line, what, fix)
        return Problem(self.manifest_path, line_of(self.manifest_text, needle), what, fix)


def read_package(folder: Path = PACKAGE) -> SkillPackage:
    """The package in `folder`. Raises SourceError for a file that is missing or not a JSON object."""
    manifest, text = read_json(folder / "skill.json")
    models = {
        path.stem: read_json(path)[0] for path in sorted((folder / "interactionModels" / "custom").glob("*.json"))
    }
    tasks = {path.stem: read_json(path)[0] for path in sorted((folder / "tasks").glob("*.json"))}
    return SkillPackage(folder, text, table(manifest, "manifest"), models, tasks)


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels. Raises SourceError if it is missing or none."""
    if not path.is_file():
        raise SourceError(path, 0, "file is missing", "run make store")
    head = path.read_bytes()[:24]
    if len(head) < 24 or not head.startswith(PNG):
        raise SourceError(path, 0, "not a PNG image", "run make store")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def quoted(text: str) -> list[str]:
    """What a text says that one can say: everything in double quotes."""
    return re.findall(r'"([^"]+)"', text)

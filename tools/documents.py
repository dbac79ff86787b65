"""Reading TOML and JSON sources so that a mistake is named with its file and line."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tools.errors import SourceError, line_of

Json = dict[str, Any]


def read_toml(path: Path) -> tuple[Json, str]:
    """The document in `path` and its text. Raises SourceError if it is missing, not UTF-8 or not TOML."""
    text = _text(path)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        what = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise SourceError(path, line, f"not TOML: {what}", "fix the syntax there") from None


def read_fields(path: Path, *names: str) -> Json:
    """The document in `path`, which has these fields and no other. Raises SourceError."""
    document, text = read_toml(path)
    for name in document.keys() - set(names):
        line = line_of(text, f"{name} =", f"[{name}]")
        raise SourceError(path, line, f"unknown field '{name}'", f"use {', '.join(names)}")
    for name in names:
        if name not in document:
            raise SourceError(path, 0, f"{name} is missing", f"write {name} = ...")
    return document


def read_json(path: Path) -> tuple[Json, str]:
    """The object in `path` and its text. Raises SourceError if it is missing, not UTF-8 or not a JSON object."""
    text = _text(path)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(path, error.lineno, f"not JSON: {error.msg}", "fix the syntax there") from None
    if not isinstance(document, dict):
        raise SourceError(path, 1, "not a JSON object", "restore it")
    return document, text


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError(path, 0, "file is missing", "restore it") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(path, line, "not UTF-8", "save the file as UTF-8") from None


def write_changed(path: Path, content: str | bytes) -> bool:
    """Write a file, and its folder, unless it holds that already; returns whether it didn't."""
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def table(document: object, *keys: str) -> Json:
    """The object under those keys, one within the other; an empty one where there is none."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def strings(document: Any) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(document, str):
        return [document]
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return [text for item in inner for text in strings(item)]

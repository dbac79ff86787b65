"""Skill validation: the checks of `make certify`, held against the package as it was imported last.

They take the better part of a minute, and need the packages of `make test`, so they are a program of their own:
`python -m simulator.smapi.validations FOLDER` prints what they found in a skill package as JSON.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
import uuid
from concurrent.futures import Future
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, current_app, g, jsonify

from simulator.model import ROOT
from simulator.skill import Json
from simulator.smapi.background import in_background
from simulator.smapi.errors import SmapiError, bad_request, body_of_request, known_locale, not_found
from simulator.smapi.packages import MANIFEST, Skill, keep, the_skill

NEWEST = "mostRecent"  # Amazon's word for the validation that was submitted last
MAX_KEPT = 50
MAX_RUN_SECONDS = 600  # seconds


class CheckError(Exception):
    """A package that can't be checked at all; the message says why."""


routes = Blueprint("validations", __name__, url_prefix="/v1/skills/<skill_id>/stages/<stage>/validations")


def kept() -> dict[str, tuple[str, Future[list[Json]]]]:
    """The validations of the current app: of which skill, and what was found, by id. The newest are kept."""
    found: dict[str, tuple[str, Future[list[Json]]]] = current_app.extensions.setdefault("validations", {})
    return found


@routes.post("")
def submit() -> tuple[Response, int]:
    """Begin to check a skill."""
    skill = the_skill()
    wanted = body_of_request().get("locales")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("locales must be a list of locales.", "MISSING_REQUIRED_PROPERTY")
    for locale in wanted:
        known_locale(locale, skill.locales)
    if any(not checked.done() for _, checked in kept().values()):
        raise SmapiError(HTTPStatus.CONFLICT, "RESOURCE_CONFLICT", "Another validation is in progress.")
    validation_id = str(uuid.uuid4())
    keep(kept(), validation_id, (g.skill_id, in_background(check, skill)), MAX_KEPT)
    return jsonify(id=validation_id, status="IN_PROGRESS"), HTTPStatus.ACCEPTED


@routes.get("/<validation_id>")
def get(validation_id: str) -> Response:
    """How it went."""
    ours = [key for key, (owner, _) in kept().items() if owner == g.skill_id]
    if validation_id == NEWEST and ours:
        validation_id = ours[-1]
    if validation_id not in ours:
        raise not_found("validation")
    return jsonify(id=validation_id, **outcome(kept()[validation_id][1]))


def outcome(checked: Future[list[Json]]) -> Json:
    """The status of a validation, and its result when it is over."""
    if not checked.done():
        return {"status": "IN_PROGRESS"}
    if error := checked.exception():
        return {"status": "FAILED", "result": {"error": {"code": "VALIDATION_NOT_POSSIBLE", "message": str(error)}}}
    rows = checked.result()
    failed = any(row["status"] == "FAILED" for row in rows)
    return {"status": "FAILED" if failed else "SUCCESSFUL", "result": {"validations": rows}}


def check(skill: Skill) -> list[Json]:
    """The rows of `make certify` that a machine can decide, as Amazon's class reads them. Raises CheckError."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        files = {**skill.files, MANIFEST: json.dumps(skill.manifest).encode()}
        try:
            for name, content in files.items():
                path = (folder / name).resolve()
                if not path.is_relative_to(folder):
                    raise CheckError(f"{name} would lie outside of the package.")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except (OSError, ValueError):
            raise CheckError("The package has names that are none for files.") from None
        command = [sys.executable, "-m", "simulator.smapi.validations", str(folder)]
        try:
            run = subprocess.run(  # noqa: S603 - this module, with a folder of its own
                command, cwd=ROOT, capture_output=True, text=True, timeout=MAX_RUN_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise CheckError(f"The checks were not done after {MAX_RUN_SECONDS} seconds.") from None
        if run.returncode:
            said = run.stderr.strip().splitlines() or ["The checks stopped without a word."]
            raise CheckError(said[-1].replace(f"{folder}/", ""))
        rows: list[Json] = json.loads(run.stdout.replace(f"{folder}/", ""))
        return rows


def main(folder: str) -> int:
    """Print the rows for the package in `folder`; returns the exit code."""
    try:
        certify = importlib.import_module("tools.certify.__main__")
    except ImportError as error:
        print(f"The checks need {error.name}: run make certify once, which installs it.", file=sys.stderr)
        return 1
    try:
        rows = list(certify.rows(certify.Evidence(certify.read_package(Path(folder)))))
    except certify.SourceError as error:
        print(error, file=sys.stderr)
        return 1
    found = [
        {
            "title": row.rule,
            "description": "\n".join(row.notes) or f"As in Amazon's page: {row.source}",
            "category": row.area.replace(" ", "."),
            "importance": "REQUIRED",
            "status": "FAILED" if row.status == certify.FAILED else "SUCCESSFUL",
        }
        for row in rows
        if row.status != certify.FOR_A_PERSON
    ]
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

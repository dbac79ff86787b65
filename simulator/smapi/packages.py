"""Skill packages as Amazon's Skill Management API takes them: upload, import, manifest, enablement.

As much of it as `ask deploy` calls. A package is kept in memory as it came, for a test to compare; it is
looked into as far as a zip with a manifest and a model for each of its locales goes, and no model is built.
Memory is bounded: of each kind of thing the latest are kept, and the skill of this checkout always.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request, url_for

from simulator.envelope import APPLICATION_ID
from simulator.skill import Json, table
from simulator.smapi.errors import SmapiError, bad_request, explain, look_up, not_found

MANIFEST = "skill.json"
STAGE = "development"  # the one stage there is
MAX_BYTES = 4 * 1024 * 1024  # of an upload; a package with its images has one or two million ...
MAX_UNPACKED = 8 * 1024 * 1024  # ... or three, unpacked
MAX_FILES = 500
MAX_KEPT = 8  # uploads, and skills
MAX_IMPORTS = 100
MODELS = "interactionModels/custom/"

Kept = TypeVar("Kept")
Accepted = tuple[str, int, dict[str, str]]  # and where to look how it went

routes = Blueprint("packages", __name__)


class UnreadableError(Exception):
    """A package that can't be unpacked; the text says why."""


@dataclass
class Skill:
    """A skill as imported last: the files of its package by name, and its manifest, which can be put by itself."""

    files: dict[str, bytes]
    manifest: Json
    enabled: bool = False

    @property
    def locales(self) -> list[str]:
        """The locales that it has a model for."""
        return _model_locales(self.files)


@dataclass
class Packages:
    """What was uploaded and imported, by id. `uploads` are None until their bytes arrive."""

    uploads: dict[str, bytes | None] = field(default_factory=dict)
    imports: dict[str, Json] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)


def serve_packages(app: Flask, **skills: Skill) -> Packages:
    """Let `app` take packages, with `skills` imported by their ids, and refuse what is about another skill or stage."""
    app.extensions["packages"] = made = Packages(skills=skills)
    app.register_error_handler(SmapiError, explain)
    app.url_value_preprocessor(_take_skill)
    app.before_request(_check_skill)
    app.register_blueprint(routes)
    return made


def _take_skill(endpoint: str | None, values: dict[str, Any] | None) -> None:
    values = {} if values is None else values
    g.skill_id, g.stage = values.pop("skill_id", None), values.pop("stage", STAGE)


def _check_skill() -> None:
    if g.skill_id is not None:
        the_skill()
        known_stage(g.stage)


def the_skill() -> Skill:
    """The skill that the request is about. Raises SmapiError if there is none."""
    return look_up(kept().skills, g.skill_id, "skill")


def known_stage(stage: str) -> str:
    """The stage, if it is simulated. Raises SmapiError."""
    if stage != STAGE:
        raise not_found(f"stage: {stage!r} is not simulated, {STAGE} is")
    return stage


def kept() -> Packages:
    """The packages of the current app."""
    found: Packages = current_app.extensions["packages"]
    return found


@routes.post("/v1/skills/uploads")
def create_upload() -> tuple[Response, int]:
    """An address to put a package to. A real one lasts 15 minutes, this one until there are many newer ones."""
    upload = str(uuid.uuid4())
    keep(kept().uploads, upload, None, MAX_KEPT)
    address = url_for("packages.put_upload", upload=upload, _external=True)
    return jsonify(uploadUrl=address, expiresAt="2099-01-01T00:00:00.000Z"), HTTPStatus.CREATED


@routes.put("/uploads/<upload>")
def put_upload(upload: str) -> tuple[str, int]:
    """Take the bytes of a package."""
    look_up(kept().uploads, upload, "upload")
    content = request.get_data()
    if len(content) > MAX_BYTES:
        raise SmapiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "REQUEST_ENTITY_TOO_LARGE", f"At most {MAX_BYTES} bytes.")
    kept().uploads[upload] = content
    return "", HTTPStatus.OK


@routes.post("/v1/skills/imports")
def create_skill() -> Accepted:
    """Make a skill of an uploaded package."""
    if not _body().get("vendorId"):
        raise bad_request("A new skill needs a vendorId.", "MISSING_REQUIRED_PROPERTY")
    return _import(f"amzn1.ask.skill.{uuid.uuid4()}")


@routes.post("/v1/skills/<skill_id>/imports")
def update_skill() -> Accepted:
    """Give a skill another package."""
    return _import(g.skill_id)


@routes.get("/v1/skills/imports/<import_id>")
def import_status(import_id: str) -> Response:
    """How an import went. It is over before anybody can ask."""
    return jsonify(look_up(kept().imports, import_id, "import"))


@routes.put("/v1/skills/<skill_id>/stages/<stage>/manifest")
def put_manifest() -> Accepted:
    """Take a manifest without a package, as ask-cli does once it knows the endpoint."""
    if not isinstance(_body().get("manifest"), dict):
        raise bad_request("The body has no manifest.", "MISSING_REQUIRED_PROPERTY")
    the_skill().manifest = _body()
    return "", HTTPStatus.ACCEPTED, {"Location": f"/v1/skills/{g.skill_id}/status?resource=manifest"}


@routes.get("/v1/skills/<skill_id>/stages/<stage>/manifest")
def get_manifest() -> Response:
    """The manifest as it was put last."""
    return jsonify(the_skill().manifest)


@routes.get("/v1/skills/<skill_id>/status")
def skill_status() -> Response:
    """Manifest and models are taken as soon as they arrive."""
    done = {"lastUpdateRequest": {"status": "SUCCEEDED"}}
    models = dict.fromkeys(the_skill().locales, done)
    return jsonify(manifest=done, interactionModel=models)


@routes.route("/v1/skills/<skill_id>/stages/<stage>/enablement", methods=["GET", "PUT", "DELETE"])
def enablement() -> tuple[str, int]:
    """Whether a skill is enabled: 204 if so. PUT enables it, DELETE ends that."""
    skill = the_skill()
    if request.method in ("PUT", "DELETE"):
        skill.enabled = request.method == "PUT"
    elif not skill.enabled:
        raise not_found("enablement")
    return "", HTTPStatus.NO_CONTENT


def _import(skill_id: str) -> Accepted:
    location = _body().get("location")
    content = kept().uploads.pop(location.rpartition("/")[2], None) if isinstance(location, str) else None
    if content is None:
        raise bad_request("The location is not where a package was put.", "INVALID_REQUEST_PARAMETER")
    import_id = str(uuid.uuid4())
    try:
        files = _files(content)
        errors = list(_errors(files))
    except UnreadableError as error:
        files, errors = {}, [str(error)]
    outcome = "FAILED" if errors else "SUCCEEDED"
    resources = [{"name": f"InteractionModel.{locale}", "status": outcome} for locale in _model_locales(files)]
    status: Json = {"status": outcome, "skill": {"skillId": skill_id, "resources": resources}}
    if errors:
        status["errors"] = [{"message": message} for message in errors]
    else:
        before = kept().skills.get(skill_id)
        skill = Skill(files, json.loads(files[MANIFEST]), enabled=bool(before and before.enabled))
        keep(kept().skills, skill_id, skill, MAX_KEPT)
    keep(kept().imports, import_id, status, MAX_IMPORTS)
    return "", HTTPStatus.ACCEPTED, {"Location": f"/v1/skills/imports/{import_id}"}


def keep(things: dict[str, Kept], key: str, value: Kept, most: int) -> None:
    """Put it among the things, at their end, and let go of the oldest beyond `most`; never of this checkout's skill."""
    things.pop(key, None)
    things[key] = value
    for old in [name for name in list(things) if name != APPLICATION_ID][:-most]:
        things.pop(old, None)


def _files(content: bytes) -> dict[str, bytes]:
    """The files of a package, by name. Raises UnreadableError if it is not a zip such as Amazon takes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise UnreadableError(f"The package has more than {MAX_FILES} files, or {MAX_UNPACKED} bytes in them.")
            for entry in entries:  # the others unpack without a limit
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise UnreadableError(f"{entry.filename} is packed in a way that is not simulated; use deflate.")
            return {entry.filename: archive.read(entry) for entry in entries}
    except UnreadableError:
        raise
    except Exception as error:  # of what is damaged, zipfile and what it stands on raise a dozen kinds
        raise UnreadableError(f"The package is not a zip that can be read: {error}.") from None


def _errors(files: dict[str, bytes]) -> Iterator[str]:
    """Why a package can't be imported."""
    parsed: Json = {}
    for name, content in files.items():
        if name.endswith(".json"):
            try:
                parsed[name] = json.loads(content)
            except (ValueError, RecursionError) as error:
                yield f"{name} is not JSON: {error}"
    try:
        declared = set(parsed[MANIFEST]["manifest"]["publishingInformation"]["locales"].keys())
    except (KeyError, TypeError, AttributeError):
        yield f"{MANIFEST} is missing or names no locales."
        return
    modelled = set(_model_locales(files))
    for locale in sorted(declared ^ modelled):
        missing = "interaction model" if locale in declared else "place in the manifest"
        yield f"The locale {locale} has no {missing}."


def _model_locales(files: dict[str, bytes]) -> list[str]:
    names = (name for name in files if name.startswith(MODELS) and name.endswith(".json"))
    return sorted(name.removeprefix(MODELS).removesuffix(".json") for name in names)


def _body() -> Json:
    return table(request.get_json(silent=True))

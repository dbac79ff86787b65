"""What an Amazon account has around its skills: a token, a vendor, the list of them, the model as it was built."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from simulator.skill import Json, table
from simulator.smapi.errors import SmapiError, bad_request, look_up, not_found, whole_number
from simulator.smapi.packages import MODELS, STAGE, Skill, kept, the_skill

VENDOR = "OFFLINE"
MAX_SKILLS = 50  # of one page
VERSION = "1"  # of a model: only the last is kept

routes = Blueprint("account", __name__)


@routes.post("/auth/o2/token")
def token() -> Response:
    """A token for whoever asks: nothing here is worth one."""
    return jsonify(access_token="offline", refresh_token="offline", token_type="bearer", expires_in=3600)  # noqa: S106


@routes.get("/v1/vendors")
def vendors() -> Response:
    """The one vendor."""
    return jsonify(vendors=[{"name": "Offline", "id": VENDOR, "roles": ["ROLE_ADMINISTRATOR"]}])


@routes.get("/v1/skills")
def skills() -> Response:
    """The skills that were imported, this checkout's among them."""
    if request.args.get("vendorId") != VENDOR:
        raise SmapiError(HTTPStatus.FORBIDDEN, "ACCESS_DENIED", f"The one vendor here is {VENDOR}.")
    wanted = {skill_id for value in request.args.getlist("skillId") for skill_id in value.split(",")}
    entries = [
        summary(skill_id, skill) for skill_id, skill in list(kept().skills.items()) if not wanted or skill_id in wanted
    ]
    start, most = whole_number("nextToken", 0), whole_number("maxResults", MAX_SKILLS)
    if not 1 <= most <= MAX_SKILLS:
        raise bad_request(f"maxResults must be from 1 to {MAX_SKILLS}.", "INVALID_INTEGER_VALUE")
    end = start + most
    more = {"nextToken": str(end)} if end < len(entries) else {}
    return jsonify(skills=entries[start:end], isTruncated=bool(more), **more)


def summary(skill_id: str, skill: Skill) -> Json:
    """What a list of skills says of one."""
    manifest = table(skill.manifest.get("manifest"))
    pages = table(table(manifest.get("publishingInformation")).get("locales"))
    return {
        "skillId": skill_id,
        "stage": STAGE,
        "apis": list(table(manifest.get("apis"))),
        "publicationStatus": "DEVELOPMENT",
        "nameByLocale": {locale: table(page).get("name") for locale, page in pages.items()},
    }


@routes.get("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>/versions")
def interaction_model_versions(locale: str) -> Response:
    """The one version of a model that is kept."""
    interaction_model(locale)
    link = {"self": {"href": f"{request.path}/{VERSION}"}}
    return jsonify(skillModelVersions=[{"version": VERSION, "_links": link}], isTruncated=False)


@routes.get("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>/versions/<version>")
def interaction_model_version(locale: str, version: str) -> Response:
    """The model of a locale in a version."""
    if version not in (VERSION, "~current"):
        raise not_found("version of that model")
    return interaction_model(locale)


@routes.get("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>")
def interaction_model(locale: str) -> Response:
    """The compiled model of a locale, as it is deployed."""
    content = look_up(the_skill().files, f"{MODELS}{locale}.json", "model for that locale")
    tag = hashlib.sha256(content).hexdigest()[:32]
    return Response(content, mimetype="application/json", headers={"ETag": tag})

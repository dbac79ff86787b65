"""ETag and If-Match: nobody overwrites what somebody else has changed since they read it."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus

from flask import Flask, Response, g, request

from simulator.smapi.errors import SmapiError
from simulator.smapi.packages import Skill, kept

READ = "packages.get_manifest"
CHANGED = ("packages.put_manifest", "packages.update_skill")


def heed_etags(app: Flask) -> None:
    """Let `app` give a skill that is read its ETag, and refuse (412) a change whose If-Match is another."""

    @app.before_request
    def refuse_what_has_changed() -> None:
        skill = _skill()
        if request.endpoint in CHANGED and request.if_match and skill and etag(skill) not in request.if_match:
            message = "The skill has changed since it was read: its ETag is not the one in If-Match."
            raise SmapiError(HTTPStatus.PRECONDITION_FAILED, "PRECONDITION_NOT_MET", message)

    @app.after_request
    def tag_what_is_read(response: Response) -> Response:
        skill = _skill()
        if request.endpoint == READ and response.status_code == HTTPStatus.OK and skill:
            response.headers["ETag"] = etag(skill)
        return response


def etag(skill: Skill) -> str:
    """What stands for the skill as it is now, manifest and package."""
    digest = hashlib.sha256(json.dumps(skill.manifest, sort_keys=True).encode())
    for name, content in sorted(skill.files.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _skill() -> Skill | None:
    return kept().skills.get(g.skill_id)

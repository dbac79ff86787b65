"""What an Amazon account has around a skill: a token, a vendor, the interaction model as it was built."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, jsonify, make_response

from simulator.smapi.errors import not_found
from simulator.smapi.packages import MODELS, found_skill

VENDOR = "OFFLINE"

account = Blueprint("account", __name__)


@account.post("/auth/o2/token")
def token() -> Response:
    """A token for whoever asks: nothing here is worth one."""
    return jsonify(access_token="offline", refresh_token="offline", token_type="bearer", expires_in=3600)  # noqa: S106


@account.get("/v1/vendors")
def vendors() -> Response:
    """The one vendor."""
    return jsonify(vendors=[{"name": "Offline", "id": VENDOR, "roles": ["ROLE_ADMINISTRATOR"]}])


@account.get("/v1/skills/<skill_id>/stages/<stage>/interactionModel/locales/<locale>")
def interaction_model(skill_id: str, stage: str, locale: str) -> Response:
    """The compiled model of a locale, as it is deployed."""
    content = found_skill(skill_id, stage).files.get(f"{MODELS}{locale}.json")
    if content is None:
        raise not_found("model for that locale")
    response = make_response(content)
    response.mimetype = "application/json"
    response.headers["ETag"] = hashlib.sha256(content).hexdigest()[:32]
    return response

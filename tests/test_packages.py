"""The stand-in for Amazon's import of skill packages: what it refuses, and how."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from simulator.envelope import APPLICATION_ID
from simulator.server import create_app
from simulator.smapi.packages import MAX_FILES, MAX_IMPORTS, MAX_KEPT, MAX_UNPACKED, Packages, serve_packages

MANIFEST = {"manifest": {"publishingInformation": {"locales": {"en-US": {"name": "Cramp Coach"}}}}}
MODEL = "interactionModels/custom/en-US.json"
GOOD = {"skill.json": json.dumps(MANIFEST), MODEL: "{}"}


@pytest.fixture
def smapi() -> FlaskClient:
    app = Flask("smapi")
    serve_packages(app)
    return app.test_client()


def zipped(files: dict[str, str], packing: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def imported(smapi: FlaskClient, content: bytes, skill_id: str = "") -> Any:
    """The status of an import of that package."""
    location = smapi.post("/v1/skills/uploads").get_json()["uploadUrl"]
    assert smapi.put(location.removeprefix("http://localhost"), data=content).status_code == 200
    path = f"/v1/skills/{skill_id}/imports" if skill_id else "/v1/skills/imports"
    response = smapi.post(path, json={"location": location, "vendorId": "M1"})
    assert response.status_code == 202
    return smapi.get(response.headers["Location"]).get_json()


def test_a_package_is_kept_as_it_came(smapi: FlaskClient) -> None:
    status = imported(smapi, zipped(GOOD))
    assert status["status"] == "SUCCEEDED"
    assert status["skill"]["resources"] == [{"name": "InteractionModel.en-US", "status": "SUCCEEDED"}]
    skill_id = status["skill"]["skillId"]
    kept: Packages = smapi.application.extensions["packages"]
    assert kept.skills[skill_id].files == {name: content.encode() for name, content in GOOD.items()}
    assert smapi.get(f"/v1/skills/{skill_id}/stages/development/manifest").get_json() == MANIFEST


def test_another_package_takes_its_place_and_the_skill_stays_enabled(smapi: FlaskClient) -> None:
    skill_id = imported(smapi, zipped(GOOD))["skill"]["skillId"]
    enablement = f"/v1/skills/{skill_id}/stages/development/enablement"
    assert smapi.get(enablement).status_code == 404
    assert smapi.put(enablement).status_code == 204
    assert imported(smapi, zipped({**GOOD, MODEL: '{"new": 1}'}), skill_id)["skill"]["skillId"] == skill_id
    assert smapi.get(enablement).status_code == 204
    kept: Packages = smapi.application.extensions["packages"]
    assert kept.skills[skill_id].files[MODEL] == b'{"new": 1}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no zip", "The package is not a zip that can be read: File is not a zip file."),
        (zipped({MODEL: "{}"}), "skill.json is missing or names no locales."),
        (zipped({**GOOD, "skill.json": "[]"}), "skill.json is missing or names no locales."),
        (zipped({**GOOD, "skill.json": "{"}), "skill.json is not JSON"),
        (zipped({**GOOD, MODEL: "{"}), f"{MODEL} is not JSON"),
        (zipped({"skill.json": GOOD["skill.json"]}), "The locale en-US has no interaction model."),
        (zipped({**GOOD, MODEL.replace("US", "GB"): "{}"}), "The locale en-GB has no place in the manifest."),
    ],
)
def test_a_package_that_is_wrong_fails_with_the_reason(smapi: FlaskClient, content: bytes, message: str) -> None:
    status = imported(smapi, content)
    assert status["status"] == "FAILED"
    assert any(message in error["message"] for error in status["errors"])
    assert smapi.application.extensions["packages"].skills == {}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/uploads/nobodys", b"x", 404),
        ("POST", "/v1/skills/imports", {"location": "http://localhost/uploads/nobodys"}, 400),  # no vendor
        ("POST", "/v1/skills/imports", {"location": "http://localhost/uploads/nobodys", "vendorId": "M1"}, 400),
        ("POST", "/v1/skills/imports", {"location": 3, "vendorId": "M1"}, 400),
        ("POST", "/v1/skills/imports", b"{", 400),
        ("POST", "/v1/skills/nobodys/imports", {"location": "x"}, 404),
        ("GET", "/v1/skills/imports/nobodys", None, 404),
        ("GET", "/v1/skills/nobodys/stages/development/manifest", None, 404),
        ("PUT", "/v1/skills/nobodys/stages/development/manifest", MANIFEST, 404),
        ("GET", "/v1/skills/nobodys/status", None, 404),
        ("PUT", "/v1/skills/nobodys/stages/development/enablement", None, 404),
    ],
)
def test_what_makes_no_sense_is_refused(smapi: FlaskClient, method: str, path: str, body: Any, status: int) -> None:
    given = {"data": body} if isinstance(body, bytes) else {"json": body}
    response = smapi.open(path, method=method, **given)
    assert response.status_code == status
    assert response.get_json()["message"]


def test_a_manifest_can_be_put_by_itself(smapi: FlaskClient) -> None:
    skill_id = imported(smapi, zipped(GOOD))["skill"]["skillId"]
    path = f"/v1/skills/{skill_id}/stages/development/manifest"
    assert smapi.put(path, json={"manifest": 3}).status_code == 400
    assert smapi.put(path, json={"manifest": {"new": 1}}).status_code == 202
    assert smapi.get(path).get_json() == {"manifest": {"new": 1}}
    assert (
        smapi.get(f"/v1/skills/{skill_id}/status").get_json()["manifest"]["lastUpdateRequest"]["status"] == "SUCCEEDED"
    )


@pytest.mark.parametrize("spoil", ["encrypted", "damaged", "nested", "locales"])
def test_a_package_that_cannot_be_read_is_a_failed_import(smapi: FlaskClient, spoil: str) -> None:
    files = {
        "nested": {**GOOD, "skill.json": "[" * 100_000},
        "locales": {**GOOD, "skill.json": '{"manifest": {"publishingInformation": {"locales": [1, "a"]}}}'},
    }.get(spoil, GOOD)
    content = bytearray(zipped(files))
    if spoil == "encrypted":  # the flag of it, in the directory at the end
        content[content.rindex(b"PK\x01\x02") + 8] |= 1
    if spoil == "damaged":
        content[content.index(b"skill.json") + 12] ^= 0xFF
    status = imported(smapi, bytes(content))
    assert status["status"] == "FAILED" and status["errors"][0]["message"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_with_any_byte_damaged_fails_with_a_reason_or_is_whole(smapi: FlaskClient, packing: int) -> None:
    whole, dice = zipped({**GOOD, "assets/\u00fc.txt": "x" * 200}, packing), random.Random(packing)
    for number in range(len(whole)):
        content = bytearray(whole)
        content[number] = dice.randrange(256)
        status = imported(smapi, bytes(content))
        assert status["status"] == "SUCCEEDED" or status["errors"][0]["message"]


def test_a_package_that_unpacks_without_end_is_refused_unread(smapi: FlaskClient) -> None:
    bombs = [
        zipped({**GOOD, "assets/bomb": "0" * (MAX_UNPACKED + 1)}, zipfile.ZIP_DEFLATED),
        zipped({**GOOD, "assets/bomb": "0" * 1000}, zipfile.ZIP_BZIP2),
        zipped({**GOOD, **{f"assets/{number}": "" for number in range(MAX_FILES)}}),
    ]
    for bomb in bombs:
        status = imported(smapi, bomb)
        assert status["status"] == "FAILED" and status["errors"][0]["message"]


def test_of_uploads_imports_and_skills_only_the_latest_are_kept() -> None:
    smapi = create_app().test_client()
    kept: Packages = smapi.application.extensions["packages"]
    for _ in range(MAX_KEPT * 2):
        smapi.post("/v1/skills/uploads")
    latest = [imported(smapi, zipped(GOOD))["skill"]["skillId"] for _ in range(MAX_IMPORTS + 1)][-MAX_KEPT:]
    assert len(kept.uploads) <= MAX_KEPT and len(kept.imports) == MAX_IMPORTS
    assert list(kept.skills) == [APPLICATION_ID, *latest]
    assert imported(smapi, zipped({**GOOD, MODEL: '{"new": 1}'}), latest[0])["status"] == "SUCCEEDED"
    assert imported(smapi, zipped(GOOD))["status"] == "SUCCEEDED"
    assert latest[0] in kept.skills and latest[1] not in kept.skills


def test_an_upload_is_no_longer_than_a_package(smapi: FlaskClient) -> None:
    address = smapi.post("/v1/skills/uploads").get_json()["uploadUrl"].removeprefix("http://localhost")
    response = smapi.put(address, data=b"x" * (5 * 1024 * 1024))
    assert response.status_code == 413 and response.get_json()["message"]


def test_a_byte_order_mark_is_read_past(smapi: FlaskClient) -> None:
    mark = b"\xef\xbb\xbf"
    status = imported(smapi, zipped({name: mark.decode() + content for name, content in GOOD.items()}))
    assert status["status"] == "SUCCEEDED"
    path = f"/v1/skills/{status['skill']['skillId']}/stages/development/manifest"
    assert (
        smapi.put(path, data=mark + json.dumps(MANIFEST).encode(), content_type="application/json").status_code == 202
    )

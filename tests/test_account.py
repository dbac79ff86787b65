"""What an account knows of its skills, and changing them: Amazon's command line, its classes, and what is refused."""

from __future__ import annotations

import importlib
import json
import re
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from ask_smapi_model.v1.skill.interaction_model.version.list_response import ListResponse
from ask_smapi_model.v1.skill.list_skill_response import ListSkillResponse
from ask_smapi_model.v1.skill.validations.validations_api_response import ValidationsApiResponse
from flask.testing import FlaskClient

from simulator.envelope import APPLICATION_ID
from simulator.server import create_app
from simulator.smapi import own_package, validations
from simulator.smapi.account import VENDOR
from simulator.smapi.nlu import read_csv
from tests.ask_cli import Ask, read
from tools.errors import ROOT
from tools.waiting import wait_for

SKILL = f"/v1/skills/{APPLICATION_ID}"
MANIFEST = f"{SKILL}/stages/development/manifest"
VERSIONS = f"{SKILL}/stages/development/interactionModel/locales/en-US/versions"
VALIDATIONS = f"{SKILL}/stages/development/validations"
SETS = f"{SKILL}/nluAnnotationSets"
LISTED = f"/v1/skills?vendorId={VENDOR}"


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


# --- Amazon's own command line ---


@pytest.mark.needs("node")
def test_ask_smapi_lists_the_skill_and_the_versions_of_its_model(ask: Ask) -> None:
    (skill,) = json.loads(ask("smapi", "list-skills-for-vendor"))["skills"]
    assert (skill["skillId"], skill["nameByLocale"]["en-GB"]) == (APPLICATION_ID, "Cramp Coach")
    place = ("-s", skill["skillId"], "-l", "en-GB")
    (version,) = json.loads(ask("smapi", "list-interaction-model-versions", *place))["skillModelVersions"]
    assert version["version"] == "1"
    listed = ask("smapi", "list-skills-for-vendor", "-s", f"{APPLICATION_ID},amzn1.ask.skill.nobody")
    assert len(json.loads(listed)["skills"]) == 1


@pytest.mark.needs("node")
def test_ask_smapi_gives_annotations_back_as_they_came(ask: Ask, tmp_path: Path) -> None:
    csv = "utterance,referenceTimestamp,intent,slot[muscle]\nmy calf,,CrampNowIntent,calf\nnext,,AMAZON.NextIntent,\n"
    path = tmp_path / "annotations.csv"
    path.write_text(csv, encoding="utf-8")
    skill = ("-s", APPLICATION_ID)
    made = ask("smapi", "create-nlu-annotation-set", *skill, "-l", "en-US", "--name", "two")
    which = (*skill, "--annotation-id", json.loads(made)["id"])
    ask(
        *("smapi", "update-annotations-for-nlu-annotation-sets", *which, "--content-type", "text/csv"),
        *("--update-nlu-annotation-set-annotations-request", f"file:{path}"),
    )
    get = ("smapi", "get-annotations-for-nlu-annotation-sets", *which, "--accept")
    assert ask(*get, "text/csv").split() == csv.split()
    assert len(json.loads(ask(*get, "application/json"))["data"]) == 2


@pytest.mark.needs("node")
def test_ask_smapi_changes_what_it_has_read_and_has_it_validated(ask: Ask, tmp_path: Path) -> None:
    place = ("-s", APPLICATION_ID, "-g", "development")
    response = json.loads(ask("smapi", "get-skill-manifest", *place, "--full-response"))
    tag = response["headers"]["etag"]
    manifest = response["body"]
    manifest["manifest"]["permissions"] = [{"name": "alexa::profile:email:read"}]
    path = tmp_path / "skill.json"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    put = ("smapi", "update-skill-manifest", *place, "--manifest", f"file:{path}", "--if-match")
    ask(*put, tag)
    assert "412" in ask(*put, tag, code=1)
    started = json.loads(ask("smapi", "submit-skill-validation", *place, "-l", "en-US,en-GB"))
    assert started["status"] == "IN_PROGRESS"

    def ended() -> Any:
        state = json.loads(ask("smapi", "get-skill-validations", *place, "-i", "mostRecent"))
        return state if state["status"] != "IN_PROGRESS" else None

    state = wait_for(ended, "the validation", seconds=1800, pause=10)
    assert (state["id"], state["status"]) == (started["id"], "FAILED"), state
    failed = [row for row in state["result"]["validations"] if row["status"] == "FAILED"]
    (health,) = [row for row in failed if row["title"].startswith("No health information")]
    assert "the manifest has permissions" in health["description"]
    assert len(failed) < len(state["result"]["validations"])


@pytest.mark.needs("node")
def test_the_docs_name_no_command_that_ask_cli_has_not(ask: Ask) -> None:
    page = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(?:npx ask smapi )?([a-z]+(?:-[a-z]+)+)(?: -[^`]*)?`", page)) - {"ask-cli"}
    known = set(re.findall(r"^\s+([a-z]+(?:-[a-z]+)+)", ask("smapi"), re.MULTILINE))
    assert len(told) > 10 and told <= known, told - known


# --- as Amazon's classes read it ---


def test_lists_are_what_amazons_classes_read(client: FlaskClient) -> None:
    listed = read(client.get(LISTED).json, ListSkillResponse)
    assert [skill.publication_status.value for skill in listed.skills] == ["DEVELOPMENT"]
    versions = read(client.get(VERSIONS).json, ListResponse)
    href = versions.skill_model_versions[0].links.object_self.href
    assert client.get(href).json == client.get(f"{VERSIONS}/~current").json != None  # noqa: E711 - not an error's
    assert client.get(f"{VERSIONS}/2").status_code == 404


def test_a_list_comes_in_pages(client: FlaskClient) -> None:
    client.application.extensions["packages"].skills["amzn1.ask.skill.second"] = own_package()
    first: Any = client.get(f"{LISTED}&maxResults=1").json
    second: Any = client.get(f"{LISTED}&maxResults=1&nextToken={first['nextToken']}").json
    assert [page["isTruncated"] for page in (first, second)] == [True, False] and "nextToken" not in second
    ids = [page["skills"][0]["skillId"] for page in (first, second)]
    assert ids == [APPLICATION_ID, "amzn1.ask.skill.second"]


@pytest.mark.parametrize(
    "manifest", [{}, {"publishingInformation": []}, {"publishingInformation": {"locales": {"x": 1}}}]
)
def test_a_manifest_that_is_none_is_listed_all_the_same(client: FlaskClient, manifest: Any) -> None:
    assert client.put(MANIFEST, json={"manifest": {**manifest, "apis": "custom"}}).status_code == 202
    assert client.get(LISTED).json["skills"][0]["apis"] == []  # type: ignore[index]


def test_a_change_of_what_was_not_read_is_refused(client: FlaskClient) -> None:
    tag = client.get(MANIFEST).headers["ETag"]
    changed = {"manifest": {"manifestVersion": "1.0"}}
    imports, location = f"{SKILL}/imports", {"location": "nowhere"}
    stale = {"If-Match": "older"}
    for refused in (
        client.put(MANIFEST, json=changed, headers=stale),
        client.post(imports, json=location, headers=stale),
    ):
        assert (refused.status_code, refused.json["code"]) == (412, "PRECONDITION_NOT_MET")  # type: ignore[index]
    assert client.get(MANIFEST).headers["ETag"] == tag
    assert client.post(imports, json=location, headers={"If-Match": tag}).status_code == 400  # looked at, and gone on
    for match, status in ((f'"{tag}"', 202), (tag, 412), ("*", 202), (f'W/"x", "{tag}"', 412)):
        assert client.put(MANIFEST, json=changed, headers={"If-Match": match}).status_code == status
    assert client.put(MANIFEST, json=changed).status_code == 202
    assert client.put(MANIFEST.replace(APPLICATION_ID, "nobody"), json=changed, headers=stale).status_code == 404


def test_a_row_with_two_intents_is_two_lines_of_csv(client: FlaskClient) -> None:
    annotation_id = client.post(SETS, json={"locale": "en-US", "name": "two"}).json["id"]  # type: ignore[index]
    path = f"{SETS}/{annotation_id}/annotations"
    time = "2026-01-10T03:00:00.000Z"
    expected = [{"intent": {"name": name}} for name in ("AMAZON.YesIntent", "AMAZON.NextIntent")]
    row = {"inputs": {"utterance": "go on, please", "referenceTimestamp": time}, "expected": expected}
    assert client.post(path, json={"data": [row]}).status_code == 200
    response = client.get(path, headers={"Accept": "text/csv"})
    assert response.mimetype == "text/csv"
    assert read_csv(response.data) == [{**row, "expected": [each]} for each in expected]
    row["inputs"] = {"utterance": "half a character: \ud83d"}
    assert client.post(path, json={"data": [row]}).status_code == 200
    assert b"half a character: ?" in client.get(path, headers={"Accept": "text/csv"}).data


# --- validations ---


ROW = {"title": "a", "description": "b", "category": "policy", "importance": "REQUIRED", "status": "SUCCESSFUL"}


@pytest.mark.parametrize(
    ("found", "status"),
    [([ROW], "SUCCESSFUL"), ([ROW, {**ROW, "status": "FAILED"}], "FAILED"), (validations.CheckError("why"), "FAILED")],
    ids=["kept", "broken", "not to be checked"],
)
def test_a_validation_is_what_amazons_class_reads(found: Any, status: str) -> None:
    checked: Future[Any] = Future()
    assert validations.outcome(checked) == {"status": "IN_PROGRESS"}
    if isinstance(found, Exception):
        checked.set_exception(found)
    else:
        checked.set_result(found)
    state = read({"id": "x", **validations.outcome(checked)}, ValidationsApiResponse)
    assert state.status.value == status
    if isinstance(found, Exception):
        assert state.result.error.message == "why"
    else:
        assert [row.status.value for row in state.result.validations] == [row["status"] for row in found]


def test_one_validation_at_a_time(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    done: Future[Any] = Future()
    monkeypatch.setattr(validations, "in_background", lambda *_: done)
    first = client.post(VALIDATIONS, json={"locales": ["en-US"]})
    assert first.status_code == 202
    assert client.post(VALIDATIONS, json={"locales": ["en-US"]}).status_code == 409
    done.set_result([ROW])
    state: Any = client.get(f"{VALIDATIONS}/{first.json['id']}").json  # type: ignore[index]
    assert (state["status"], state["result"]["validations"]) == ("SUCCESSFUL", [ROW])
    assert client.post(VALIDATIONS, json={"locales": ["en-US"]}).status_code == 202


@pytest.mark.parametrize("name", ["../outside", "/outside", "skill.json/inside", "a\0b"])
def test_a_package_whose_names_are_no_files_is_not_checked(name: str, tmp_path: Path) -> None:
    skill = own_package()
    skill.files = {"skill.json": b"{}", name: b""}
    with pytest.raises(validations.CheckError, match=r"lie outside|names that are none"):
        validations.check(skill)


def test_a_package_that_can_not_be_read_says_which_file(tmp_path: Path) -> None:
    skill = own_package()
    skill.files["tasks/CrampNow.1.json"] = b"{"
    with pytest.raises(validations.CheckError, match=r"^tasks/CrampNow.1.json:1: not JSON"):
        validations.check(skill)


def test_without_the_packages_of_the_checks_it_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name="hassil")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert validations.main("anywhere") == 1
    assert capsys.readouterr().err == "The checks need hassil: run make certify once, which installs it.\n"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/skills", None, 403),
        ("GET", f"{LISTED}&maxResults=0", None, 400),
        ("GET", f"{LISTED}&maxResults=51", None, 400),
        ("GET", f"{LISTED}&nextToken=x", None, 400),
        ("GET", VERSIONS.replace("en-US", "fr-FR"), None, 404),
        ("GET", VERSIONS.replace(APPLICATION_ID, "nobody"), None, 404),
        ("POST", VALIDATIONS, {}, 400),
        ("POST", VALIDATIONS, {"locales": "en-US"}, 400),
        ("POST", VALIDATIONS, {"locales": [["en-US"]]}, 400),
        ("POST", VALIDATIONS, {"locales": ["fr-FR"]}, 400),
        ("POST", VALIDATIONS.replace("development", "live"), {"locales": ["en-US"]}, 404),
        ("GET", f"{VALIDATIONS}/mostRecent", None, 404),
        ("GET", f"{VALIDATIONS}/none", None, 404),
    ],
)
def test_what_is_refused(client: FlaskClient, method: str, path: str, body: Any, status: int) -> None:
    response = client.open(path, method=method, json=body)
    assert response.status_code == status and response.json["message"]  # type: ignore[index]

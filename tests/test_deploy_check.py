"""What is missing for a deployment is said in one line each, before anything is sent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tools import deploy
from tools.deploy import ENVIRONMENT_PROFILE, main, problems
from tools.package import RESOURCES

ENVIRONMENT = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ASK_VENDOR_ID", "ASK_REFRESH_TOKEN", "ASK_ACCESS_TOKEN")
ACCOUNT = {"token": {"access_token": "a"}, "vendor_id": "M1", "aws_profile": "mine"}


@pytest.fixture(autouse=True)
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody who has everything; a test takes something away."""
    for name in (*ENVIRONMENT, "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "ASK_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(deploy, "ask_command", lambda: "/usr/bin/ask")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("WITHOUT_BYTECODE", "1")
    (tmp_path / ".ask").mkdir()
    (tmp_path / ".aws").mkdir()
    write_account(tmp_path, ACCOUNT)
    (tmp_path / ".aws" / "config").write_text("[profile mine]\nregion = us-east-1\n")
    return tmp_path


def write_account(home: Path, account: object) -> None:
    (home / ".ask" / "cli_config").write_text(json.dumps({"profiles": {"default": account}}))


def said(profile: str = "default", resources: Path = RESOURCES) -> list[str]:
    lines = [str(problem) for problem in problems(profile, resources)]
    assert all("\n" not in line and "; " in line for line in lines)
    return lines


def test_whoever_has_everything_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert said() == []
    assert main(["--check"]) == 0
    assert "has what it needs" in capsys.readouterr().out


def test_missing_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "ask_command", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("WITHOUT_BYTECODE", "0")
    monkeypatch.setenv("LAMBDA_PYTHON", "/nowhere/python")
    node, ask, python = said()
    assert (
        "Node.js is not installed" in node
        and "ask-cli is not installed; run npm ci" in ask
        and "LAMBDA_PYTHON" in python
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"skillMetadata": {"src": "./nowhere"}}, 'skillMetadata.src is "./nowhere"'),
        ({"code": {}}, "code.default.src is null"),
        (
            {"skillInfrastructure.type": "@ask-cli/lambda-deployer"},
            "skillInfrastructure.type is not @ask-cli/cfn-deployer",
        ),
        ({"userConfig.handler": "lambda_handler"}, "userConfig.handler does not name a function"),
        ({"userConfig.awsRegion": None}, "userConfig.awsRegion is null"),
        ({"userConfig.awsRegion": "Ireland"}, 'userConfig.awsRegion is "Ireland"'),
        ({"userConfig.templatePath": "./stack.yaml"}, 'userConfig.templatePath is "./stack.yaml"'),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    # the paths in it count from its own folder
    document = json.loads(RESOURCES.read_text(encoding="utf-8").replace('"./', f'"{RESOURCES.parent}/'))
    settings = document["profiles"]["default"]
    infrastructure = settings["skillInfrastructure"]
    places = {"": settings, "skillInfrastructure": infrastructure, "userConfig": infrastructure["userConfig"]}
    for name, value in change.items():
        place, _, key = name.rpartition(".")
        places[place][key] = value
    path = tmp_path / "ask-resources.json"
    path.write_text(json.dumps(document, indent=2))
    (line,) = said(resources=path)
    assert f"ask-resources.json:4: {what}" in line


def test_without_the_profile_nothing_is_deployed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--profile", "prod"]) == 1
    assert 'no profile "prod" (there is default); copy "default" under that name' in capsys.readouterr().err
    path = tmp_path / "ask-resources.json"
    path.write_text('{"profiles": {}}')
    (line,) = said(resources=path)
    assert 'ask-resources.json:1: no profile "default" (there is none); restore the profile' in line
    path.write_text("{\n'")
    assert "ask-resources.json:2: not JSON" in said(resources=path)[0]
    path.unlink()
    assert "file is missing" in said(resources=path)[0]


@pytest.mark.parametrize(
    ("account", "what"),
    [
        (None, 'ask-cli has no profile "default"'),
        ({**ACCOUNT, "token": {}}, "is not signed in"),
        ({**ACCOUNT, "vendor_id": ""}, "has no vendor id"),
        ({**ACCOUNT, "aws_profile": None}, "is linked to no AWS account"),
        ({**ACCOUNT, "aws_profile": "yours"}, 'there is no AWS profile "yours"'),
    ],
)
def test_an_account_that_is_missing_is_named(owner: Path, account: object, what: str) -> None:
    write_account(owner, account)
    (line,) = said()
    assert what in line and "ask configure --profile default" in line


def test_without_any_account_it_says_how_to_get_one(owner: Path) -> None:
    (owner / ".ask" / "cli_config").write_text("{")
    assert "not JSON" in said()[0]
    (owner / ".ask" / "cli_config").unlink()
    assert "ask-cli knows no Amazon account; run npx ask configure" in said()[0]


def test_credentials_in_the_environment_are_all_or_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ENVIRONMENT[:4]:
        monkeypatch.setenv(name, "x")
    assert main(["--check"]) == 1  # ask-cli would look for the environment's profile, and there is none
    assert f'no profile "{ENVIRONMENT_PROFILE}"' in capsys.readouterr().err
    monkeypatch.delenv("ASK_VENDOR_ID")
    assert any("all four" in line for line in said(ENVIRONMENT_PROFILE))

"""`ask deploy`, by an ask-cli nobody changed, against an Amazon that is only here.

Its Skill Management API is `simulator.smapi.packages`, its AWS is moto. No package is validated or model built by
Amazon, and no function is run: see docs/deploying.md for where this ends.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer

import tests.aws  # teaches moto the resources it lacks
from simulator.model import locales
from simulator.server import Server
from simulator.smapi.packages import Packages, Skill, serve_packages
from tests.packaged import package, runtime_here, sources
from tools.errors import ROOT
from tools.package import deployed_runtime, find_python

pytestmark = pytest.mark.needs("node")
assert tests.aws

NEEDED = ["ask-resources.json", "hooks", "infrastructure", "lambda", "skill-package", "tools"]
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@dataclass
class Amazon:
    """The two servers, and what the first has been given."""

    smapi: str
    aws: str
    packages: Packages

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name="us-east-1", endpoint_url=self.aws, **CREDENTIALS)


@dataclass
class Deployed:
    """What `ask deploy` said and left behind."""

    said: str
    project: Path
    skill_id: str
    skill: Skill
    amazon: Amazon


@pytest.fixture(scope="module")
def amazon() -> Iterator[Amazon]:
    app = Flask("smapi")
    kept = serve_packages(app)
    aws = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    aws.start()
    with Server(app, 0) as smapi:
        yield Amazon(smapi.address, f"http://127.0.0.1:{aws.get_host_and_port()[1]}", kept)
    aws.stop()


def copied_project(folder: Path) -> Path:
    """What deploying needs of this repository, where ask-cli may write."""
    for name in sources(*NEEDED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    resources = folder / "ask-resources.json"
    resources.write_text(resources.read_text(encoding="utf-8").replace(deployed_runtime(), runtime_here()))
    return folder


def owner(home: Path, amazon: Amazon) -> dict[str, str]:
    """The environment of somebody who has run `ask configure` and has AWS credentials, far from the real ones."""
    (home / ".ask").mkdir(parents=True)
    (home / ".aws").mkdir()
    token = {"access_token": "a", "refresh_token": "r", "token_type": "bearer", "expires_in": 3600}
    profile = {
        "token": {**token, "expires_at": "2999-01-01T00:00:00.000Z"},
        "vendor_id": "M0000000000000",
        "aws_profile": "default",
    }
    (home / ".ask" / "cli_config").write_text(json.dumps({"profiles": {"default": profile}}))
    lines = [f"{key} = {value}" for key, value in CREDENTIALS.items()]
    (home / ".aws" / "credentials").write_text("\n".join(["[default]", *lines, ""]))
    return {
        "HOME": str(home),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "LAMBDA_PYTHON": find_python(runtime_here()),
        "ASK_SMAPI_SERVER_BASE_URL": amazon.smapi,
        "ASK_LWA_TOKEN_HOST": amazon.smapi,
        "ASK_SHARE_USAGE": "false",
        "ASK_SKIP_NEW_VERSION_REMINDER": "true",
        "AWS_ENDPOINT_URL": amazon.aws,
        "AWS_EC2_METADATA_DISABLED": "true",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    }


def ask_deploy(project: Path, environment: dict[str, str], *arguments: str, fails: bool = False) -> str:
    """What `ask deploy` says, which succeeds or fails as expected."""
    command = ["node", str((ROOT / "node_modules" / ".bin" / "ask").resolve()), "deploy", *arguments]
    run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)
    assert (run.returncode != 0) == fails, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def deployed(amazon: Amazon, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    folder = tmp_path_factory.mktemp("owner")
    project = copied_project(folder / "cramp-coach")
    others = set(amazon.packages.skills)
    said = ask_deploy(project, owner(folder / "home", amazon))
    ((skill_id, skill),) = [each for each in amazon.packages.skills.items() if each[0] not in others]
    return Deployed(said, project, skill_id, skill, amazon)


def repository(name: str) -> bytes:
    return (ROOT / "skill-package" / name).read_bytes()


def test_the_package_that_arrives_is_the_repositorys(deployed: Deployed) -> None:
    ours = [name.removeprefix("skill-package/") for name in sources("skill-package")]
    assert len([name for name in ours if name.startswith("interactionModels/custom/")]) == len(locales())
    assert sorted(deployed.skill.files) == sorted(ours)
    for name in ours:
        if name != "skill.json":
            assert deployed.skill.files[name] == repository(name), name


def test_the_manifest_that_arrives_is_the_repositorys_with_the_functions_address(deployed: Deployed) -> None:
    arrived = copy.deepcopy(deployed.skill.manifest)
    address = arrived["manifest"]["apis"]["custom"].pop("endpoint")["uri"]
    ours = json.loads(repository("skill.json"))
    ours["manifest"]["apis"]["custom"].pop("endpoint", None)  # of an owner who has deployed
    assert arrived == ours
    assert re.fullmatch(r"arn:aws:lambda:us-east-1:\d{12}:function:[\w-]+:live", address)
    owners = json.loads((deployed.project / "skill-package" / "skill.json").read_text(encoding="utf-8"))
    assert owners == deployed.skill.manifest  # ask-cli writes the address into the owner's file


def test_the_code_that_arrives_is_what_make_package_builds(deployed: Deployed) -> None:
    assert "with build flow CustomBuildFlow" in deployed.said
    states = json.loads((deployed.project / ".ask" / "ask-states.json").read_text(encoding="utf-8"))
    infrastructure = states["profiles"]["default"]["skillInfrastructure"]["@ask-cli/cfn-deployer"]
    bucket = infrastructure["deployState"]["default"]["s3"]
    stored = deployed.amazon.client("s3").get_object(Bucket=bucket["bucket"], Key=bucket["key"])["Body"].read()
    assert stored == package().path.read_bytes()
    assert zipfile.ZipFile(io.BytesIO(stored)).testzip() is None


def test_the_stack_is_there_and_serves_this_skill_alone_which_is_enabled(deployed: Deployed) -> None:
    (stack,) = deployed.amazon.client("cloudformation").describe_stacks()["Stacks"]
    assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    given = {row["ParameterKey"]: row["ParameterValue"] for row in stack["Parameters"]}
    assert given["SkillId"] == deployed.skill_id and given["LambdaRuntime"] == runtime_here()
    (function,) = deployed.amazon.client("lambda").list_functions()["Functions"]
    assert function["Environment"]["Variables"]["SKILL_ID"] == deployed.skill_id
    assert deployed.skill.enabled


def test_deploying_again_updates_what_is_there(deployed: Deployed, tmp_path: Path) -> None:
    before = list(deployed.amazon.packages.skills)  # those of other owners among them
    said = ask_deploy(deployed.project, owner(tmp_path / "home", deployed.amazon))
    assert "CLI will skip the deploy of skill package" in said
    assert list(deployed.amazon.packages.skills) == before
    (stack,) = deployed.amazon.client("cloudformation").describe_stacks()["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"


def test_a_build_that_fails_deploys_nothing(amazon: Amazon, deployed: Deployed, tmp_path: Path) -> None:
    project = copied_project(tmp_path / "cramp-coach")
    before = len(amazon.client("cloudformation").describe_stacks()["Stacks"])
    environment = {**owner(tmp_path / "home", amazon), "LAMBDA_PYTHON": "/nowhere/python"}
    said = ask_deploy(project, environment, fails=True)
    assert "LAMBDA_PYTHON=/nowhere/python is not Python" in said
    assert len(amazon.client("cloudformation").describe_stacks()["Stacks"]) == before


def test_a_locale_without_a_model_is_refused_by_the_import(amazon: Amazon, tmp_path: Path) -> None:
    project = copied_project(tmp_path / "cramp-coach")
    (project / "skill-package" / "interactionModels" / "custom" / "en-AU.json").unlink()
    said = ask_deploy(project, owner(tmp_path / "home", amazon), "--target", "skill-metadata", fails=True)
    assert "The locale en-AU has no interaction model." in said

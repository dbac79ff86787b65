"""The package in Lambda's own runtime: `awslambdaric`, no network, a folder that can't be written to."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.limits import problems
from tests.packaged import package, runtime_here, scratch, unpacked
from tests.runtime_api import Outcome, Run, run_in_lambda
from tests.test_entry_point import IN_RELIEF, LAUNCH, SECRET, SKILL_ID, envelope, intent, said
from tools.errors import ROOT
from tools.lock import requirements
from tools.package import find_python

pytestmark = pytest.mark.needs("namespaces")


@functools.cache
def runtime_client() -> Path:
    """awslambdaric as it is pinned, for the Python that Lambda runs, beside nothing else."""
    folder = scratch() / "runtime-client"
    locked = requirements(ROOT / "requirements" / "runtime.txt")
    in_the_zip = requirements(ROOT / "lambda" / "requirements.txt")
    listed = scratch() / "runtime-client.txt"
    listed.write_text("".join(lines for name, lines in locked.items() if name not in in_the_zip))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    version = f"--python-version={runtime_here().removeprefix('python')}"
    subprocess.run([*pip, "--only-binary=:all:", version, "--target", str(folder), "-r", str(listed)], check=True)
    return folder


def played(events: list[Any], task: Path | None = None, **environment: str) -> Outcome:
    texts = [event if isinstance(event, str) else json.dumps(event) for event in events]
    task = task or unpacked()
    return run_in_lambda(
        Run(find_python(runtime_here()), str(task), str(runtime_client()), texts, environment=environment)
    )


def test_a_night_in_lambda() -> None:
    assert package().modules  # with bytecode, or it is not what is deployed
    muscle = {"name": "muscle", "value": "calf"}
    events = [
        envelope(LAUNCH),
        envelope(intent("CrampNowIntent", {"muscle": muscle})),
        envelope(intent("AMAZON.NextIntent"), IN_RELIEF),
        envelope(intent("AMAZON.StopIntent"), IN_RELIEF),
        envelope({"type": "SessionEndedRequest", "reason": "USER_INITIATED"}),
    ]
    outcome = played(events, SKILL_ID=SKILL_ID)
    assert outcome.errors == [] and outcome.returncode is None, outcome
    launch, cramp, following, stop, ended = outcome.answers
    for answer in (launch, cramp, following, stop):
        assert problems(answer) == []
    assert said(launch).startswith("Stand up slowly") and said(cramp).startswith("Stand up slowly")
    assert said(following).startswith("Leg straight")
    assert stop["response"]["shouldEndSession"] is True
    assert problems(ended, "SessionEndedRequest") == [] and "outputSpeech" not in ended["response"]
    assert outcome.log == ""


def test_garbage_in_lambda_is_answered_and_nobody_is_logged() -> None:
    garbage: list[Any] = [
        None,
        [],
        "{}",
        '"calf"',
        "7",
        {"request": 3},
        envelope({"type": "Alexa.New", "user": SECRET}),
    ]
    outcome = played(garbage)
    assert outcome.errors == [] and len(outcome.answers) == len(garbage)
    for answer in outcome.answers:
        assert problems(answer) == [] and said(answer)
    assert SECRET not in outcome.log


def test_what_is_no_json_is_an_error_of_lambda_and_the_next_request_is_answered() -> None:
    outcome = played(["{", envelope(LAUNCH)])
    assert len(outcome.errors) == 1 and outcome.errors[0]["errorType"] == "Runtime.UnmarshalError"
    assert said(outcome.answers[0]).startswith("Stand up slowly")


def test_another_skill_is_an_error_and_the_next_request_is_answered() -> None:
    foreign = envelope(LAUNCH)
    foreign["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.somebody-else"
    outcome = played([foreign, envelope(LAUNCH)], SKILL_ID=SKILL_ID)
    assert [error["errorType"] for error in outcome.errors] == ["AskSdkException"]
    assert len(outcome.answers) == 1


def test_a_hundred_in_a_row_get_the_same_answer() -> None:
    outcome = played([envelope(LAUNCH)] * 100)
    assert outcome.errors == [] and len(outcome.answers) == 100
    assert all(answer == outcome.answers[0] for answer in outcome.answers)


def test_a_snapshot_is_taken_and_answers_after_it() -> None:
    outcome = played([envelope(LAUNCH)], SKILL_ID=SKILL_ID, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert outcome.calls == ["restore"] and outcome.errors == []
    assert said(outcome.answers[0]).startswith("Stand up slowly")
    assert outcome.log == ""


# Says what the first launch after the import opens and imports.
LATE = """
import json, sys
folder, request = sys.argv[1:]
late = []
sys.path.insert(0, folder)
import lambda_function
sys.addaudithook(lambda event, args: late.append(str(args[0])) if event in ("open", "import") else None)
lambda_function.lambda_handler(json.loads(request), None)
print(json.dumps(late))
"""


@pytest.mark.parametrize(
    ("kind", "anything"), [("snap-start", False), ("provisioned-concurrency", False), ("on-demand", True)]
)
def test_after_a_snapshot_the_first_launch_reads_nothing(kind: str, anything: bool) -> None:
    command = [find_python(runtime_here()), "-I", "-S", "-c", LATE, str(unpacked()), json.dumps(envelope(LAUNCH))]
    environment = {"AWS_LAMBDA_INITIALIZATION_TYPE": kind, "SKILL_ID": SKILL_ID}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert bool(json.loads(run.stdout)) == anything, run.stdout


# What a test must not believe without having seen it: that there is no way out, and no way to write.
NOSY = """
import errno, socket

def lambda_handler(event, context):
    try:
        open("note.txt", "w")
        written = True
    except OSError as error:
        written = errno.errorcode[error.errno]
    return {"networks": [name for _, name in socket.if_nameindex()], "written": written}
"""


def test_the_place_has_no_way_out_and_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text(NOSY)
    outcome = played([{}], task=tmp_path)
    assert outcome.answers == [{"networks": ["lo"], "written": "EROFS"}], outcome


def test_a_package_that_lacks_a_module_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text("import ask_sdk_core\n")
    outcome = played([envelope(LAUNCH)], task=tmp_path)
    assert outcome.returncode not in (None, 0) and outcome.answers == []
    assert outcome.errors[0]["errorType"] == "Runtime.ImportModuleError"

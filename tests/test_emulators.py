"""The skill as other people's emulators and test tools see it, unchanged: against the web service, without a network.

What they need of npm is in tests/emulators/, apart from what everybody's `npm ci` fetches.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from selfhost.app import create_app
from simulator.model import MODELS
from simulator.server import Server
from simulator.ssml import words

EMULATORS = Path(__file__).parent / "emulators"
INSTALLED = EMULATORS / "node_modules" / ".bin"

pytestmark = pytest.mark.needs("emulators")

Play = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """Runs a command beside the skill's web service, whose address and model it finds in its environment."""
    with Server(create_app("", verify=False), 0) as server:
        url = f"{server.address}/"
        # Bespoken's tool tells its makers what came of every run: here it tells the skill, which knows no such path
        own = {"SKILL_URL": url, "SKILL_MODEL": str(MODELS / "en-US.json"), "BESPOKEN_API_BASE_URL": url}
        given = {**os.environ, **own}

        def run(*command: str | Path, folder: Path = EMULATORS) -> subprocess.CompletedProcess[str]:
            return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, env=given)

        yield run


def test_virtual_alexa_is_coached(play: Play) -> None:
    done = play("node", "virtual_alexa.js")
    assert done.returncode == 0, done.stderr
    *answers, ended = json.loads(done.stdout)
    said = [words(answer["outputSpeech"]["ssml"]) for answer in answers]
    launch, following, lying, again, second, gone, tip, magnesium, warning, goodbye, toes = said
    assert launch.startswith("Stand up slowly") and following != launch
    assert "toes up" in lying and "stand" not in lying.lower() and again == lying
    assert "toes up" in second and second != lying
    assert gone.startswith("Good") and "edical advice" in gone
    assert "Want another tip?" in tip
    assert "most trials" in magnesium
    assert "your local emergency number" in warning
    assert "?" not in goodbye
    assert "toes" in toes.lower()
    assert [answer["shouldEndSession"] for answer in answers] == [False] * 9 + [True, False]
    assert not ended.get("outputSpeech")


@pytest.mark.parametrize("broken", [False, True])
def test_bespokens_skill_tester_is_coached(play: Play, tmp_path: Path, broken: bool) -> None:
    for name in ("testing.json", "conversation.test.yml"):
        shutil.copyfile(EMULATORS / name, tmp_path / name)  # it writes into the folder that it runs in
    suite = tmp_path / "conversation.test.yml"
    if broken:
        suite.write_text(suite.read_text(encoding="utf-8").replace("Rest well", "Goodbye"), encoding="utf-8")
    done = play(INSTALLED / "skill-tester", suite.name, folder=tmp_path)
    said = done.stdout + done.stderr
    assert ("Tests:       3 passed, 3 total" in said) is not broken, said
    assert len(re.findall("✓", said)) == 13 - broken, said


def test_alexa_skill_test_framework_is_coached(play: Play) -> None:
    done = play(INSTALLED / "mocha", "--reporter", "json", "framework.test.js")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["stats"]["passes"] == 2

"""The skill as an independent emulator sees it: virtual-alexa against the web service, with the compiled model."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from selfhost.app import create_app
from simulator.model import MODELS
from simulator.ssml import words

SCRIPT = Path(__file__).parent / "virtual_alexa.js"


@pytest.mark.needs("node")
def test_virtual_alexa_is_coached() -> None:
    server = make_server("127.0.0.1", 0, create_app("", verify=False), threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        command = ["node", str(SCRIPT), f"http://127.0.0.1:{server.server_port}/", str(MODELS / "en-US.json")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=SCRIPT.parent)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert done.returncode == 0, done.stderr
    *answers, ended = json.loads(done.stdout)
    said = [words(answer["outputSpeech"]["ssml"]) for answer in answers]
    launch, following, lying, again, gone, magnesium, warning, goodbye, toes = said
    assert launch.startswith("Stand up slowly") and following != launch
    assert "toes up" in lying and "stand" not in lying.lower() and again == lying
    assert gone.startswith("Good") and "not medical advice" in gone
    assert "most trials" in magnesium
    assert "your local emergency number" in warning
    assert "?" not in goodbye
    assert "toes" in toes.lower()
    assert [answer["shouldEndSession"] for answer in answers] == [False] * 7 + [True, False]
    assert not ended.get("outputSpeech")

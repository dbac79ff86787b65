"""Lambda's Runtime API, as much as a runtime client calls, and a place to run a function in that is like Lambda's.

`python -m tests.runtime_api` reads a `Run` as JSON, plays its events through `awslambdaric` and prints an
`Outcome`. Run it by `run_in_lambda`, which gives it a network without an outside and a folder that can't be written to.
"""

from __future__ import annotations

import fcntl
import json
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from tools.errors import ROOT

API = "/2018-06-01/runtime"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:cramp-coach:live"

# Longer than any answer takes, so that a function that hangs fails a test and doesn't stop it.
PATIENCE = 60


@dataclass
class Run:
    """What to run: a folder with the function's code, one with the runtime client, and the events, as JSON texts."""

    python: str
    task: str
    client: str
    events: list[str]
    handler: str = "lambda_function.lambda_handler"
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """What came of it: each event's answer, or its error; calls of the API besides; what the function wrote out."""

    answers: list[Any] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    log: str = ""
    returncode: int | None = None


def run_in_lambda(run: Run) -> Outcome:
    """Run where the only network is the loopback and the task folder is read-only, as on Lambda."""
    alone = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.runtime_api"],
        input=json.dumps(asdict(run)),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return Outcome(**json.loads(done.stdout))


def runtime_api(events: list[str], outcome: Outcome, over: threading.Event) -> Flask:
    """Hands out the events, one at a time, and takes the answers; `over` is set when all are done with."""
    app = Flask("runtime-api")
    left: queue.SimpleQueue[str] = queue.SimpleQueue()
    for event in events:
        left.put(event)

    @app.get(f"{API}/restore/next")
    def restore() -> str:
        outcome.calls.append("restore")
        return ""

    @app.get(f"{API}/invocation/next")
    def invocation() -> Response:
        event = left.get()  # waits for ever after the last, as Lambda does
        headers = {
            "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "Lambda-Runtime-Deadline-Ms": "9999999999999",
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
        }
        return Response(event, headers=headers, mimetype="application/json")

    @app.post(f"{API}/<path:what>")
    def settle(what: str) -> tuple[Response, int]:
        kept = outcome.answers if what.endswith("/response") else outcome.errors
        kept.append(request.get_json(force=True))
        if what.startswith("invocation/") and len(outcome.answers) + len(outcome.errors) == len(events):
            over.set()  # an error on the way in is none of an event's, and the function ends by itself
        return jsonify(status="OK"), 202

    return app


def play(run: Run) -> Outcome:
    """Start the function, feed it and stop it."""
    outcome, over = Outcome(), threading.Event()
    api = make_server("127.0.0.1", 0, runtime_api(run.events, outcome, over), threaded=True)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    if not run.events:
        over.set()
    environment = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": "cramp-coach",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_REGION": "us-east-1",
        "LAMBDA_TASK_ROOT": run.task,
        "PYTHONPATH": run.client,
        "PATH": os.environ["PATH"],
        **run.environment,
    }
    # -S: no site-packages, so that what isn't in the zip isn't found
    command = [run.python, "-S", "-m", "awslambdaric", run.handler]
    with subprocess.Popen(
        command, cwd=run.task, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as function:
        threading.Thread(target=_over_when_ended, args=(function, over), daemon=True).start()
        over.wait(PATIENCE)
        outcome.returncode = function.poll()
        function.kill()
        outcome.log = function.communicate()[0]
    api.shutdown()
    api.server_close()
    return outcome


def _over_when_ended(function: subprocess.Popen[str], over: threading.Event) -> None:
    function.wait()
    over.set()


def _loopback_up() -> None:
    """A new network namespace has a loopback that is down."""
    get_flags, set_flags, up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh", b"lo", 0)
        flags: int = struct.unpack("16sh", fcntl.ioctl(any_socket, get_flags, asked))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh", b"lo", flags | up))


def _read_only(folder: str) -> None:
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)


def main() -> None:
    """The inner half of `run_in_lambda`."""
    run = Run(**json.load(sys.stdin))
    _loopback_up()
    _read_only(run.task)
    json.dump(asdict(play(run)), sys.stdout)


if __name__ == "__main__":
    main()

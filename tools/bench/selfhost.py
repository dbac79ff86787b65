"""What serving the skill oneself costs: the verification of a request, and a service under load.

Beside ours stands a do-nothing skill on plain flask-ask-sdk, verified by Amazon's own `RequestVerifier`. That
one can't be imported as it is (see selfhost/sdk.py), so it is fixed here, for the measurement: oscrypto is
let read today's OpenSSL versions, and certvalidator is told of the root that the certificates here hang from.
Nothing is fetched on either side while the clock runs: both have the chain already.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from selfhost.chains import Chains
from selfhost.sdk import SkillAdapter
from selfhost.server import Server
from selfhost.settings import Settings, read_settings
from selfhost.verifier import RequestVerifier
from tools.bench import milliseconds
from tools.service import SKILL_ID, CertificateHost, Service, chains, free_port, launch, root, running, serving, signed

LOAD_SECONDS = 30
CONNECTIONS = 16
CALLS, ROUNDS = 300, 7
IDLE, HALF_SENT, HELD_SECONDS = 200, 64, 7  # for less time than the service bears them
SCRIPT = Path(__file__).parent / "load.lua"


def verification_cost() -> list[tuple[float, float]]:
    """Milliseconds for the verification of one request, ours and Amazon's, in turn."""
    body = json.dumps(launch()).encode()
    headers, envelope, text = signed(body), json.loads(body), body.decode()
    host = CertificateHost()
    ours, theirs = RequestVerifier(Chains([root()], host.origin), SKILL_ID), amazons_verifier(chains()["good"])

    def once(verify: Callable[..., None]) -> float:
        return milliseconds(partial(verify, headers, text, envelope), CALLS)

    warnings.simplefilter("ignore")  # what Amazon's uses of cryptography has been deprecated
    once(ours.verify), once(theirs.verify)
    measured = [(once(ours.verify), once(theirs.verify)) for _ in range(ROUNDS)]
    host.close()
    return measured


def amazons_verifier(chain: bytes) -> Any:
    """Amazon's verifier, fixed so that it runs, with `chain` in its cache and the root at the end of it trusted."""
    search = re.search

    def lenient(pattern: Any, string: Any, flags: int = 0) -> Any:
        if pattern == r"\b(\d\.\d\.\d[a-z]*)\b":
            pattern = r"\b(\d+\.\d+\.\d+[a-z]*)\b"
        return search(pattern, string, flags)

    with mock.patch.object(re, "search", lenient):
        certvalidator = importlib.import_module("certvalidator")
    errors = importlib.import_module("certvalidator.errors")
    trusted = x509.load_pem_x509_certificates(chain)[-1].public_bytes(Encoding.DER)
    verifier = importlib.import_module("ask_sdk_webservice_support.verifier")

    def validator(leaf: bytes, others: list[bytes]) -> Any:
        context = certvalidator.ValidationContext(extra_trust_roots=[trusted])
        return certvalidator.CertificateValidator(leaf, others, validation_context=context)

    vars(verifier).update(
        CertificateValidator=validator, PathError=errors.PathError, ValidationError=errors.ValidationError
    )
    made = verifier.RequestVerifier()
    made._cert_cache[signed(b"")["SignatureCertChainUrl"]] = chain
    return made


def load(service: Service, seconds: int = LOAD_SECONDS) -> dict[str, float]:
    """Genuine requests at full speed, by wrk: requests a second, latency in milliseconds, errors, memory in MB."""
    body = json.dumps(launch())
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder) / "request.lua"
        headers = ", ".join(
            f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in signed(body.encode()).items()
        )
        request.write_text(f"return {{ headers = {{ {headers} }}, body = {json.dumps(body)} }}", encoding="utf-8")
        warm_up = _wrk(service, request, min(2, seconds))
        before = service.memory()
        measured = _wrk(service, request, seconds)
        after = service.memory()
    errors = measured["errors"] + warm_up["errors"]
    return {**measured, "errors": errors, "memory before": before / 2**20, "memory after": after / 2**20}


def _wrk(service: Service, request: Path, seconds: int) -> dict[str, float]:
    url = f"http://127.0.0.1:{service.port}/"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(SCRIPT), url, "--", str(request)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return figures


@contextmanager
def ours(folder: Path) -> Iterator[Service]:
    """The skill, as it is served."""
    host = CertificateHost()
    with running(folder, host.origin) as service:
        yield service
    host.close()


@contextmanager
def theirs(folder: Path) -> Iterator[Service]:
    """A do-nothing skill on plain flask-ask-sdk, with the same server and settings."""
    chain = folder / "chain.pem"
    chain.write_bytes(chains()["good"])
    with serving(folder, ["-m", "tools.bench.selfhost", str(chain)], free_port(), SKILL_ID=SKILL_ID) as service:
        yield service


@contextmanager
def holding(port: int) -> Iterator[None]:
    """Clients that have connected and say nothing, or stop in the middle of a body."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"
    with ExitStack() as held:
        for sent in [b""] * IDLE + [head] * HALF_SENT:
            held.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(sent)
        yield


def report() -> None:
    """Measure and print."""
    pairs = verification_cost()
    cost, amazons = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    print("serving it oneself:")
    print(f"    verification, chain cached: {cost:.3f} ms, Amazon's {amazons:.3f} ms: {ratio:.1f} times cheaper")
    if not shutil.which("wrk"):
        print("    load: not measured, wrk is missing (Debian: apt-get install wrk)")
        return
    settings = f"{Settings.workers} workers, {Settings.threads} threads, {CONNECTIONS} connections, {LOAD_SECONDS} s"
    print(f"    signed requests at full speed ({settings}):")
    for name, side in (("ours", ours), ("do-nothing skill, flask-ask-sdk", theirs)):
        with tempfile.TemporaryDirectory() as folder, side(Path(folder)) as service:
            figures = load(service)
        _print(name, figures)
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder)) as service, holding(service.port):
        figures = load(service, HELD_SECONDS)
    _print(f"ours, {IDLE} connections idle and {HALF_SENT} half-sent, {HELD_SECONDS} s", figures)


def _print(name: str, figures: dict[str, float]) -> None:
    print(f"        {name}: " + ", ".join(f"{label} {value:.4g}" for label, value in figures.items()))


def _do_nothing_app(chain: Path) -> Flask:
    from tools.bench.do_nothing import builder

    app = Flask("do_nothing")
    app.config["ASK_SDK_VERIFY_SIGNATURE"] = False  # the fixed one is given instead; the timestamp's stays on
    SkillAdapter(builder.create(), SKILL_ID, [amazons_verifier(chain.read_bytes())], app).register(app, "/")
    app.add_url_rule("/health/ready", "ready", lambda: "ready")
    return app


if __name__ == "__main__":
    Server(lambda: _do_nothing_app(Path(sys.argv[1])), read_settings(os.environ)).run()

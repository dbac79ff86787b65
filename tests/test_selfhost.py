"""The service, over HTTP: genuine requests get a step, all others get nothing, and it outlives its troubles."""

from __future__ import annotations

import codecs
import ctypes
import ctypes.util
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.verification import Store
from hypothesis import given, settings
from hypothesis import strategies as st

from cramp_coach.conversation import dialogue
from selfhost.app import create_app
from selfhost.chains import FETCHES, MAX_KEPT, Chains, HostUnavailableError, signer_of, trusted_roots
from selfhost.sdk import VerificationException
from selfhost.settings import SettingError, Settings, check_bind, read_settings
from selfhost.verifier import check_timestamp
from simulator import ssml
from tests.test_conversation import ANY_JSON
from tests.test_entry_point import step_to
from tools.service import (
    ROOT,
    SKILL_ID,
    URL,
    USER_ID,
    Answer,
    CertificateHost,
    Service,
    chains,
    free_port,
    key,
    launch,
    root,
    running,
    serving,
    signature,
    signed,
)
from tools.waiting import wait_for

SAID = tomllib.loads((Path(__file__).parent / "attacks.toml").read_text(encoding="utf-8"))
STEP = "Stand up slowly, holding something firm"


@pytest.fixture(scope="module")
def host() -> Iterator[CertificateHost]:
    made = CertificateHost()
    yield made
    made.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, host: CertificateHost) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service"), host.origin, READ_SECONDS="2") as made:
        yield made


@pytest.fixture(scope="module")
def client(host: CertificateHost) -> Any:
    return create_app(SKILL_ID, roots=[root()], origin=host.origin).test_client()


def post(client: Any, envelope: dict[str, Any]) -> Any:
    """The app's answer to an envelope that Alexa has signed."""
    body = json.dumps(envelope).encode()
    return client.post("/", data=body, headers=signed(body))


# -- bad requests


def attacked(service: Service, attack: dict[str, Any]) -> Answer:
    """Send what an entry of attacks.toml describes."""
    body = attack_body(attack)
    headers = {**signed(body, attack.get("chain", "good"))}
    if attack.get("digest") == "SHA1":
        headers["Signature-256"] = signature(body, SHA1())
    if "key" in attack:
        headers["Signature-256"] = signature(body, with_key=attack["key"])
    if "url" in attack:
        headers["SignatureCertChainUrl"] = attack["url"]
    if "signature" in attack:
        headers["Signature-256"] = attack["signature"]
    headers |= attack.get("headers", {})
    sent = [(name, value) for name, value in headers.items() if name not in attack.get("without", ())]
    sent += [(name, headers[name]) for name in attack.get("twice", ())]
    return service.send(
        on_its_way(body, attack.get("change", "")), sent, attack.get("method", "POST"), attack.get("path", "/")
    )


def attack_body(attack: dict[str, Any]) -> bytes:
    if "body" in attack:
        return str(attack["body"]).encode()
    if "hex" in attack:
        return bytes.fromhex(attack["hex"])
    if "nest" in attack:
        depth = int(attack["nest"])
        return b"[" * depth + b"]" * depth
    envelope = launch(attack.get("seconds", 0))
    if "timestamp" in attack:
        envelope["request"]["timestamp"] = attack["timestamp"]
    for path, value in attack.get("set", {}).items():
        table, last = step_to(envelope, path)
        table[last] = value
    for path in attack.get("lacks", ()):
        table, last = step_to(envelope, path)
        del table[last]
    body = json.dumps(envelope).replace('"<digits>"', "1" * 10_000)
    mark = codecs.BOM_UTF8 if attack.get("mark") else b""
    return mark + body.encode() + b" " * int(attack.get("pad", 0))


def on_its_way(body: bytes, change: str) -> bytes:
    match change:
        case "":
            return body
        case "other":
            return json.dumps(launch(1)).encode()
        case "byte":
            return body.replace(b"en-US", b"en-UK")
        case "newline":
            return body + b"\n"
        case "written again":
            return json.dumps(json.loads(body), separators=(",", ":")).encode()
        case "gzip":
            return gzip.compress(body)
        case _:
            raise ValueError(change)


@pytest.mark.parametrize("attack", SAID["attack"], ids=lambda attack: attack["name"])
def test_an_attack_gets_its_status_for_its_reason(service: Service, attack: dict[str, Any]) -> None:
    service.logged()
    answer = attacked(service, attack)
    assert answer.status == attack["status"], answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    (line,) = service.logged()
    assert line["status"] == attack["status"]
    if attack["status"] == 200:
        assert "log" not in attack and json.loads(answer.body)["version"] == "1.0"
    else:
        assert re.search(attack["log"], line["reason"]), line
        assert len(answer.body) < 300 and list(json.loads(answer.body)) == ["error"]
        assert b"Traceback" not in answer.body and b".py" not in answer.body


@pytest.mark.parametrize("length", ["Content-Length: 10485760", "Transfer-Encoding: chunked"])
def test_who_sends_too_much_is_told_that_the_connection_ends(service: Service, length: str) -> None:
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    chunk = b"50000\r\n" + b" " * 0x50000 + b"\r\n" if "chunked" in length else b""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as client:
        client.sendall(head.encode() + chunk)
        answer = read_all(client)  # to the end, which has to come
    assert answer.startswith(b"HTTP/1.1 413 ") and b"\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize("raw", SAID["raw"], ids=lambda raw: raw["name"])
def test_what_is_no_http_is_refused(service: Service, raw: dict[str, Any]) -> None:
    sent = raw["sent"].replace("<9000>", "x" * 9000).replace("<200>", "".join(f"X-{n}: y\r\n" for n in range(200)))
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as client:
        client.sendall(sent.encode("latin-1"))
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 %d " % raw["status"]), answer
    assert len(answer) < 700 and b"Traceback" not in answer and b".py" not in answer


def test_a_thousand_certificate_urls_leave_the_memory_flat(service: Service) -> None:
    body = json.dumps(launch()).encode()
    connection = service.connection()

    def ask(names: range) -> None:
        for name in names:
            assert service.send(body, signed(body, f"many-{name}"), connection=connection).status == 200

    ask(range(200))
    before = service.memory()
    ask(range(200, 1000))
    assert service.memory() - before < 2 * 1024 * 1024
    connection.close()


def test_only_what_is_verified_is_kept_and_not_too_much_of_it(host: CertificateHost) -> None:
    kept = Chains([root()], host.origin)
    for name in range(MAX_KEPT * 3):
        kept.key(f"/echo.api/many-{name}.pem")
        with pytest.raises(VerificationException):
            kept.key("/echo.api/expired.pem")
    assert len(kept) == MAX_KEPT


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("kind", "limit"), [("LaunchRequest", 150), ("AlexaSkillEvent.SkillDisabled", 3600)])
def test_the_timestamp_counts_to_the_millisecond(kind: str, limit: int, sign: int) -> None:
    now = datetime.now(UTC)

    def sent(away: timedelta) -> dict[str, Any]:
        return {"request": {"type": kind, "timestamp": (now + sign * away).isoformat()}}

    check_timestamp(sent(timedelta(seconds=limit)), now)
    with pytest.raises(VerificationException):
        check_timestamp(sent(timedelta(seconds=limit, milliseconds=1)), now)


# -- genuine requests


def test_a_genuine_launch_gets_the_first_step(service: Service) -> None:
    answer = service.genuine()
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
    assert ssml.words(answer.speech).startswith(STEP)


def test_a_conversation_goes_on_over_http(service: Service) -> None:
    attributes = json.loads(service.genuine().body)["sessionAttributes"]
    envelope = launch()
    envelope["session"] |= {"new": False, "attributes": attributes}
    envelope["request"] |= {"type": "IntentRequest", "intent": {"name": "CannotStandIntent", "slots": {}}}
    assert "toes up" in service.genuine(envelope=envelope).speech


def test_an_error_of_our_own_is_logged_with_its_kind_and_place(
    monkeypatch: pytest.MonkeyPatch, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError(USER_ID)

    monkeypatch.setattr("selfhost.verifier.check_timestamp", broken)
    assert post(client, launch()).status_code == 500
    (line,) = [record.__dict__["fields"] for record in caplog.records if record.message == "request"]
    assert re.fullmatch(r"RuntimeError at broken:\d+", line["reason"]) and line["status"] == 500


def test_a_genuine_request_that_breaks_a_handler_gets_a_step(monkeypatch: pytest.MonkeyPatch, client: Any) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setitem(dialogue.EVENTS, "Launch", broken)
    answer = post(client, launch())
    assert answer.status_code == 200 and "<speak>" in answer.json["response"]["outputSpeech"]["ssml"]
    monkeypatch.setattr("cramp_coach.guard.SKILL.request_dispatcher", None)
    answer = post(client, launch())
    assert answer.status_code == 200 and "<speak>" in answer.json["response"]["outputSpeech"]["ssml"]


def test_a_certificate_is_fetched_once_however_many_ask_for_it(host: CertificateHost) -> None:
    kept = Chains([root()], host.origin)
    host.asked.clear()
    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(kept.key, ["/echo.api/good.pem"] * 12))
    kept.key("/echo.api/good.pem")
    assert host.asked == ["/echo.api/good.pem"]


def test_a_stranger_makes_nobody_fetch(service: Service, host: CertificateHost) -> None:
    envelope = launch()
    envelope["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.somebody-else"
    host.asked.clear()
    assert service.genuine("never-seen", envelope).status == 400
    assert service.genuine("never-seen", launch(-200)).status == 400
    assert host.asked == []


def test_a_chain_is_kept_no_longer_than_it_is_valid_nor_than_a_day(
    monkeypatch: pytest.MonkeyPatch, host: CertificateHost
) -> None:
    kept = Chains([root()], host.origin)
    host.asked.clear()
    kept.key("/echo.api/good.pem")
    real, away = time.time, [23 * 3600.0]
    monkeypatch.setattr("selfhost.chains.time.time", lambda: real() + away[0])
    kept.key("/echo.api/good.pem")
    assert len(host.asked) == 1
    away[0] = 25 * 3600.0
    kept.key("/echo.api/good.pem")
    assert len(host.asked) == 2
    signer = signer_of(chains()["good"], Store([root()]), datetime.now(UTC))
    assert signer.until < real() + 91 * 86400  # the leaf's end, not the root's


# -- the certificate host in trouble


@pytest.mark.parametrize("troubles", [["dropped", "broken"], ["silent-1", "slow-headers", "slow-body"]])
def test_while_the_certificate_host_is_in_trouble_others_go_on(
    service: Service, host: CertificateHost, troubles: list[str]
) -> None:
    assert service.genuine().status == 200
    host.enough.clear()
    with ThreadPoolExecutor(2 * len(troubles)) as pool:
        waiting = pool.map(service.genuine, troubles * 2)
        for _ in range(20):
            assert service.genuine().status == 200
        answers = list(waiting)
    host.enough.set()
    assert [answer.status for answer in answers] == [503] * len(answers) and len(answers) == 2 * len(troubles)
    assert all(answer.headers["Retry-After"] for answer in answers)
    assert service.genuine().status == 200


@pytest.mark.parametrize("trouble", ["slow-headers", "slow-body", "silent"])
def test_a_fetch_ends_though_the_host_goes_on_and_on(host: CertificateHost, trouble: str) -> None:
    kept = Chains([root()], host.origin)
    host.enough.clear()

    def fetched(name: str) -> bool:
        try:
            return bool(kept.key(f"/echo.api/{name}.pem"))
        except HostUnavailableError:
            return False

    try:
        with ThreadPoolExecutor(FETCHES) as pool:
            assert not any(pool.map(fetched, [f"{trouble}-{number}" for number in range(FETCHES)]))
        wait_for(lambda: fetched("good"), "the fetches that take too long make room")
    finally:
        host.enough.set()


def test_what_threads_share_is_made_before_them() -> None:
    """In the certificate host: two that made a key at once would make two different ones."""
    probe = """
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen
from tools.service import CertificateHost
host = CertificateHost()
with ThreadPoolExecutor(8) as pool:
    chains = pool.map(lambda _: urlopen(host.origin + "/echo.api/good.pem").read(), range(8))
print(len(set(chains)))
"""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "1\n", run.stderr


def test_a_host_that_is_down_is_no_verdict_on_the_request() -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        kept = Chains([root()], f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(HostUnavailableError):
            kept.key("/echo.api/good.pem")


def test_the_certificate_host_must_prove_who_it_is(tmp_path: Path) -> None:
    """TLS to it is verified against Mozilla's roots, so a host with a certificate of ours is as good as down."""
    files = tmp_path / "chain.pem", tmp_path / "key.pem"
    files[0].write_bytes(chains()["good"])
    files[1].write_bytes(key("leaf").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake() -> None:
            with suppress(OSError):
                context.wrap_socket(listener.accept()[0], server_side=True)

        with ThreadPoolExecutor() as pool, pytest.raises(HostUnavailableError):
            pool.submit(shake)
            Chains([root()], f"https://127.0.0.1:{listener.getsockname()[1]}").key("/echo.api/good.pem")


# -- slow clients, a killed worker, a stop under load


HALF_SENT = (
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{" + b" " * 9000
)


@pytest.mark.parametrize(
    ("sent", "clients", "settings"),
    [
        (b"", 200, {"THREADS": "1"}),  # idle
        (HALF_SENT, 64, {}),
        (b"open cramp coach\r\n\r\n", 64, {}),  # refused, and doesn't hang up
    ],
    ids=["idle", "half-sent", "lingering"],
)
def test_who_holds_connections_holds_up_nobody(
    tmp_path: Path, host: CertificateHost, sent: bytes, clients: int, settings: dict[str, str]
) -> None:
    """With an end to slow requests that is far away: others must be answered before it, not because of it."""
    with running(tmp_path, host.origin, WORKERS="1", READ_SECONDS="600", **settings) as own, ExitStack() as held:
        for _ in range(clients):
            client = held.enter_context(socket.create_connection(("127.0.0.1", own.port), timeout=30))
            client.sendall(sent)
        assert {own.genuine().status for _ in range(5)} == {200}


def test_slow_clients_are_ended(tmp_path: Path, host: CertificateHost) -> None:
    """More of them than there are threads: half are slow with the headers, half with the body."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
    stop = threading.Event()

    def drip(slow: list[socket.socket]) -> None:
        while not stop.wait(0.2):
            for number, client in enumerate(slow):
                with suppress(OSError):
                    client.sendall(b" " if number % 2 else b"X: y\r\n")

    with (
        running(tmp_path, host.origin, READ_SECONDS="2", WORKERS="2", THREADS="8") as own,
        ThreadPoolExecutor() as pool,
    ):
        slow = [socket.create_connection(("127.0.0.1", own.port), timeout=30) for _ in range(24)]
        for number, client in enumerate(slow):
            client.sendall(head + (b"\r\n" if number % 2 else b""))
        pool.submit(drip, slow)
        try:
            assert own.genuine().status == 200
            ends = [read_all(client) for client in slow]
        finally:
            stop.set()
        assert own.genuine().status == 200
    assert {end[:13] for end in ends[1::2]} == {b"HTTP/1.1 400 "}
    assert not any(end.startswith(b"HTTP/1.1 200") for end in ends)


def read_all(client: socket.socket) -> bytes:
    received = b""
    with client, suppress(ConnectionResetError):
        while piece := client.recv(65536):
            received += piece
    return received


class Load:
    """Clients that send genuine requests, each on a connection that it keeps, until they are told to stop.

    A request is lost if it was sent in whole and no answer came.
    """

    def __init__(self, service: Service, clients: int) -> None:
        self.answered, self.lost, self.refused = [0] * clients, [0] * clients, [0] * clients
        self.statuses: set[int] = set()
        self._service, self._over = service, threading.Event()
        self._body = json.dumps(launch()).encode()
        self._headers = signed(self._body)
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(clients)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        wait_for(lambda: min(self.answered) > 5, "load")
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        connection = self._service.connection()
        while not self._over.is_set():
            try:
                if connection.sock is None:
                    connection.connect()
            except OSError:
                self.refused[number] += 1
                time.sleep(0.01)
                continue
            try:
                answer = self._service.send(self._body, self._headers, connection=connection)
                self.statuses.add(answer.status)
                self.answered[number] += 1
            except (OSError, http.client.HTTPException):
                self.lost[number] += 1
                connection.close()
        connection.close()


def test_a_killed_worker_loses_its_own_requests_and_is_replaced(service: Service) -> None:
    wait_for(lambda: len(service.workers()) == 2, "two workers")
    before = service.workers()
    with Load(service, 8) as load:
        victim = before[0]
        os.kill(victim, signal.SIGSTOP)  # so that its connections can be counted
        connections = established(victim)
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(service.workers()) == 2 and victim not in service.workers(), "a new worker")
        so_far = list(load.answered)
        wait_for(lambda: all(now > then for now, then in zip(load.answered, so_far, strict=True)), "all go on")
    assert sum(load.lost) <= connections <= 8
    assert load.statuses == {200}
    assert before[1] in service.workers()


def established(process: int) -> int:
    """How many connections a process holds."""
    links = []
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            links.append(str(entry.readlink()))
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(row[9] in inodes and row[3] == "01" for row in rows)


def test_a_stop_under_load_loses_nothing(tmp_path: Path, host: CertificateHost) -> None:
    with running(tmp_path, host.origin) as own, Load(own, 8) as load:
        own.process.send_signal(signal.SIGTERM)
        assert own.process.wait(30) == 0
    assert sum(load.lost) == 0 and min(load.answered) > 0
    assert load.statuses == {200}


def test_a_request_under_way_is_finished_before_the_stop(tmp_path: Path, host: CertificateHost) -> None:
    host.enough.clear()
    host.asked.clear()
    with running(tmp_path, host.origin) as own, ThreadPoolExecutor() as pool:
        waiting = pool.submit(own.genuine, "silent-2")
        wait_for(lambda: "/echo.api/silent-2.pem" in host.asked, "the request is under way")
        own.process.send_signal(signal.SIGTERM)
        assert waiting.result().status == 503


# -- anything at all

KNOWN = ("version", "session", "context", "request", "type", "locale", "timestamp", "intent", "slots", "attributes")
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200)


@given(body=st.binary(max_size=400), url=HEADER | st.just(URL.format("good")), seal=HEADER, kind=HEADER)
def test_whatever_is_sent_is_refused(client: Any, body: bytes, url: str, seal: str, kind: str) -> None:
    headers = {"SignatureCertChainUrl": url, "Signature-256": seal, "Content-Type": kind}
    assert 400 <= client.post("/", data=body, headers=headers).status_code < 500
    headers["Content-Type"] = "application/json"
    assert 400 <= client.post("/", data=body, headers=headers).status_code < 500


@given(st.binary(max_size=400) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_signed_is_no_error_of_ours(client: Any, body: bytes) -> None:
    assert client.post("/", data=body, headers=signed(body)).status_code < 500


@given(st.dictionaries(st.sampled_from(KNOWN), ANY_JSON), st.dictionaries(st.sampled_from(KNOWN), ANY_JSON))
def test_whatever_alexa_sends_is_answered(client: Any, request_: dict[str, Any], session: dict[str, Any]) -> None:
    envelope = launch()
    envelope["request"] = {**request_, **{key: envelope["request"][key] for key in ("type", "timestamp")}}
    envelope["session"] |= session
    answer = post(client, envelope)
    assert answer.status_code == 200 and "<speak>" in answer.json["response"]["outputSpeech"]["ssml"]


@settings(max_examples=50)
@given(st.binary(max_size=300), st.sampled_from([b"", b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n"]))
def test_whatever_comes_in_over_the_wire_is_no_error_of_ours(service: Service, rest: bytes, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as wire:
        with suppress(OSError):
            wire.sendall(start + rest)
            wire.shutdown(socket.SHUT_WR)
        answer = read_all(wire)
    assert not answer.startswith(b"HTTP/1.1 5")


# -- logs, settings, roots, the SDK's import


def test_the_logs_are_json_and_name_nobody(service: Service) -> None:
    envelope = launch()
    slots = {"muscle": {"name": "muscle", "value": "SECRETSLOT"}}
    envelope["request"] |= {"type": "IntentRequest", "intent": {"name": "CrampNowIntent", "slots": slots}}
    assert service.genuine(envelope=envelope).status == 200
    line = service.logged()[-1]
    assert {"time", "level", "path", "status", "ms", "type"} <= set(line) and line["type"] == "IntentRequest"
    everything = json.dumps(service.log())
    for secret in (USER_ID, "SECRETSLOT", "CrampNow", "127.0.0.1:", "Traceback", SKILL_ID):
        assert secret not in everything.replace(f"http://127.0.0.1:{service.port}", "")


def test_what_alexa_reports_is_one_line_without_its_message(service: Service) -> None:
    envelope = launch()
    error = {"type": "INVALID_RESPONSE", "message": "SECRETMESSAGE"}
    envelope["request"] |= {"type": "SessionEndedRequest", "reason": "ERROR", "error": error}
    before = len(service.log())
    assert json.loads(service.genuine(envelope=envelope).body)["response"] == {}
    new = service.log()[before:]
    reported = "alexa reported: type=SessionEndedRequest reason=ERROR error=INVALID_RESPONSE code=-"
    assert [line["message"] for line in new if line["logger"] == "cramp_coach"] == [reported]
    assert "SECRETMESSAGE" not in json.dumps(new)


def test_it_is_alive_and_ready(service: Service) -> None:
    for path, said in (("/health/live", {"live": True}), ("/health/ready", {"ready": True})):
        answer = service.send(method="GET", path=path)
        assert answer.status == 200 and json.loads(answer.body) == said


def test_who_cannot_say_the_first_step_is_not_ready(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cramp_coach.guard.answer", lambda *_: {"response": {}})
    assert client.get("/health/ready").status_code == 503


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({}, "SKILL_ID is not set"),
        ({"SKILL_ID": " "}, "SKILL_ID is not set"),
        ({"SKILL_ID": "cramp coach"}, "SKILL_ID is not a skill id"),
        ({"SKILL_ID": "amzn1.ask.skill."}, "SKILL_ID is not a skill id"),
        ({"SKILL_ID": SKILL_ID, "BIND": "127.0.0.1:99999"}, "BIND=127.0.0.1:99999"),
        ({"SKILL_ID": SKILL_ID, "BIND": "127.0.0.1:0"}, "BIND=127.0.0.1:0"),
        ({"SKILL_ID": SKILL_ID, "BIND": "127.0.0.1:x"}, "BIND=127.0.0.1:x"),
        ({"SKILL_ID": SKILL_ID, "BIND": "127.0.0.1"}, "BIND=127.0.0.1"),
        ({"SKILL_ID": SKILL_ID, "BIND": "::1:80"}, "BIND=::1:80"),
        ({"SKILL_ID": SKILL_ID, "BIND": "unix:"}, "BIND=unix:"),
        ({"VERIFY": "off", "BIND": "0.0.0.0:8080"}, "BIND=0.0.0.0:8080"),
        ({"VERIFY": "off", "BIND": "[::]:8080"}, "BIND="),
        ({"VERIFY": "off", "BIND": "unix:/run/skill.sock"}, "BIND="),
        ({"VERIFY": "off", "BIND": "127.0.0.1.example.org:8080"}, "BIND="),
        ({"VERIFY": "no"}, "VERIFY=no"),
        ({"VERIFY": "off", "SKILL_ID": SKILL_ID, "BIND": "192.168.1.2:8080"}, "BIND="),
        ({"SKILL_ID": SKILL_ID, "WORKERS": "two"}, "WORKERS=two"),
        ({"SKILL_ID": SKILL_ID, "THREADS": "0"}, "THREADS=0"),
        ({"SKILL_ID": SKILL_ID, "READ_SECONDS": "-1"}, "READ_SECONDS=-1"),
    ],
)
def test_a_setting_that_makes_no_sense_keeps_it_from_starting(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingError, match=re.escape(complaint)):
        read_settings(environment)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({}, "SKILL_ID is not set; set it"),
        ({"BIND": "127.0.0.1:99999"}, "BIND=127.0.0.1:99999; give"),
        ({"SKILL_ID": SKILL_ID, "BIND": "999.1.1.1:80"}, "BIND=999.1.1.1:80 can't be listened on ("),
        ({"SKILL_ID": SKILL_ID, "BIND": "192.0.2.1:8080"}, "BIND=192.0.2.1:8080 can't be listened on (Cannot assign"),
        ({"SKILL_ID": SKILL_ID, "BIND": "unix:/nonexistent/x"}, "BIND=unix:/nonexistent/x can't be listened on"),
        ({"SKILL_ID": SKILL_ID, "BIND": "unix:/dev/null"}, "BIND=unix:/dev/null can't be listened on"),
    ],
)
def test_a_start_that_cannot_be_says_so_in_a_line(settings: dict[str, str], complaint: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SKILL_ID"} | settings
    command = [sys.executable, "-m", "selfhost"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2 and run.stdout == ""
    assert run.stderr.count("\n") == 1 and run.stderr.startswith(f"selfhost: {complaint}")


def test_a_socket_that_is_a_file_can_be_listened_on(tmp_path: Path) -> None:
    check_bind(f"unix:{tmp_path}/skill.sock")
    with socket.socket(socket.AF_UNIX) as before:
        before.bind(str(tmp_path / "skill.sock"))
    check_bind(f"unix:{tmp_path}/skill.sock")


def test_every_line_of_the_log_is_json_whoever_writes_it(tmp_path: Path) -> None:
    """A library warns while it is imported, and the interpreter would print that in its own way."""
    (tmp_path / "certifi.py").write_text(f"""
import pathlib, warnings
warnings.warn("a library has something to say")
where = lambda: {certifi.where()!r}
contents = lambda: pathlib.Path(where()).read_text("ascii")
""")
    settings = {"VERIFY": "off", "PYTHONPATH": str(tmp_path)}
    with serving(tmp_path, ["-m", "selfhost"], free_port(), **settings) as own:
        assert own.send(json.dumps(launch()).encode(), {"Content-Type": "application/json"}).status == 200
        assert ["something to say" in line["message"] for line in own.log() if line["logger"] == "py.warnings"] == [
            True
        ]


def test_loopback_alone_may_go_unverified() -> None:
    for bind in ("127.0.0.1:8080", "localhost:1", "[::1]:8080", "127.8.8.8:80"):
        assert not read_settings({"VERIFY": "off", "BIND": bind}).verify
    assert read_settings({"SKILL_ID": SKILL_ID, "BIND": "0.0.0.0:80"}).verify


def test_unverified_it_answers_anybody_but_never_for_another_skill(monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = create_app("", verify=False).test_client()
    assert client.post("/", json=launch()).status_code == 200
    monkeypatch.setenv("SKILL_ID", "amzn1.ask.skill.somebody-else")
    assert client.post("/", json=launch()).status_code == 400


def test_no_app_is_made_that_would_let_everybody_in_by_mistake() -> None:
    with pytest.raises(ValueError, match="without the skill's id"):
        create_app("")


def test_amazons_real_chain_of_2023_is_trusted_at_its_time_and_not_today() -> None:
    """Against Mozilla's roots. It is from the tests of npm's alexa-verifier; Amazon served it to everybody."""
    chain = (Path(__file__).parent / "certificates" / "echo-api-cert-12.pem").read_bytes()
    store = Store(trusted_roots())
    signer = signer_of(chain, store, datetime(2023, 6, 1, tzinfo=UTC))
    assert datetime.fromtimestamp(signer.until, UTC) == datetime(2023, 12, 23, 23, 59, 59, tzinfo=UTC)
    for wrong in (datetime(2023, 3, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC), datetime.now(UTC)):
        with pytest.raises(VerificationException):
            signer_of(chain, store, wrong)
    with pytest.raises(VerificationException):
        signer_of(chain, Store([root()]), datetime(2023, 6, 1, tzinfo=UTC))


def test_a_root_that_cannot_be_read_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = certifi.contents()
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    monkeypatch.setattr(certifi, "contents", lambda: broken + real + broken)
    assert len(trusted_roots()) == real.count("BEGIN CERTIFICATE")


def test_the_sdk_still_does_not_import_by_itself() -> None:
    """On the day it does, selfhost/sdk.py has done its work: import the SDK directly."""
    library = ctypes.CDLL(ctypes.util.find_library("crypto"))
    library.OpenSSL_version.restype = ctypes.c_char_p
    version = library.OpenSSL_version(0).decode()
    if re.search(r"\b\d\.\d\.\d\b", version):
        pytest.skip(f"oscrypto can read the version of this {version}")
    run = subprocess.run([sys.executable, "-c", "import flask_ask_sdk.skill_adapter"], capture_output=True, text=True)
    assert "Error detecting the version of libcrypto" in run.stderr, "delete the stand-ins in selfhost/sdk.py"


def test_the_stand_ins_are_gone_once_the_sdk_is_there() -> None:
    probe = "import sys, selfhost.sdk; print([name for name in sys.modules if 'certvalidator' in name])"
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == "[]\n", run.stderr


# -- what the documentation and the examples promise


def test_every_setting_is_documented_with_its_default() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\|", (ROOT / "docs/self-hosting.md").read_text("utf-8"), re.M)
    spelled = {True: "on"}
    defaults = {name.upper(): str(spelled.get(value, value)) for name, value in vars(Settings()).items()}
    assert dict(table) == defaults


def test_the_image_copies_all_that_the_service_needs(tmp_path: Path) -> None:
    """The image itself needs a Docker daemon; that what is copied is enough doesn't."""
    for line in (ROOT / "selfhost/deploy/Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY "):
            source, target = line.split()[1:]
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, tmp_path / target)
    probe = "from selfhost.app import create_app; print(create_app('x').test_client().get('/health/ready').json)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.stdout == "{'ready': True}\n", run.stderr


@pytest.mark.needs("wrk")
def test_at_full_speed_no_request_fails(tmp_path: Path, host: CertificateHost) -> None:
    """To a service of its own: what wrk leaves under way when it stops is logged later, among other tests' requests."""
    from tools.bench.selfhost import load

    with running(tmp_path, host.origin) as own:
        figures = load(own, seconds=1)
    assert figures["errors"] == 0 and figures["requests/s"] > 0


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_chain_is_good_enough_here_that_is_not_for_amazons_own_verifier() -> None:
    """Amazon's is fixed as for the benchmark, so this also says that what is measured beside ours is at work."""
    from tools.bench.selfhost import amazons_verifier

    amazons, store = amazons_verifier(chains()["good"]), Store([root()])
    body = json.dumps(launch()).encode()

    def amazons_opinion(name: str, chain: bytes) -> bool:
        amazons._cert_cache[URL.format(name)] = chain
        try:
            amazons.verify(signed(body, name), body.decode(), None)
        except Exception:
            return False
        return True

    def our_opinion(chain: bytes) -> bool:
        try:
            signer_of(chain, store, datetime.now(UTC))
        except VerificationException:
            return False
        return True

    assert amazons_opinion("good", chains()["good"])
    for name, chain in chains().items():
        assert amazons_opinion(name, chain) or not our_opinion(chain), name

"""The proxies' examples in selfhost/deploy/: what they pass on, what they refuse, and whom they keep waiting."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tools.service import ROOT, CertificateHost, Service, free_port, launch, running
from tools.waiting import wait_for

DEPLOY = ROOT / "selfhost/deploy"
HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
HALF_SENT = HEAD + b"Content-Length: 200000\r\n\r\n{" + b" " * 9000


def example(name: str, service: int, port: int) -> str:
    """An example, between these two ports instead of its own, without TLS and, in effect, without an end to waiting."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in [
        ("127.0.0.1:8080", f"127.0.0.1:{service}"),
        (r"\b10s\b", "600s"),
        (r"listen 443 ssl http2", f"listen 127.0.0.1:{port}"),
        (r"ssl_certificate\w* .*", ""),
        (r"(?m)^cramp-coach\.example\.org \{", f"http://127.0.0.1:{port} {{"),
    ]:
        text = re.sub(old, new, text)
    return text


def nginx(folder: Path, service: int, port: int) -> list[str]:
    """The command that runs nginx's example."""
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    head = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
    configuration.write_text(f"{head}http {{ access_log off; {paths}\n{example('nginx.conf', service, port)}}}\n")
    return ["nginx", "-p", str(folder), "-c", str(configuration)]


def caddy(folder: Path, service: int, port: int) -> list[str]:
    """The command that runs Caddy's example, as its comment says for an old Caddy."""
    text = example("Caddyfile", service, port).replace("{\n", "{\n\tadmin off\n", 1)
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < (2, 6, 3):
        text = re.sub(r"(?m)^\s*request_buffers .*", "", text)
        text = re.sub(r"# (buffer_requests|max_buffer_size)", r"\1", text)
    configuration = folder / "Caddyfile"
    configuration.write_text(text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)]


@pytest.fixture(params=[pytest.param(run, marks=pytest.mark.needs(run.__name__)) for run in (nginx, caddy)])
def proxied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """The service, with a single thread, as it is reached through a proxy."""
    host, port = CertificateHost(), free_port()
    with (
        running(tmp_path, host.origin, WORKERS="1", THREADS="1", READ_SECONDS="600") as service,
        proxying(request.param(tmp_path, service.port, port), tmp_path),
    ):
        wait_for(lambda: listens(port), "the proxy")
        yield Service(service.process, port, tmp_path / "proxy.log")
    host.close()


@contextmanager
def proxying(command: list[str], folder: Path) -> Iterator[None]:
    own = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unread(port: int) -> list[bool]:
    """Of each connection that somebody has made to `port`, whether something that was sent is unread."""
    tables = (Path(f"/proc/net/{name}").read_text(encoding="ascii") for name in ("tcp", "tcp6"))
    rows = [row.split() for table in tables for row in table.splitlines()[1:]]
    made = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
    return [not row[4].endswith(":00000000") for row in made]


def test_slow_bodies_hold_up_nobody(proxied: Service) -> None:
    """With an end to them that is far away; the service has a thread for one at a time, so none may get there."""
    with ExitStack() as held:
        for _ in range(64):
            client = held.enter_context(socket.create_connection(("127.0.0.1", proxied.port), timeout=30))
            client.sendall(HALF_SENT)
        wait_for(lambda: unread(proxied.port) == [False] * 64, "the proxy has read what was sent")
        assert {proxied.genuine().status for _ in range(20)} == {200}


@pytest.mark.parametrize("size", [300_000, 10 * 1024 * 1024])
def test_a_body_that_is_too_long_is_refused_as_such(proxied: Service, size: int) -> None:
    assert proxied.send(b" " * size, {"Content-Type": "application/json"}).status == 413


def test_a_body_that_is_too_long_without_saying_so_is_refused_as_such(proxied: Service) -> None:
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=30) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n50000\r\n" + b" " * 0x50000 + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_busy_screens_request_goes_through_and_all_else_stays_outside(proxied: Service) -> None:
    assert proxied.genuine(envelope={**launch(), "padding": "x" * 200_000}).status == 200
    assert proxied.send(method="GET", path="/health/live").status == 404
    assert proxied.send(method="GET").status in (403, 404)

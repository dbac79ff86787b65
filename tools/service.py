"""A running service to send requests to: certificates, their host, and the server itself, for tests and benchmark.

`python -m tools.service ROOT.pem ORIGIN` serves the skill as `python -m selfhost` does, but for the
certificates it trusts and where it fetches them.
"""

from __future__ import annotations

import base64
import http.client
import inspect
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from selfhost.app import create_app
from selfhost.server import Server
from selfhost.settings import read_settings
from tools.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent
SKILL_ID = "amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
USER_ID = "amzn1.ask.account.SECRETUSER"
SIGNER = "echo-api.amazon.com"
URL = "https://s3.amazonaws.com/echo.api/{}.pem"

KEYS = ("leaf", "weak", SIGNER, "Root", "Intermediate", "Old intermediate", "Foreign intermediate", "Other root")


@cache
def keys() -> dict[str, rsa.RSAPrivateKey]:
    """All keys there are, by name. They are made together, in one thread, before anybody can ask for one."""
    return {name: rsa.generate_private_key(65537, 1024 if name == "weak" else 2048) for name in KEYS}


def key(name: str) -> rsa.RSAPrivateKey:
    """A key by name."""
    return keys()[name]


@dataclass(frozen=True)
class Authority:
    """Who issues certificates: a name, a key, and who stands above (nobody: a root)."""

    name: str
    above: Authority | None = None
    days: tuple[float, float] = (-30, 300)

    @property
    def certificate(self) -> x509.Certificate:
        """Its own, signed by whoever stands above."""
        return _certificate(self.name, key(self.name), self.above or self, self.days, is_authority=True, named=False)


def _certificate(
    name: str,
    its_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    issuer: Authority,
    days: tuple[float, float] = (-1, 90),
    *,
    is_authority: bool = False,
    named: bool = True,
    only_encipher: bool = False,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> x509.Certificate:
    now = datetime.now(UTC)
    public, above = its_key.public_key(), key(issuer.name).public_key()
    allowed = {
        **dict.fromkeys(inspect.signature(x509.KeyUsage).parameters, False),  # each has to be given
        "digital_signature": not only_encipher,
        "key_encipherment": not is_authority,
        "key_cert_sign": is_authority,
        "crl_sign": is_authority,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(f"CN={name}"))
        .issuer_name(x509.Name.from_rfc4514_string(f"CN={issuer.name}"))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
        .add_extension(x509.KeyUsage(**allowed), critical=True)
    )
    if named:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return builder.sign(key(issuer.name), SHA256())


def pem(*certificates: x509.Certificate) -> bytes:
    """Certificates as PEM, one after the other."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


RSA = bytes.fromhex("06092a864886f70d010101")  # how a certificate says that its key is one of RSA


def mutilated(certificate: x509.Certificate, old: bytes, new: bytes) -> bytes:
    """A certificate of the intermediate's with some of its bytes replaced, signed again, as PEM."""
    signed_part = certificate.tbs_certificate_bytes
    changed = signed_part.replace(old, new)
    if changed == signed_part or len(changed) != len(signed_part):
        raise ValueError(f"the certificate has no {old.hex()} to replace by as many bytes")
    seal = key("Intermediate").sign(changed, padding.PKCS1v15(), SHA256())
    made = certificate.public_bytes(Encoding.DER).replace(signed_part, changed).replace(certificate.signature, seal)
    return ssl.DER_cert_to_PEM_cert(made).encode()


TRUSTED = Authority("Root")
MIDDLE = Authority("Intermediate", TRUSTED)


@cache
def root() -> x509.Certificate:
    """The root that the service under test trusts."""
    return TRUSTED.certificate


@cache
def chains() -> dict[str, bytes]:
    """Certificate chains by name; only the first is good."""
    leaf_key, middle = key("leaf"), MIDDLE.certificate
    old, stranger = Authority("Old intermediate", TRUSTED, (-30, -1)), Authority("Other root")
    foreign = Authority("Foreign intermediate", stranger)
    good = _certificate(SIGNER, leaf_key, MIDDLE)
    curve = ec.generate_private_key(ec.SECP256R1())
    return {
        "good": pem(good, middle, root()),
        "self-signed": pem(_certificate(SIGNER, key(SIGNER), Authority(SIGNER))),
        "expired": pem(_certificate(SIGNER, leaf_key, MIDDLE, (-20, -1)), middle),
        "not-yet-valid": pem(_certificate(SIGNER, leaf_key, MIDDLE, (1, 20)), middle),
        "wrong-name": pem(_certificate("echo-api.amazon.com.example.org", leaf_key, MIDDLE), middle),
        "wildcard": pem(_certificate("*.com", leaf_key, MIDDLE), middle),
        "wrong-root": pem(_certificate(SIGNER, leaf_key, foreign), foreign.certificate, stranger.certificate),
        "missing-intermediate": pem(good),
        "expired-intermediate": pem(_certificate(SIGNER, leaf_key, old), old.certificate),
        "leaf-is-authority": pem(_certificate(SIGNER, leaf_key, MIDDLE, is_authority=True), middle),
        "intermediate-as-leaf": pem(middle, root()),
        "client-only": pem(_certificate(SIGNER, leaf_key, MIDDLE, usage=ExtendedKeyUsageOID.CLIENT_AUTH), middle),
        "not-for-signing": pem(_certificate(SIGNER, leaf_key, MIDDLE, only_encipher=True), middle),
        "reversed": pem(root(), middle, good),
        "weak-key": pem(_certificate(SIGNER, key("weak"), MIDDLE), middle),
        "curve": pem(_certificate(SIGNER, curve, MIDDLE), middle),
        "unknown-version": mutilated(good, bytes.fromhex("a003020102"), bytes.fromhex("a003020105")) + pem(middle),
        "unknown-key": mutilated(good, RSA, RSA[:-1] + b"\x7f") + pem(middle),
        "cut-off": pem(good, middle)[:1500],
        "garbage": b"\x00\xff not a certificate",
        "empty": b"",
        "huge": pem(good, middle) + b"#" * 1024 * 1024,
    }


class CertificateHost:
    """An HTTP server in the place of Amazon's. Counts what it was asked for."""

    def __init__(self) -> None:
        self._chains = chains()  # before any of the server's threads can ask for them
        self.asked: list[str] = []
        self.enough = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                host.asked.append(self.path)
                with suppress(OSError):
                    host.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """What stands at /echo.api/NAME.pem: a chain, or a way to fail. Slow ones go on until there is `enough`."""
        name = handler.path.removeprefix("/echo.api/").removesuffix(".pem")
        if name.startswith("silent"):
            self.enough.wait()
        if name.startswith(("dropped", "silent")):
            handler.close_connection = True
            return
        status = {"broken": 500, "moved": 302, "absent": 403}.get(name, 200)
        body = self._chains.get(name, self._chains["good"])
        head = f"HTTP/1.1 {status} -\r\nLocation: /echo.api/good.pem\r\n".encode()
        if not name.startswith("slow-headers"):
            head += f"Content-Length: {100_000 if name == 'slow-body' else len(body)}\r\n\r\n".encode()
        if name.startswith("slow"):
            handler.wfile.write(head)
            while not self.enough.wait(0.3):
                handler.wfile.write(b"X")
            handler.close_connection = True
        else:
            handler.wfile.write(head + body)

    def close(self) -> None:
        """No more answers."""
        self.enough.set()
        self._server.shutdown()
        self._server.server_close()


def launch(seconds: float = 0) -> dict[str, Any]:
    """A launch request as Alexa sends it, `seconds` away from now."""
    application = {"applicationId": SKILL_ID}
    user = {"userId": USER_ID}
    system = {"application": application, "user": user, "device": {"deviceId": "d", "supportedInterfaces": {}}}
    return {
        "version": "1.0",
        "session": {"new": True, "sessionId": "s", "application": application, "user": user, "attributes": {}},
        "context": {"System": system},
        "request": {
            "type": "LaunchRequest",
            "requestId": "r",
            "timestamp": (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "locale": "en-US",
        },
    }


def signature(body: bytes, digest: HashAlgorithm | None = None, with_key: str = "leaf") -> str:
    """The signature of a body, as its header has it."""
    return base64.b64encode(key(with_key).sign(body, padding.PKCS1v15(), digest or SHA256())).decode("ascii")


def signed(body: bytes, chain: str = "good") -> dict[str, str]:
    """The headers that make `body` a genuine request."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "SignatureCertChainUrl": URL.format(chain),
        "Signature-256": signature(body),
    }


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def speech(self) -> str:
        """What Alexa would say."""
        return str(json.loads(self.body)["response"]["outputSpeech"]["ssml"])


class Service:
    """The service in a process of its own, as it runs in production."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self._log = process, port, log
        self._read = 0

    def connection(self) -> http.client.HTTPConnection:
        """A new connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def send(
        self,
        body: bytes = b"",
        headers: dict[str, str] | Sequence[tuple[str, str]] = (),
        method: str = "POST",
        path: str = "/",
        connection: http.client.HTTPConnection | None = None,
    ) -> Answer:
        """Send a request; on a connection of its own if none is given."""
        own = connection or self.connection()
        try:
            own.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items() if isinstance(headers, dict) else headers:
                own.putheader(name, value)
            own.putheader("Content-Length", str(len(body)))
            own.endheaders()
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was sent in whole
                own.send(body)
            response = own.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            if not connection:
                own.close()

    def genuine(self, chain: str = "good", envelope: dict[str, Any] | None = None) -> Answer:
        """Send what Alexa would: a launch, or another envelope, signed."""
        body = json.dumps(envelope or launch()).encode()
        return self.send(body, signed(body, chain))

    def log(self) -> list[dict[str, Any]]:
        """Every line that was logged; each is JSON."""
        return [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]

    def logged(self, message: str = "request") -> list[dict[str, Any]]:
        """What was logged since the last time this was asked."""
        lines = [line for line in self.log() if line["message"] == message]
        new, self._read = lines[self._read :], len(lines)
        return new

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]

    def memory(self) -> int:
        """Bytes that the workers hold, resident."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) for pid in self.workers())
        return pages * os.sysconf("SC_PAGE_SIZE")


# Below those that the system gives out, and others in each process: until a server has one, nobody else gets it.
PORTS = cycle(10_000 + os.getpid() % 200 * 100 + number for number in range(100))


def free_port() -> int:
    """A port that nobody listens on. Raises OSError if there is none."""
    for port in islice(PORTS, 100):
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: what was closed is free
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


@contextmanager
def serving(folder: Path, command: Sequence[str], port: int, **settings: str) -> Iterator[Service]:
    """A server that `command` starts, from when it is ready until it is stopped."""
    log = folder / f"service-{port}.log"
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", **settings}
    with log.open("wb") as stderr:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=stderr)
    service = Service(process, port, log)
    try:
        wait_for(lambda: _ready(service), log)
        yield service
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def running(folder: Path, origin: str, **settings: str) -> Iterator[Service]:
    """The service, trusting our root and fetching from `origin`."""
    trusted = folder / "root.pem"
    trusted.write_bytes(pem(root()))
    command = ["-m", "tools.service", str(trusted), origin]
    with serving(folder, command, free_port(), **{"SKILL_ID": SKILL_ID, **settings}) as service:
        yield service


def _ready(service: Service) -> bool:
    if service.process.poll() is not None:
        raise AssertionError(f"the service stopped: {service.process.returncode}")
    try:
        return service.send(method="GET", path="/health/ready").status == 200
    except OSError:
        return False


def main() -> None:
    """Serve until stopped."""
    trusted, origin = x509.load_pem_x509_certificates(Path(sys.argv[1]).read_bytes()), sys.argv[2]
    settings = read_settings(os.environ)
    app = lambda: create_app(settings.skill_id, roots=trusted, origin=origin, body_bytes=settings.body_bytes)  # noqa: E731
    Server(app, settings).run()


if __name__ == "__main__":
    main()

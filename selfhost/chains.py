"""Certificate chains: fetched from Amazon, verified once, and kept while they may be.

Only what has been verified is kept, so nobody can push a good chain out with bad ones, or fill the memory.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from threading import Lock, Timer
from urllib.parse import urlsplit

import certifi
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError
from werkzeug.exceptions import ServiceUnavailable

from .sdk import VerificationException

AMAZON = "https://s3.amazonaws.com"
SIGNER = x509.DNSName("echo-api.amazon.com")

MAX_KEPT = 16  # Amazon signs with one or two certificates at a time
KEPT_SECONDS = 24 * 60 * 60.0
FETCHES = 4  # at a time; there are never more than a few certificates to fetch
FETCH_SECONDS = 3.0  # in all; Alexa gives up after about 8
KEY_BITS = 2048
CHAIN_BYTES = 64 * 1024  # Amazon's are under 8 KB

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class HostUnavailableError(ServiceUnavailable):
    """The host of the certificates is out of reach: this request can't be verified now."""

    description = "The signing certificate can't be fetched now."
    retry_after = 5


def _may_sign(policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature:
        raise ValueError("not for signing")


# As for a web server's certificate, and the key has to be for signing.
ISSUERS = ExtensionPolicy.webpki_defaults_ca()
SIGNERS = ExtensionPolicy.webpki_defaults_ee().require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)


# What cryptography makes of a chain that can't be read, or leads nowhere.
UNTRUSTED = (
    ValueError,
    VerificationError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True)
class Signer:
    """A key that Amazon signs with, and until when it may be used (seconds since 1970)."""

    key: RSAPublicKey
    until: float


class Chains:
    """The signing keys behind certificate paths.

    `roots` are the certificates to trust; `origin` is where paths are fetched from, without a slash at
    its end. Both are arguments for the sake of tests: no setting of the service reaches them.
    """

    def __init__(self, roots: Iterable[x509.Certificate], origin: str = AMAZON) -> None:
        self._store = Store(list(roots))
        self._origin = urlsplit(origin)
        self._tls = ssl.create_default_context(cafile=certifi.where())
        self._pool = ThreadPoolExecutor(FETCHES, "certificates")
        self._lock = Lock()
        self._kept: OrderedDict[str, Signer] = OrderedDict()
        self._coming: dict[str, Future[Signer]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def key(self, path: str) -> RSAPublicKey:
        """The key behind the chain at `path`, such as "/echo.api/echo-api-cert-12.pem".

        One fetch at a time for a path; whoever asks meanwhile waits for the same one.
        Raises VerificationException if there is no good chain, HostUnavailableError if nobody knows.
        """
        with self._lock:
            signer = self._kept.get(path)
            if signer and time.time() < signer.until:
                self._kept.move_to_end(path)
                return signer.key
            coming = self._coming.get(path)
            if coming is None:
                if len(self._coming) >= FETCHES:
                    raise HostUnavailableError
                coming = self._coming[path] = self._pool.submit(self._bring, path)
        try:
            return coming.result(FETCH_SECONDS).key
        except TimeoutError:
            raise HostUnavailableError from None

    def _bring(self, path: str) -> Signer:
        try:
            now = datetime.now(UTC)
            signer = signer_of(self._fetch(path), self._store, now)
            with self._lock:
                self._kept[path] = Signer(signer.key, min(signer.until, now.timestamp() + KEPT_SECONDS))
                self._kept.move_to_end(path)
                while len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
            return signer
        finally:
            with self._lock:
                del self._coming[path]

    def _fetch(self, path: str) -> bytes:
        """What stands at `path`. Follows no redirect, and knows no proxy or password from the environment."""
        deadline = time.monotonic() + FETCH_SECONDS
        try:
            with self._connected(deadline) as connection:
                connection.request("GET", path)
                response = connection.getresponse()
                chain = response.read(CHAIN_BYTES + 1)
                cut_off = bool(response.length) and len(chain) <= CHAIN_BYTES
        except (OSError, HTTPException) as error:
            raise HostUnavailableError from error
        if response.status >= 500 or cut_off or time.monotonic() > deadline:
            raise HostUnavailableError
        if response.status != 200:
            raise VerificationException("no certificate at SignatureCertChainUrl")
        if len(chain) > CHAIN_BYTES:
            raise VerificationException("what SignatureCertChainUrl holds is too long")
        return chain

    @contextmanager
    def _connected(self, deadline: float) -> Iterator[HTTPConnection]:
        """A connection that ends at `deadline`, whatever it is doing then. Raises OSError.

        A time limit of a socket is for one read: a host that sends a byte now and then is never late.
        """
        host, encrypted = self._origin.hostname or "", self._origin.scheme == "https"
        connection = HTTPConnection(host, self._origin.port or (443 if encrypted else 80))
        with _reached(host, connection.port, deadline) as plain, plain.dup() as twin:
            end = Timer(deadline - time.monotonic(), _hang_up, [twin])
            end.daemon = True
            end.start()
            try:
                connection.sock = self._tls.wrap_socket(plain, server_hostname=host) if encrypted else plain
                yield connection
            finally:
                end.cancel()
                connection.close()


def _reached(host: str, port: int, deadline: float) -> socket.socket:
    """A socket to the first of the host's addresses that answers before `deadline`. Raises OSError."""
    reason = OSError("no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(max(deadline - time.monotonic(), 0.001))
            plain.connect(address)
            return plain
        except OSError as error:
            reason = error
            plain.close()
    raise reason


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):  # it is over already
        connected.shutdown(socket.SHUT_RDWR)


def signer_of(pem: bytes, store: Store, now: datetime) -> Signer:
    """The signing key of a chain (leaf first), verified at `now` up to a root in `store`.

    Raises VerificationException if it can't be trusted.
    """
    try:
        leaf, *intermediates = x509.load_pem_x509_certificates(pem)
        policies = PolicyBuilder().store(store).time(now).extension_policies(ca_policy=ISSUERS, ee_policy=SIGNERS)
        verifier = policies.build_server_verifier(SIGNER)
        chain = verifier.verify(leaf, intermediates)
        key = leaf.public_key()
    except UNTRUSTED as error:
        raise VerificationException("the certificate chain can't be trusted") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < KEY_BITS:
        raise VerificationException("the certificate's key is not a strong RSA key")
    return Signer(key, min(certificate.not_valid_after_utc.timestamp() for certificate in chain))


def trusted_roots() -> list[x509.Certificate]:
    """Mozilla's roots, from certifi. One that can't be read (there are odd old ones) costs itself, not the others."""
    roots = []
    for pem in PEM.findall(certifi.contents().encode("ascii")):
        # warnings are about serial numbers, which are Mozilla's affair
        with suppress(ValueError), warnings.catch_warnings(action="ignore"):
            roots.append(x509.load_pem_x509_certificate(pem))
    return roots

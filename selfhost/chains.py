"""Certificate chains: fetched from Amazon, verified once, and kept while they may be.

Only what has been verified is kept, so nobody can push a good chain out with bad ones, or fill the memory.
"""

from __future__ import annotations

import re
import time
import warnings
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

import certifi
import urllib3  # without what requests adds: no redirects, proxies or passwords from the environment
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError
from werkzeug.exceptions import ServiceUnavailable

from .sdk import VerificationException

AMAZON = "https://s3.amazonaws.com"
SIGNER = x509.DNSName("echo-api.amazon.com")

KEPT = 16  # Amazon signs with one or two certificates at a time
KEPT_SECONDS = 24 * 60 * 60.0
FETCHES = 4  # at a time; there are never more than a few certificates to fetch
READ_SECONDS = 2.0
FETCH_SECONDS = 3.0  # Alexa gives up after about 8
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
        self._origin = origin
        self._http = urllib3.PoolManager(
            maxsize=FETCHES,
            timeout=urllib3.Timeout(connect=READ_SECONDS, read=READ_SECONDS),
            retries=False,
            ca_certs=certifi.where(),
        )
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
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return signer
        finally:
            with self._lock:
                del self._coming[path]

    def _fetch(self, path: str) -> bytes:
        deadline = time.monotonic() + FETCH_SECONDS
        try:
            response = self._http.request("GET", self._origin + path, redirect=False, preload_content=False)
            try:
                if response.status >= 500:
                    raise HostUnavailableError
                if response.status != 200:
                    raise VerificationException("no certificate at SignatureCertChainUrl")
                chain = b""
                while piece := response.read1(CHAIN_BYTES):
                    chain += piece
                    if len(chain) > CHAIN_BYTES:
                        raise VerificationException("what SignatureCertChainUrl holds is too long")
                    if time.monotonic() > deadline:
                        raise HostUnavailableError
            except BaseException:
                response.close()  # a connection with something left in it is of no further use
                raise
            response.release_conn()
            return chain
        except urllib3.exceptions.HTTPError as error:
            raise HostUnavailableError from error


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
    except (ValueError, VerificationError, x509.UnsupportedGeneralNameType) as error:
        raise VerificationException("the certificate chain can't be trusted") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < KEY_BITS:
        raise VerificationException("the certificate's key is no strong RSA key")
    return Signer(key, min(certificate.not_valid_after_utc.timestamp() for certificate in chain))


def trusted_roots() -> list[x509.Certificate]:
    """Mozilla's roots, from certifi. One that can't be read (there are odd old ones) costs itself, not the others."""
    roots = []
    for pem in PEM.findall(certifi.contents().encode("ascii")):
        try:
            with warnings.catch_warnings(action="ignore"):  # about serial numbers, which are Mozilla's affair
                roots.append(x509.load_pem_x509_certificate(pem))
        except ValueError:
            continue
    return roots

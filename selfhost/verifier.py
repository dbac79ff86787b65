"""Whether a request comes from Alexa, is fresh, and is meant for this skill.

What Amazon asks for: https://developer.amazon.com/docs/custom-skills/host-a-custom-skill-as-a-web-service.html
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ask_sdk_webservice_support.verifier_constants import (
    ALEXA_SKILL_EVENT_LIST,
    CERT_CHAIN_URL_STARTPATH,
    MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS,
    MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS,
    SIGNATURE_CERT_CHAIN_URL_HEADER,
    SIGNATURE_HEADER,
)
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cramp_coach.envelope import application_id, request_type, table, text

from .chains import Chains
from .sdk import AbstractVerifier, VerificationException

# No user, query, fragment, escape or control character gets through: what is allowed is all there is.
CHAIN_URL = re.compile(r"(?i:https://s3\.amazonaws\.com)(?::443)?(/[A-Za-z0-9._~/-]+)")


class RequestVerifier(AbstractVerifier):
    """Verifies every request before the skill sees it.

    The cheap checks come first, though nothing is proven before the last: so whoever doesn't know
    the skill's id can't make this service fetch anything.
    """

    def __init__(self, chains: Chains, skill_id: str) -> None:
        self._chains = chains
        self._skill_id = skill_id

    def verify(self, headers: Mapping[str, str], serialized_request_env: str, deserialized_request_env: object) -> None:
        """Raises VerificationException if a request is not to be answered; its message quotes nothing of it."""
        path = chain_path(headers.get(SIGNATURE_CERT_CHAIN_URL_HEADER, ""))
        signature = _decoded(headers.get(SIGNATURE_HEADER, ""))
        if application_id(deserialized_request_env) != self._skill_id:
            raise VerificationException("the application id is not SKILL_ID")
        check_timestamp(deserialized_request_env, datetime.now(UTC))
        try:
            self._chains.key(path).verify(signature, serialized_request_env.encode("utf-8"), PKCS1v15(), SHA256())
        except InvalidSignature:
            raise VerificationException("the signature does not fit the body") from None


def chain_path(url: str) -> str:
    """The normalised path of a certificate chain's URL.

    Raises VerificationException unless it is Amazon's own: https, s3.amazonaws.com, port 443, under /echo.api/.
    """
    match = CHAIN_URL.fullmatch(url)
    path = posixpath.normpath(match[1]) if match else ""
    if not path.startswith(CERT_CHAIN_URL_STARTPATH):
        raise VerificationException(f"{SIGNATURE_CERT_CHAIN_URL_HEADER} is not Amazon's" if url else "no signature")
    return path


def check_timestamp(envelope: object, now: datetime) -> None:
    """Raises VerificationException unless the request was sent within 150 seconds of `now`, either way.

    Events of the skill itself (it was enabled, say) may be an hour old.
    """
    request = table(table(envelope).get("request"))
    try:
        away = abs((now - datetime.fromisoformat(text(request.get("timestamp")))).total_seconds()) * 1000
    except (TypeError, ValueError, OverflowError):  # naive, no timestamp at all, at the end of time
        raise VerificationException("the timestamp can't be read") from None
    event = request_type(envelope) in ALEXA_SKILL_EVENT_LIST
    if away > (MAX_SKILL_EVENT_TOLERANCE_IN_MILLIS if event else MAX_NORMAL_REQUEST_TOLERANCE_IN_MILLIS):
        raise VerificationException("the timestamp is too far from now")


def _decoded(signature: str) -> bytes:
    if not signature:
        raise VerificationException("no signature")
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        raise VerificationException("the signature is not base64") from None

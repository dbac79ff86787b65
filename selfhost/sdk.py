"""flask-ask-sdk, imported in spite of what it stands on.

`import flask_ask_sdk` fails wherever OpenSSL's patch number has two digits (3.0.10 and later, so on
Debian 12): its signature verifier imports certvalidator, that imports oscrypto, and oscrypto 1.3.0
can't read such a version. It has been fixed since 2023 and not released:
https://github.com/wbond/oscrypto/pull/76, https://github.com/wbond/oscrypto/issues/78.

Nothing here needs certvalidator: `verifier.py` takes the place of the SDK's verifier. So while the
SDK is imported, empty stand-ins answer to certvalidator's name. Should somebody switch the SDK's own
verifier on all the same, it can't build a validator, and lets nobody in.

A test fails on the day the SDK imports by itself; then this file comes down to its last imports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _stand_ins() -> Iterator[None]:
    certvalidator, errors = ModuleType("certvalidator"), ModuleType("certvalidator.errors")
    vars(certvalidator).update(CertificateValidator=None)
    vars(errors).update(PathError=Exception, ValidationError=Exception)
    ours = {module.__name__: module for module in (certvalidator, errors)}
    before = {name: sys.modules.get(name) for name in ours}
    sys.modules.update(ours)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


with _stand_ins():
    from ask_sdk_webservice_support.verifier import AbstractVerifier, VerificationException
    from flask_ask_sdk.skill_adapter import (
        VERIFY_SIGNATURE_APP_CONFIG,
        VERIFY_TIMESTAMP_APP_CONFIG,
        SkillAdapter,
    )

__all__ = [
    "VERIFY_SIGNATURE_APP_CONFIG",
    "VERIFY_TIMESTAMP_APP_CONFIG",
    "AbstractVerifier",
    "SkillAdapter",
    "VerificationException",
]

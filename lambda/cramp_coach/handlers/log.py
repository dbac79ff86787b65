"""The log: one line about what broke, and nothing about anybody.

What is logged of a request are names that Amazon gives out, such as ENDPOINT_TIMEOUT. A message is not: it could quote
a person. `re` and `logging` are imported only when something breaks: they would cost a cold start milliseconds.
"""

from __future__ import annotations

from ..envelope import request_type, rows, table

NAME = r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*"  # "Alexa.Presentation.APL.RuntimeError"
CODE = r"[A-Z][A-Z0-9_]{0,60}|[0-9]{1,5}"  # "INVALID_RESPONSE", 404


def log_failure(request_type: str, exception: BaseException) -> None:
    """Something of ours broke: what kind of request, what kind of error, where."""
    _log(f"request failed: type={_known(NAME, request_type)} error={type(exception).__name__} at={where(exception)}")


def where(exception: BaseException) -> str:
    """The function and line that raised it, such as "render:12"; "?" if it was never raised."""
    trace = exception.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"


def log_report(event: object) -> None:
    """What Alexa says went wrong, if that is what this request is for: why, which error, which code; "-" for none.

    The end of a session with an error, an exception that Alexa met, and a screen that broke.
    """
    kind, request = request_type(event), table(table(event).get("request"))
    errors = [each for each in (request.get("error"), *rows(request.get("errors"))) if table(each)]
    if not (errors or request.get("reason") == "ERROR" or kind.endswith((".RuntimeError", ".ExceptionEncountered"))):
        return
    reasons = _codes([request.get("reason"), *(error.get("reason") for error in errors)])
    types = _codes([error.get("type") for error in errors])
    codes = _codes([error.get("code") for error in errors])
    _log(f"alexa reported: type={_known(NAME, kind)} reason={reasons} error={types} code={codes}")


def _codes(values: list[object]) -> str:
    """Each of the values once, in order; what is no code of Amazon's is "?"."""
    given = [_known(CODE, value) for value in values if value not in (None, "")]
    return ",".join(dict.fromkeys(given)) or "-"


def _known(pattern: str, value: object) -> str:
    import re

    return str(value) if isinstance(value, str | int) and re.fullmatch(pattern, str(value)) else "?"


def _log(line: str) -> None:
    import logging

    logging.getLogger("cramp_coach").error(line)

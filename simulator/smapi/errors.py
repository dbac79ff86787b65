"""Errors as Amazon's Skill Management API words them: a message, and for a bad request what is wrong with it.

The codes are Amazon's own: https://developer.amazon.com/en-US/docs/alexa/smapi/error-codes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException

from simulator.model import locales
from simulator.skill import Json, table

MAX_DIGITS = 9  # of a number in a query

Thing = TypeVar("Thing")


class SmapiError(HTTPException):
    """A request that is refused: its status, and `{"code", "message", "violations": [{"code", "message"}]}`.

    Amazon's classes read one or the other: BadRequestError the violations, Error and StandardizedError the code.
    """

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.code = status.value
        self.violations = [{"code": code, "message": message}]


def explain(error: SmapiError) -> tuple[Response, int]:
    """The response to a request that is refused."""
    body = {**error.violations[0], "violations": error.violations}
    return jsonify(body), error.code or HTTPStatus.BAD_REQUEST


def bad_request(message: str, code: str) -> SmapiError:
    """What the client can fix."""
    return SmapiError(HTTPStatus.BAD_REQUEST, code, message)


def not_found(what: str) -> SmapiError:
    """Something that is not there."""
    return SmapiError(HTTPStatus.NOT_FOUND, "RESOURCE_NOT_FOUND", f"There is no such {what}.")


def look_up(things: Mapping[str, Thing], key: str, what: str) -> Thing:
    """The thing of that id. Raises SmapiError, which says what it is, if there is none."""
    if key not in things:
        raise not_found(what)
    return things[key]


def body_of_request() -> Json:
    """The JSON object that was sent. Raises SmapiError if there is none."""
    if not request.get_data():
        raise bad_request("The request has no body.", "CONTENT_PARSE_FAILURE")
    try:
        body = request.get_json(force=True)
    except BadRequest:
        raise bad_request("The body is not JSON.", "CONTENT_PARSE_FAILURE") from None
    if not isinstance(body, dict):
        raise bad_request("The body is not a JSON object.", "INVALID_DATA_TYPE")
    return body


def text_in(body: Json, *path: str) -> str:
    """The text at a path such as ("input", "content"). Raises SmapiError that names the path if there is none."""
    value: Any = body
    for name in path:
        value = table(value).get(name)
    if value is None:
        raise bad_request(f"{'.'.join(path)} is missing.", "MISSING_REQUIRED_PROPERTY")
    if not isinstance(value, str):
        raise bad_request(f"{'.'.join(path)} must be a text.", "INVALID_DATA_TYPE")
    if not value.strip():
        raise bad_request(f"{'.'.join(path)} must not be blank.", "INVALID_STRING_LENGTH")
    return value


def known_locale(locale: str, known: list[str] | None = None) -> str:
    """The locale, if it is one of those that are known, by default this checkout's. Raises SmapiError."""
    known = locales() if known is None else known
    if locale not in known:
        raise bad_request(f"The skill has no locale {locale!r}; it has {', '.join(known)}.", "INVALID_ENUM_VALUE")
    return locale


def whole_number(name: str, usual: int) -> int:
    """A number among the query's parameters. Raises SmapiError."""
    value = request.args.get(name, "")
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS):
        raise bad_request(f"{name} must be a whole number.", "INVALID_INTEGER_VALUE")
    return int(value)

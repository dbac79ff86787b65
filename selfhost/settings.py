"""What the service can be told, by environment variables alone. docs/self-hosting.md has them in a table."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


class SettingError(Exception):
    """A setting that makes no sense: one line that names it, and the mend."""


@dataclass(frozen=True)
class Settings:
    """The service's settings. Each field is the environment variable of that name in capitals."""

    skill_id: str = ""  # "amzn1.ask.skill.…"
    verify: bool = True  # off: anybody is let in, on one's own machine
    bind: str = "127.0.0.1:8080"
    workers: int = 2  # processes
    threads: int = 16  # in each of them
    read_seconds: int = 10  # until a request has to be there, headers and body
    stop_seconds: int = 20  # for what is under way when the service is told to stop
    body_bytes: int = 256 * 1024  # a request with a screen's whole state in it is a tenth of that


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that `environment` makes. Raises SettingError."""
    given: dict[str, Any] = {}
    for field in fields(Settings):
        name = field.name.upper()
        if value := environment.get(name, "").strip():
            given[field.name] = _value(name, value, type(field.default))
    settings = Settings(**given)
    if not settings.verify:
        if not _is_loopback(settings.bind):
            raise SettingError(
                f"VERIFY=off lets anybody in, and BIND={settings.bind} is not only this machine; drop one"
            )
    elif not settings.skill_id.startswith("amzn1.ask.skill."):
        what = "is no skill's id" if settings.skill_id else "is not set"
        raise SettingError(
            f"SKILL_ID {what}; set it to your skill's, which starts with amzn1.ask.skill."
            " (to try without Amazon: VERIFY=off)"
        )
    return settings


def _value(name: str, value: str, kind: type) -> str | int | bool:
    if kind is str:
        return value
    if kind is bool:
        if value not in ("on", "off"):
            raise SettingError(f"{name}={value}; say on or off")
        return value == "on"
    if not (value.isascii() and value.isdigit() and int(value)):
        raise SettingError(f"{name}={value}; give a whole number above 0")
    return int(value)


def _is_loopback(bind: str) -> bool:
    host = bind.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""What the service can be told, by environment variables alone. docs/self-hosting.md has them in a table."""

from __future__ import annotations

import errno
import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SKILL_ID = re.compile(r"amzn1\.ask\.skill\.[\w-]+", re.ASCII)


HOW_TO_BIND = "give an address of this machine and a port, such as 127.0.0.1:8080, or unix: and a path"


class SettingError(Exception):
    """A setting that makes no sense: one line that names it, and the fix."""


@dataclass(frozen=True)
class Settings:
    """The service's settings. Each field is the environment variable of that name in capitals."""

    skill_id: str = ""  # "amzn1.ask.skill.…"
    verify: bool = True  # off: anybody is let in, on one's own machine
    bind: str = "127.0.0.1:8080"
    workers: int = 2  # processes
    threads: int = 256  # in each of them, made when needed: so many requests at a time, slow ones among them
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
    _where_to_listen(settings.bind)
    if not settings.verify:
        if not _is_loopback(settings.bind):
            raise SettingError(
                f"VERIFY=off lets anybody in, and BIND={settings.bind} is not only this machine; drop one"
            )
    elif not SKILL_ID.fullmatch(settings.skill_id):
        what = "is not a skill id" if settings.skill_id else "is not set"
        raise SettingError(
            f"SKILL_ID {what}; set it to your skill's, such as amzn1.ask.skill.11111111-2222-3333-4444-555555555555"
            " (to try without Amazon: VERIFY=off)"
        )
    return settings


def check_bind(bind: str) -> None:
    """Whether `bind` can be listened on here, apart from its being taken. Raises SettingError."""
    where = _where_to_listen(bind)
    try:
        if isinstance(where, Path):
            if not os.access(where.parent, os.W_OK | os.X_OK) or (where.exists() and not where.is_socket()):
                raise FileExistsError(errno.EEXIST, "no socket can be made there")
        else:
            family, kind, protocol, _, address = socket.getaddrinfo(*where, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:  # that may be the service before this one, which is about to stop
            raise SettingError(f"BIND={bind} can't be listened on ({error.strerror}); {HOW_TO_BIND}") from None


def _where_to_listen(bind: str) -> Path | tuple[str, int]:
    """The path, or the host and the port, that `bind` names. Raises SettingError if it is neither."""
    if path := bind.removeprefix("unix:") if bind.startswith("unix:") else "":
        return Path(path)
    host, _, port = bind.rpartition(":")
    bare = host.strip("[]")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    if not bare or not 0 < number < 65536 or (":" in bare and host != f"[{bare}]"):
        raise SettingError(f"BIND={bind}; {HOW_TO_BIND}")
    return bare, number


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

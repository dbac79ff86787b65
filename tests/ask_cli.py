"""Amazon's own command line, as npm installs it, talking to a running simulator; and its own classes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from ask_sdk_core.serialize import DefaultSerializer

from simulator.server import Server, create_app
from simulator.smapi import environment
from tools.errors import ROOT


class Ask(Protocol):
    """Runs ask-cli with arguments; returns what it prints. `code` is the exit code that is expected."""

    def __call__(self, *arguments: str, code: int = 0) -> str: ...


def read(body: Any, kind: Any) -> Any:
    """The body as Amazon's class reads it."""
    return DefaultSerializer().deserialize(json.dumps(body), kind)


@contextmanager
def ask_cli(home: Path) -> Iterator[Ask]:
    """ask-cli against a simulator of its own, as on a machine without an account, whose home is `home`."""
    with Server(create_app(), 0) as server:
        given = {"PATH": os.environ["PATH"], "HOME": str(home), **environment(server.address)}

        def run(*arguments: str, code: int = 0) -> str:
            command = [str(ROOT / "node_modules" / ".bin" / "ask"), *arguments]
            done = subprocess.run(
                command, env=given, cwd=home, capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL
            )
            assert done.returncode == code, done.stdout + done.stderr
            return done.stdout if not code else done.stdout + done.stderr

        yield run
    assert not (home / ".ask" / "cli_config").exists()

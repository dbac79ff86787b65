from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cramp_coach.conversation import Event
from simulator.alexa import Alexa
from simulator.devices import DEFAULT_DEVICE
from simulator.matching import shared_matcher
from simulator.skill import local_skill
from tests.ask_cli import Ask, ask_cli
from tests.packaged import runtime_here
from tools import browser
from tools.errors import ROOT
from tools.models.heard import event_of
from tools.package import deployed_runtime

# A slow machine is no defect of the code: times belong in `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# What a shell starts in the background ignores an interrupt, and so would what a test starts in order to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)


matcher = shared_matcher  # models are read once, for every face of the simulator


def changed(path: Path, old: str, new: str) -> None:
    """Change the first of these texts in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} lacks {old!r}: the test is out of date"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def heard_as(utterance: str, locale: str = "en-US") -> Event:
    """The event that an utterance becomes on its way through the model."""
    return event_of(matcher(locale).match(utterance), locale)


@pytest.fixture
def alexa() -> Callable[..., Alexa]:
    """A device in a locale; models are read once."""

    def made(locale: str = "en-US", device: str = DEFAULT_DEVICE) -> Alexa:
        return Alexa(local_skill(), locale, device)

    return made


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with ask_cli(tmp_path_factory.mktemp("home")) as run:
        yield run


@cache
def own_namespaces() -> bool:
    """Whether a process may have a network and mounts of its own."""
    alone = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "true"]
    return subprocess.run(alone, capture_output=True, check=False).returncode == 0


# Tools that a developer's machine can't be assumed to have, and how to get them.
NODE_MODULES = ROOT / "node_modules"
EMULATORS = ROOT / "tests" / "emulators" / "node_modules"
TOOLS: dict[str, tuple[Callable[[], object], str]] = {
    "node": (lambda: shutil.which("node") and NODE_MODULES.is_dir(), "install Node 20 or newer, then run npm ci"),
    "emulators": (
        lambda: shutil.which("node") and EMULATORS.is_dir(),
        "install Node 20 or newer, then run npm ci --prefix tests/emulators",
    ),
    "nginx": (lambda: shutil.which("nginx"), "install Debian's nginx"),
    "caddy": (lambda: shutil.which("caddy"), "install Debian's caddy"),
    "wrk": (lambda: shutil.which("wrk"), "install Debian's wrk"),
    "namespaces": (
        lambda: shutil.which("unshare") and own_namespaces(),
        "use Linux, as root or with kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    "browser": (browser.chromium, browser.FIX),
}


# A test has pip install what make fetched, and never asks the network.
WHEELS = ROOT / ".venv" / "wheels"
if WHEELS.is_dir():
    os.environ.update(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(WHEELS))


# What stands in for AWS is large, and fetched on demand.
AWS = find_spec("moto") is not None
if not AWS and os.environ.get("LEAVE_OUT_NOTHING"):
    raise pytest.UsageError("needs moto: run make aws")
collect_ignore = [] if AWS else ["test_deploy.py", "test_stack.py"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        (tool,) = marker.args
        found, fix = TOOLS[tool]
        if found():
            continue
        if os.environ.get("LEAVE_OUT_NOTHING"):
            pytest.fail(f"needs {tool}: {fix}")
        pytest.skip(f"needs {tool}: {fix}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [str(report.longrepr[2]) for report in terminalreporter.getreports("skipped")]
    for reason, count in Counter(reasons).items():
        terminalreporter.write_line(f"Left out {count}: {reason.removeprefix('Skipped: ')}.")
    if not AWS:
        terminalreporter.write_line(f"Left out {' and '.join(collect_ignore)}: run make aws.")
    if runtime_here.cache_info().currsize and runtime_here() != deployed_runtime():
        terminalreporter.write_line(
            f"Packaged and ran it for {runtime_here()}: Lambda's {deployed_runtime()} isn't here."
        )

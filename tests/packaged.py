"""The deployable package, built once for all the tests that look at it or run it."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from tools.errors import ROOT, SourceError
from tools.package import Package, build, deployed_runtime, find_python


@cache
def scratch() -> Path:
    """A folder that is gone when the tests are."""
    folder = Path(tempfile.mkdtemp(prefix="cramp-coach-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def runtime_here() -> str:
    """The Python that Lambda runs; where it can't be had, the one that runs the tests, so that the way is tested."""
    try:
        find_python(deployed_runtime())
    except SourceError:
        return f"python3.{sys.version_info.minor}"
    return deployed_runtime()


@cache
def package() -> Package:
    return build(scratch() / "lambda.zip", runtime_here())


@cache
def unpacked() -> Path:
    folder = scratch() / "task"
    with zipfile.ZipFile(package().path) as archive:
        archive.extractall(folder)
    return folder


def sources(*folders: str) -> list[str]:
    """The files of the repository in those folders, those that are not committed yet among them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]

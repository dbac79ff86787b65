"""Where this machine has a browser to draw with: Chromium, or Chrome, however it was installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# where packages put it, for whoever has a short PATH
PLACES = ("/usr/bin", "/usr/local/bin", "/snap/bin", "/usr/lib/chromium", "/opt/google/chrome")
FIX = "install Debian's chromium, or run .venv/bin/playwright install chromium"


def chromium() -> str | None:
    """The path of the browser, looked for each time; None if there is none."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    installed = (shutil.which(name, path=path) for name in NAMES)
    return next(filter(None, installed), None) or _playwrights()


def _playwrights() -> str | None:
    """What Playwright has downloaded, the latest of it."""
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")
    downloads = sorted(Path(own).expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(downloads[-1]) if downloads else None

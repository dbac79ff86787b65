"""The browser is found however it was installed, and its lack is said in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import browser


@pytest.mark.parametrize("place", ["chromium", "google-chrome", "ms-playwright/chromium-1200/chrome-linux64/chrome"])
def test_the_browser_is_found_however_it_was_installed(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "ms-playwright"))
    monkeypatch.setattr(browser, "PLACES", [str(tmp_path)])
    assert browser.chromium() is None
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o755)
    assert browser.chromium() == str(path)


def test_the_lack_of_a_browser_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.screens import viewhost

    monkeypatch.setattr(viewhost, "chromium", lambda: None)
    with pytest.raises(SystemExit, match="no browser to draw with; install"), viewhost.viewhost():
        pass

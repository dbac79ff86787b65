"""Drawing screens with Amazon's own renderer, apl-viewhost-web 1.4.0, in a headless Chromium.

The renderer is Amazon's and is not part of this repository: the page is given it from node_modules. It asks the
network for Amazon's fonts, which are not ours to give away: the font of the simulator's page is given instead, and
everything else is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

from tools.browser import FIX, chromium
from tools.errors import ROOT

PAGE = Path(__file__).with_name("viewhost.html")
# as root in a container, and silent towards the network
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Stands in for Amazon's font, on the simulator's page as well.
FONT = ROOT / "simulator" / "page" / "static" / "atkinson-hyperlegible-next.woff2"
MAX_DRAW = 30_000  # milliseconds
ORIGIN = "http://localhost/"  # where nobody is asked: the files are given by their names


@dataclass(frozen=True)
class Viewport:
    """A screen to draw on; sizes in display-independent pixels."""

    name: str
    width: int
    height: int
    shape: str = "RECTANGLE"
    mode: str = "HUB"


# Every kind of screen that Alexa has.
VIEWPORTS = (
    Viewport("hub, small", 960, 480),
    Viewport("hub, medium", 1280, 800),
    Viewport("hub, large", 1920, 1080),
    Viewport("hub, portrait", 1080, 1920),
    Viewport("round", 480, 480, shape="ROUND"),
    Viewport("TV", 960, 540, mode="TV"),
    Viewport("mobile", 600, 960, mode="MOBILE"),
)


class Viewhost:
    """A browser page that draws APL."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def draw(self, screen: dict[str, Any], viewport: Viewport) -> None:
        """Draw the parts of a RenderDocument directive. Raises playwright's Error if the renderer refuses them."""
        self.page.set_viewport_size({"width": viewport.width, "height": viewport.height})
        size = {"width": viewport.width, "height": viewport.height, "dpi": 160}
        shape = {"isRound": viewport.shape == "ROUND", "shape": viewport.shape}
        # as text: an object is taken apart and put together again by each process on its way
        parts = {part: json.dumps(screen[part]) for part in ("document", "datasources")}
        self.page.evaluate("parts => draw(parts)", {**parts, "viewport": {**size, **shape}, "mode": viewport.mode})


@contextmanager
def viewhost() -> Iterator[Viewhost]:
    """A browser with the renderer loaded, for as long as the block lasts. Exits with a line if there is no browser."""
    found = chromium() or sys.exit(f"There is no browser to draw with; {FIX}.")

    def stay_here(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN)
        if route.request.resource_type == "font":
            route.fulfill(path=FONT, headers={"Access-Control-Allow-Origin": "*"})
        elif name == route.request.url:
            route.abort()
        else:
            route.fulfill(path=ROOT / "node_modules" / name if name else PAGE)

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=CHROMIUM_SWITCHES)
        page = running.new_context().new_page()
        page.set_default_timeout(MAX_DRAW)
        page.route("**/*", stay_here)
        page.goto(ORIGIN)
        yield Viewhost(page)
        running.close()

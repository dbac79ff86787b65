"""The contact sheets of the docs: screens on every viewport, and all pictograms."""

from __future__ import annotations

import base64
import html
from pathlib import Path

from tools.screens.catalog import shown_screens
from tools.screens.drawing import read_pictograms, svg
from tools.screens.viewhost import VIEWPORTS, Viewhost, viewhost

STYLE = """
body { margin: 12px; background: #1c1917; color: #b89c7d; font: 15px sans-serif; }
h2 { margin: 10px 0 4px; font-size: 17px; font-weight: normal; }
figure { display: inline-block; margin: 0 10px 8px 0; vertical-align: top; }
img, svg { height: 150px; border-radius: 4px; display: block; }
.round { border-radius: 50%; }
"""


def draw_sheets(folder: Path) -> None:
    """Write `screens.jpg` and `pictograms.jpg` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with viewhost() as host:
        rows = "".join(_row(host, name, screen) for name, screen in shown_screens())
        _photograph(host, rows, folder / "screens.jpg")
        figures = "".join(f"<figure>{svg(each)}{html.escape(each.name)}</figure>" for each in read_pictograms())
        _photograph(host, figures, folder / "pictograms.jpg")


def _row(host: Viewhost, name: str, screen: dict[str, object]) -> str:
    figures = []
    for viewport in VIEWPORTS:
        host.draw(screen, viewport)
        data = base64.b64encode(host.page.screenshot(type="jpeg", quality=80)).decode()
        look = ' class="round"' if viewport.shape == "ROUND" else ""
        figures.append(f'<figure><img{look} src="data:image/jpeg;base64,{data}">{viewport.name}</figure>')
    return f"<h2>{html.escape(name)}</h2>{''.join(figures)}"


def _photograph(host: Viewhost, body: str, path: Path) -> None:
    page = host.page.context.new_page()
    page.set_viewport_size({"width": 1530, "height": 400})
    page.set_content(f"<style>{STYLE}</style>{body}")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.screenshot(path=path, type="jpeg", quality=60, full_page=True)
    page.close()

"""The store's icons, drawn from store/icon.svg.

resvg draws with nothing of the system, no font and no graphics library, so that every machine gets the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import resvg_py

from tools.documents import write_changed
from tools.errors import SourceError
from tools.store.manifest import ICONS
from tools.store.skill_package import PACKAGE, STORE


def draw_icons(store: Path = STORE) -> dict[str, bytes]:
    """The PNG of every icon, by its path within the package. Raises SourceError if the drawing can't be read."""
    path = store / "icon.svg"
    try:
        svg = path.read_text(encoding="utf-8")
        return {
            f"assets/images/icon-{pixels}.png": bytes(
                resvg_py.svg_to_bytes(svg_string=svg, width=pixels, height=pixels, skip_system_fonts=True)
            )
            for pixels in ICONS.values()
        }
    except FileNotFoundError:
        raise SourceError(path, 0, "file is missing", "restore it") from None
    except ValueError as error:
        raise SourceError(path, 0, f"not an SVG: {error}", "fix the drawing") from None


def write_icons(icons: dict[str, bytes], folder: Path = PACKAGE) -> list[str]:
    """Write the icons; returns the names of those that changed."""
    return [name for name, png in icons.items() if write_changed(folder / name, png)]

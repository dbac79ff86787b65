"""Pictograms: one source, `pictograms.toml`, drawn as Alexa Vector Graphics for screens and as SVG for the docs.

The source says what is drawn (a leg, a muscle, an arrow); how it looks is said here, once, so that
all pictograms are of one hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.documents import read_toml
from tools.errors import SourceError, line_of

SOURCE = Path(__file__).parent / "pictograms.toml"
WIDTH, HEIGHT = 400, 300

GROUND = "#0b0908"
BODY, FAR, THING = "#b89c7d", "#77644f", "#77644f"
MUSCLE, MOVE = "#ff8a1f", "#ffcf8a"


# kind of shape -> its color and how thick it is
BRUSHES = {
    "torso": (BODY, 32),
    "leg": (BODY, 25),
    "foot": (BODY, 17),
    "arm": (BODY, 15),
    "far_leg": (FAR, 25),
    "far_foot": (FAR, 17),
    "far_arm": (FAR, 15),
    "thing": (THING, 7),
    "cloth": (MOVE, 6),
    "limb": (BODY, 64),
    "sole": (BODY, 40),
    "toe": (BODY, 22),
    "hand": (FAR, 24),
    "sign": (MUSCLE, 16),
    "arrow": (MOVE, 9),
}
OUTLINED = ("arm", "hand")  # kept apart from the body that they lie on, by a line of the ground's color
OUTLINE = 8
HEAD = 21  # radius
ARROW_HEAD = 24  # length of its strokes
PAIR = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Stroke:
    """One path of a pictogram, in SVG's path syntax (pairs of absolute coordinates only), which AVG shares.

    A line of that width, or a filled area where the width is 0.
    """

    data: str
    color: str
    width: float = 0

    def moved(self, x: float, y: float, scale: float) -> Stroke:
        """The same, made smaller and set at another place."""

        def pair(match: re.Match[str]) -> str:
            return f"{float(match[1]) * scale + x:.4g},{float(match[2]) * scale + y:.4g}"

        return Stroke(PAIR.sub(pair, self.data), self.color, self.width * scale)


@dataclass(frozen=True)
class Pictogram:
    """A picture with what it shows, in words."""

    name: str
    shows: str
    strokes: tuple[Stroke, ...]


def read_pictograms(source: Path = SOURCE) -> list[Pictogram]:
    """Every pictogram of the source. Raises SourceError if one can't be drawn."""
    document, text = read_toml(source)
    made = []
    for name, table in document.items():
        try:
            made.append(Pictogram(name, table["shows"], tuple(_strokes(document, name))))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            what = f"{name} can't be drawn: {type(error).__name__} {error}"
            raise SourceError(source, line_of(text, f"[{name}]"), what, "fix the shape") from None
    return made


def _strokes(document: dict[str, Any], name: str) -> Iterator[Stroke]:
    for shape in document[name]["shapes"]:
        if "copy" in shape:
            (at,) = pairs(shape["copy"])
            yield from (stroke.moved(*at, shape["scale"]) for stroke in _strokes(document, shape["of"]))
        else:
            yield from draw(shape)


def draw(shape: dict[str, Any]) -> list[Stroke]:
    """The strokes of one shape, `{ kind = where, ... }`. Raises KeyError or ValueError if it makes no sense."""
    kind, where = next(iter(shape.items()))
    if kind in ("head", "dot"):
        (center,) = pairs(where)
        return [Stroke(circle(*center, shape.get("r", HEAD)), BODY if kind == "head" else MUSCLE)]
    if kind == "muscle":
        start, end = pairs(where)
        return [Stroke(lens(*start, *end, shape["bulge"]), MUSCLE)]
    color, width = BRUSHES[kind]
    points = pairs(where)
    width = shape.get("width", width)
    drawn = [Stroke(where, GROUND, width + OUTLINE)] if kind in OUTLINED else []
    drawn.append(Stroke(where, color, width))
    if kind == "arrow":
        drawn.append(Stroke(arrow_head(*points[-2], *points[-1]), color, width))
    if shape.get("both"):
        drawn.append(Stroke(arrow_head(*points[1], *points[0]), color, width))
    return drawn


def pairs(where: str) -> list[tuple[float, float]]:
    """The points of a path. Raises ValueError if it has none."""
    found = [(float(x), float(y)) for x, y in PAIR.findall(where)]
    if not found:
        raise ValueError(f"no points in {where!r}")
    return found


def circle(x: float, y: float, r: float) -> str:
    """A circle as four curves."""
    k = r * 0.5523  # how far the handles of a quarter reach
    quarters = (
        f"C{x - r:g},{y - k:g} {x - k:g},{y - r:g} {x:g},{y - r:g}",
        f"C{x + k:g},{y - r:g} {x + r:g},{y - k:g} {x + r:g},{y:g}",
        f"C{x + r:g},{y + k:g} {x + k:g},{y + r:g} {x:g},{y + r:g}",
        f"C{x - k:g},{y + r:g} {x - r:g},{y + k:g} {x - r:g},{y:g}",
    )
    return f"M{x - r:g},{y:g} {' '.join(quarters)} Z"


def lens(x1: float, y1: float, x2: float, y2: float, bulge: float) -> str:
    """A muscle's belly between two points, thick towards one side: to the right of the way from 1 to 2."""
    length = math.hypot(x2 - x1, y2 - y1)
    across = (-(y2 - y1) / length, (x2 - x1) / length)

    def point(along: float, off: float) -> str:
        x = x1 + (x2 - x1) * along + across[0] * off
        y = y1 + (y2 - y1) * along + across[1] * off
        return f"{x:.0f},{y:.0f}"

    belly = f"C{point(0.2, bulge)} {point(0.6, bulge)} {point(1, 0)}"
    back = f"C{point(0.7, -bulge * 0.25)} {point(0.3, -bulge * 0.25)} {point(0, 0)}"
    return f"M{point(0, 0)} {belly} {back} Z"


def arrow_head(x1: float, y1: float, x2: float, y2: float) -> str:
    """The two strokes of an arrow's head at point 2, coming from point 1."""
    back = math.atan2(y1 - y2, x1 - x2)
    left, right = (
        f"{x2 + ARROW_HEAD * math.cos(back + turn):.0f},{y2 + ARROW_HEAD * math.sin(back + turn):.0f}"
        for turn in (-0.65, 0.65)
    )
    return f"M{left} L{x2:g},{y2:g} L{right}"


def svg(pictogram: Pictogram) -> str:
    """A picture for a web page, on the ground that it is made for."""
    look = f'viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-linecap="round" stroke-linejoin="round"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {look}>',
        f"<title>{pictogram.shows}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="16" fill="{GROUND}"/>',
    ]
    for stroke in pictogram.strokes:
        paint = f'stroke="{stroke.color}" stroke-width="{stroke.width:g}"' if stroke.width else f'fill="{stroke.color}"'
        lines.append(f'<path d="{stroke.data}" {paint}/>')
    return "\n".join([*lines, "</svg>", ""])


def avg(pictogram: Pictogram) -> dict[str, Any]:
    """A picture for APL's VectorGraphic component."""
    items = []
    for stroke in pictogram.strokes:
        paint: dict[str, Any] = {"fill": stroke.color}
        if stroke.width:
            paint = {"stroke": stroke.color, "strokeWidth": stroke.width}
            paint |= {"strokeLineCap": "round", "strokeLineJoin": "round"}
        items.append({"type": "path", "pathData": stroke.data, **paint})
    return {"type": "AVG", "version": "1.1", "width": WIDTH, "height": HEIGHT, "items": items}

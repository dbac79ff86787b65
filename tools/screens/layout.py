"""What must hold of every screen as it was drawn: nothing cut off, nothing on top of another, all of it legible."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

from tools.screens.viewhost import Viewport

MEASURE = Path(__file__).with_name("measure.js")
MIN_CONTRAST = 7.0  # WCAG 2.2, 1.4.6, level AAA
SLACK = 2.5  # pixels: the browser rounds the width of each letter, the renderer that of a line

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


def measured(page: Page | Frame) -> list[dict[str, Any]]:
    """What the renderer has drawn in a page: texts, pictures and buttons with their boxes, as measure.js says."""
    found: list[dict[str, Any]] = page.evaluate(f"(() => {{ {MEASURE.read_text()} return measure(); }})()")
    return found


def flaws(found: list[dict[str, Any]], viewport: Viewport) -> Iterator[str]:
    """What is wrong with a screen that was measured."""
    boxes = [(each, around(each["lines"])) for each in found if each["lines"]]
    for each, box in boxes:
        if each["kind"] != "picture" and not holds(each["within"], box):  # a leg from near ends at the sheet's edge
            yield f"{each['what']!r} is cut off"
        if each.get("broken"):
            yield f"{each['what']!r} has a line that ends within a word"
        if viewport.shape == "ROUND" and any(beyond_circle(each, tuple(line), viewport) for line in each["lines"]):
            yield f"{each['what']!r} lies beyond the circle"
        if each["kind"] == "text" and contrast(each["color"], each["ground"]) < MIN_CONTRAST:
            yield f"{each['what']!r} has a contrast of {contrast(each['color'], each['ground']):.1f}"
    for (one, one_box), (other, other_box) in combinations(boxes, 2):
        if overlap(one_box, other_box) and not holds(one_box, other_box) and not holds(other_box, one_box):
            yield f"{one['what']!r} and {other['what']!r} overlap"


def around(lines: list[Box]) -> Box:
    """The box around several boxes."""
    lefts, tops, rights, bottoms = zip(*lines, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def holds(outer: Box, inner: Box) -> bool:
    """Whether one box lies within another, give or take the browser's rounding."""
    return (
        outer[0] - SLACK <= inner[0]
        and outer[1] - SLACK <= inner[1]
        and inner[2] <= outer[2] + SLACK
        and inner[3] <= outer[3] + SLACK
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a rim."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > SLACK and down > SLACK


def beyond_circle(each: dict[str, Any], box: Box, viewport: Viewport) -> bool:
    """Whether a box reaches beyond the edge of a round screen; a button is itself round."""
    left, top, right, bottom = box
    radius = viewport.width / 2
    if each["kind"] == "button":
        center = (left + right) / 2 - radius, (top + bottom) / 2 - radius
        return math.hypot(*center) + (right - left) / 2 > radius + SLACK
    return any(math.hypot(x - radius, y - radius) > radius + SLACK for x in (left, right) for y in (top, bottom))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two CSS colors, "rgb(1, 2, 3)", by WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """The relative luminance of a CSS color, 0 to 1, by WCAG 2.2."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

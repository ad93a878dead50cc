"""Draw the small pictures of a report as inline SVG, coloured by the page's style sheet.

Every picture is an ``img`` to assistive software, with a title and, where it says more than one
figure, a description; shapes say the same as the colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

SCALE = (220, 16)
TRACK = (200, 22)
SPARK = (120, 34)

_EDGE = 8  # room beside a scale for half a mark
_MARK = 5.5  # half the size of a mark
_DOT = 3.0


def scale(value: float | None, title: str) -> Markup:
    """Draw a standing as a mark on the scale from -1 to +1."""
    width, height = SCALE
    svg = picture(width, height, title)
    middle = height / 2
    _line(svg, _EDGE, middle, width - _EDGE, middle, "rail")
    _line(svg, width / 2, 2, width / 2, height - 2, "zero")
    if value is not None:
        _mark(svg, _at(value, width), middle, value)
    return drawn(svg)


def track(
    value: float | None,
    interval: Sequence[float | None],
    baseline: float | None,
    title: str,
) -> Markup:
    """Draw a dimension: the value with its interval, and the baseline as a hollow diamond."""
    width, height = TRACK
    svg = picture(width, height, title)
    middle = height / 2
    _line(svg, _EDGE, middle, width - _EDGE, middle, "rail")
    _line(svg, width / 2, 3, width / 2, height - 3, "zero")
    low, high = interval
    if value is not None and low is not None and high is not None:
        side = _side(value)
        _line(svg, _at(low, width), middle, _at(high, width), middle, f"range {side}")
    if baseline is not None:
        _diamond(svg, _at(baseline, width), middle)
    if value is not None:
        _mark(svg, _at(value, width), middle, value)
    return drawn(svg)


def sparkline(values: Sequence[float | None], title: str) -> Markup:
    """Draw a run of values from -1 to +1 as a small line that breaks where one is unknown."""
    width, height = SPARK
    svg = picture(width, height, title)
    _line(svg, 0, height / 2, width, height / 2, "zero")
    step = (width - 2 * _EDGE) / max(len(values) - 1, 1)
    points = [
        None if value is None else (_EDGE + index * step, spark_y(value, height))
        for index, value in enumerate(values)
    ]
    for run in runs(points):
        polyline(svg, run, "spark")
        if len(run) == 1:  # a line of one point is not to be seen
            SubElement(
                svg, "circle", dict(attributes(cx=run[0][0], cy=run[0][1], r=1.5, class_="dot"))
            )
    known = [
        (point, value)
        for point, value in zip(points, values, strict=True)
        if point is not None and value is not None
    ]
    if known:
        (x, y), value = known[-1]
        _mark(svg, x, y, value, size=_DOT)
    return drawn(svg)


def spark_y(value: float, height: float) -> float:
    """Return the height of a value from -1 to +1, half a dot away from the edges."""
    return height / 2 - max(-1.0, min(1.0, value)) * (height / 2 - _DOT - 1)


def picture(width: float, height: float, title: str, describe: str = "") -> Element:
    """Start an SVG with a title and, if given, a longer description."""
    svg = Element(
        "svg",
        {
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": number(width),
            "height": number(height),
            "role": "img",
            "aria-label": f"{title} {describe}".strip(),
        },
    )
    SubElement(svg, "title").text = title
    if describe:
        SubElement(svg, "desc").text = describe
    return svg


def drawn(svg: Element) -> Markup:
    """Return a picture as markup; the tree has escaped every text."""
    return Markup(tostring(svg, encoding="unicode"))  # noqa: S704


def runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Split points into unbroken runs."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def polyline(
    svg: Element, points: Sequence[tuple[float, float]], style: str, shape: str = "polyline"
) -> None:
    """Add a line, or a filled shape, through points."""
    joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    SubElement(svg, shape, {"points": joined, "class": style})


def arrow(svg: Element, x: float, y: float, *, up: bool, style: str, size: float = 5.0) -> None:
    """Add a triangle that points up or down around a place."""
    tip = -size if up else size
    polyline(svg, [(x - size, y - tip), (x + size, y - tip), (x, y + tip)], style, "polygon")


def number(value: float) -> str:
    """Return a coordinate without needless digits."""
    return f"{value:.1f}".removesuffix(".0")


def attributes(**values: str | float) -> Mapping[str, str]:
    """Return SVG attributes from Python names and numbers."""
    return {
        key.rstrip("_").replace("_", "-"): value if isinstance(value, str) else number(value)
        for key, value in values.items()
    }


def _at(value: float, width: float) -> float:
    return _EDGE + (max(-1.0, min(1.0, value)) + 1) / 2 * (width - 2 * _EDGE)


def _side(value: float) -> str:
    return "risk" if value < 0 else "strength"


def _mark(svg: Element, x: float, y: float, value: float, size: float = _MARK) -> None:
    """Add a dot for a strength, a square for a risk."""
    if value < 0:
        values: dict[str, Any] = {"x": x - size, "y": y - size, "width": 2 * size}
        SubElement(svg, "rect", dict(attributes(**values, height=2 * size, class_="mark risk")))
    else:
        SubElement(svg, "circle", dict(attributes(cx=x, cy=y, r=size, class_="mark strength")))


def _diamond(svg: Element, x: float, y: float) -> None:
    corners = [(x, y - _MARK), (x + _MARK, y), (x, y + _MARK), (x - _MARK, y)]
    polyline(svg, corners, "baseline", "polygon")


def _line(svg: Element, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
    SubElement(svg, "line", dict(attributes(x1=x1, y1=y1, x2=x2, y2=y2, class_=style)))

"""Curves over a growing size as an SVG picture: both axes logarithmic, a legend, nothing else."""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

__all__ = ["draw"]

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 500, 50, 350
# Told apart without colours, too: by dashes.
_COLOURS = ("#0b5394", "#38761d", "#b45f06", "#7f2a8f", "#990000", "#444444", "#00707a", "#806000")
_DASHES = ("", "8 3", "2 3", "8 3 2 3", "12 4", "4 2", "1 4", "6 6")


def draw(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """Return the picture. ``across`` and ``up`` name the axes; all values are above zero."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    x_axis, y_axis = _Axis(xs, _LEFT, _RIGHT), _Axis(ys, _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 40}" text-anchor="middle">'
        f"{escape(across)}</text>",
        f'<text x="18" y="{(_TOP + _BOTTOM) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 18 {(_TOP + _BOTTOM) / 2})">{escape(up)}</text>',
    ]
    for value in x_axis.ticks:
        at = x_axis.at(value)
        parts.append(_line(at, _BOTTOM, at, _TOP))
        parts.append(
            f'<text x="{at:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{_short(value)}</text>'
        )
    for value in y_axis.ticks:
        at = y_axis.at(value)
        parts.append(_line(_LEFT, at, _RIGHT, at))
        parts.append(
            f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_short(value)}</text>'
        )
    for number, (name, points) in enumerate(series.items()):
        style = (
            f'stroke="{_COLOURS[number % len(_COLOURS)]}" '
            f'stroke-dasharray="{_DASHES[number % len(_DASHES)]}"'
        )
        path = " ".join(f"{x_axis.at(x):.1f},{y_axis.at(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke-width="2" {style}/>')
        parts += [
            f'<circle cx="{x_axis.at(x):.1f}" cy="{y_axis.at(y):.1f}" r="3" '
            f'fill="{_COLOURS[number % len(_COLOURS)]}"/>'
            for x, y in points
        ]
        down = _TOP + 10 + 22 * number
        parts.append(
            f'<line x1="{_RIGHT + 14}" y1="{down}" x2="{_RIGHT + 44}" y2="{down}" '
            f'stroke-width="2" {style}/>'
            f'<text x="{_RIGHT + 50}" y="{down + 4}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    """Powers of ten from below the smallest value to above the largest."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)) + 1e-9)
        self._high = max(self._low + 1, math.ceil(math.log10(max(values)) - 1e-9))
        self._start, self._end = start, end
        self.ticks = [10.0**power for power in range(self._low, self._high + 1)]

    def at(self, value: float) -> float:
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _short(value: float) -> str:
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g} {unit}"
    return f"{value:g}"

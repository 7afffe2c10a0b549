"""The legend of a network: what colours, sizes, lines and widths mean, with only what the drawing shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from stresstest.report.lettering import short_money
from stresstest.report.network.canvas import Canvas
from stresstest.report.network.layout import Placed
from stresstest.report.network.palette import ASIDE, FAMILIES, INK, KINDS, LINES, loss_colour
from stresstest.report.network.view import DrawnEdge

HEIGHT = 98.0
_SIZE, _STEP, _HEAD = 7.4, 12.0, 7.6
_LEFT, _SAMPLE = 16.0, 26.0


class Legend:
    """Columns from the left, each a heading and a few lines.

    Parameters
    ----------
    top
        Where the headings stand, in points.
    width_of_edge
        Line width in points of an amount.
    """

    def __init__(self, canvas: Canvas, top: float, width_of_edge: Callable[[float], float]) -> None:
        self._canvas, self._top, self._width_of_edge = canvas, top, width_of_edge
        self._column = _LEFT

    def draw(
        self, firms: Sequence[Placed], edges: Sequence[DrawnEdge], losses: Mapping[str, float] | None
    ) -> None:
        """Draw every column that the drawing needs."""
        if losses is None:
            self._kinds(firms)
        else:
            self._losses()
        self._sizes(firms)
        if edges:
            self._families(edges, losses)
            self._lines(edges)
            self._widths(edges)

    def _heading(self, text: str, width: float) -> float:
        """Put a heading, and return the left of its column; the next one begins `width` points further."""
        left = self._column
        self._canvas.text(left, self._top, text, _HEAD, bold=True)
        self._column += width
        return left

    def _line(self, number: int) -> float:
        return self._top - 13.0 - _STEP * number

    def _entry(self, left: float, number: int, text: str) -> None:
        self._canvas.text(left, self._line(number) - 2.6, text, _SIZE)

    def _kinds(self, firms: Sequence[Placed]) -> None:
        shown = {placed.firm.kind for placed in firms}
        left = self._heading("Firm", 92.0)
        for number, kind in enumerate(kind for kind in KINDS if kind in shown):
            fill, word = KINDS[kind]
            self._canvas.circle(left + 5.0, self._line(number), 4.2, fill)
            self._entry(left + 14.0, number, word)

    def _losses(self) -> None:
        left = self._heading("Loss of value", 92.0)
        for number, loss in enumerate((0.0, 0.25, 0.5, 0.75, 1.0)):
            self._canvas.circle(left + 5.0, self._line(number), 4.2, loss_colour(loss))
            self._entry(left + 14.0, number, f"{100.0 * loss:.0f} %")

    def _sizes(self, firms: Sequence[Placed]) -> None:
        largest = max((placed for placed in firms), key=lambda placed: placed.firm.value)
        if largest.firm.value <= 0.0:
            return
        left = self._heading("Area: value", 104.0)
        x, middle = left, self._line(1) - 4.0
        for part in (0.005, 0.05, 0.25):
            value = _round(part * largest.firm.value)
            radius = largest.radius * (value / largest.firm.value) ** 0.5
            half = max(radius, 10.0)
            self._canvas.circle(x + half, middle, radius, "#ffffff")
            self._canvas.text(x + half, self._line(4) + 2.0, short_money(value), _SIZE, ha="center")
            x += 2.0 * half + 7.0

    def _families(self, edges: Sequence[DrawnEdge], losses: Mapping[str, float] | None) -> None:
        shown = {edge.family for edge in edges}
        left = self._heading("Arrow: money goes there", 168.0)
        for number, family in enumerate(family for family in FAMILIES if family in shown):
            colour, words = FAMILIES[family]
            self._stroke(left, number, 2.2, colour, "solid")
            self._entry(left + 32.0, number, words)
        at = self._line(len(shown)) - 2.6
        if losses is not None:
            self._canvas.text(left, at, "strong colour: both firms lose", _SIZE, color=ASIDE)
        elif any(edge.circular for edge in edges):
            self._canvas.text(left, at, "strong colour: on a circle of money", _SIZE, color=ASIDE)

    def _lines(self, edges: Sequence[DrawnEdge]) -> None:
        shown = {edge.status for edge in edges}
        words = dict.fromkeys(LINES[status][1] for status in LINES if status in shown)
        left = self._heading("Line: how firm", 170.0)
        for number, word in enumerate(words):
            dashes = next(line for line, text in LINES.values() if text == word)
            self._stroke(left, number, 1.5, INK, dashes)
            self._entry(left + 34.0, number, word)

    def _widths(self, edges: Sequence[DrawnEdge]) -> None:
        largest = max(edge.amount for edge in edges)
        if largest <= 0.0:
            return
        left = self._heading("Width: amount (in all, or a year)", 150.0)
        for number, part in enumerate((1.0, 0.2, 0.03)):
            value = _round(part * largest)
            self._stroke(left, number, self._width_of_edge(value), INK, "solid")
            self._entry(left + 34.0, number, short_money(value))

    def _stroke(self, left: float, number: int, width: float, colour: str, dashes: object) -> None:
        y = self._line(number)
        self._canvas.stroke(np.array([[left, y], [left + _SAMPLE, y]]), width, colour, dashes, zorder=5)


def _round(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten at or below a value."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (5.0, 2.0, 1.0) if step * power <= value * (1.0 + 1e-12)))

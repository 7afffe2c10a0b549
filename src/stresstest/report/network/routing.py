"""Curves of edges: bent as little as keeps them off other firms, names and one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.report.network.layout import Box, Layout, Placed
from stresstest.report.network.view import DrawnEdge

_BENDS = (0.1, -0.1, 0.2, -0.2, 0.32, -0.32, 0.46, -0.46, 0.62, -0.62, 0.8, -0.8)
_STEPS = np.linspace(0.0, 1.0, 41)


class Route(NamedTuple):
    """A quadratic Bézier curve from circle to circle, in points.

    Attributes
    ----------
    control
        `(3, 2)`: ends, on the rims of the two circles, with the control point between.
    line
        `(41, 2)`: points along it.
    """

    edge: DrawnEdge
    control: FloatArray
    line: FloatArray


def routed(layout: Layout, edges: Sequence[DrawnEdge], widths: Sequence[float]) -> tuple[Route, ...]:
    """Return the curve of each edge, those on circles and then the largest choosing first.

    Parameters
    ----------
    widths
        Of each edge in points; the arrow's head grows with it.
    """
    places = {placed.firm.id: placed for placed in layout.firms}
    obstacles = _Obstacles(layout)
    order = sorted(range(len(edges)), key=lambda n: (not edges[n].circular, -edges[n].amount, n))
    found: dict[int, Route] = {}
    for number in order:
        edge = edges[number]
        first, second = places[edge.first], places[edge.second]
        candidates = [_route(edge, first, second, bend, widths[number]) for bend in _BENDS]
        costs = [
            obstacles.cost(route, (first, second)) + 14.0 * abs(bend)
            for route, bend in zip(candidates, _BENDS, strict=True)
        ]
        best = candidates[int(np.argmin(costs))]
        obstacles.add(best)
        found[number] = best
    return tuple(found[number] for number in range(len(edges)))


def curve(control: FloatArray, steps: FloatArray) -> FloatArray:
    """Return `(n, 2)` points of a quadratic Bézier curve at `steps` in [0, 1]."""
    t = steps[:, None]
    return np.asarray((1.0 - t) ** 2 * control[0] + 2.0 * t * (1.0 - t) * control[1] + t**2 * control[2])


def _route(edge: DrawnEdge, first: Placed, second: Placed, bend: float, width: float) -> Route:
    start, end = np.array([first.x, first.y]), np.array([second.x, second.y])
    along = end - start
    control = np.array([start, (start + end) / 2.0 + bend * np.array([-along[1], along[0]]), end])
    fine = np.linspace(0.0, 1.0, 201)
    points = curve(control, fine)
    outside = (np.hypot(*(points - start).T) > first.radius + 1.0) & (
        np.hypot(*(points - end).T) > second.radius + 1.5 + width / 2.0
    )
    free = np.flatnonzero(outside)
    low, high = (fine[free[0]], fine[free[-1]]) if len(free) > 1 else (0.45, 0.55)
    cut = _between(control, float(low), float(high))
    return Route(edge, cut, curve(cut, _STEPS))


def _between(control: FloatArray, low: float, high: float) -> FloatArray:
    """Return the control points of the part of a curve between two steps (de Casteljau)."""
    start, end = curve(control, np.array([low, high]))
    first = control[0] + low * (control[1] - control[0])
    second = control[1] + low * (control[2] - control[1])
    return np.array([start, first + high * (second - first), end])


class _Obstacles:
    """What curves should keep off: circles, names, and the curves before them."""

    def __init__(self, layout: Layout) -> None:
        self._page = layout.field
        self._firms = layout.firms
        self._centres = np.array([(placed.x, placed.y) for placed in layout.firms])
        self._radii = np.array([placed.radius for placed in layout.firms])
        self._boxes = np.array([placed.label for placed in layout.firms])
        self._lines: list[FloatArray] = []

    def add(self, route: Route) -> None:
        """Let later curves keep off this one."""
        self._lines.append(route.line)

    def cost(self, route: Route, ends: tuple[Placed, Placed]) -> float:
        """Return how much a curve runs over what it should keep off."""
        line = route.line
        distance = np.hypot(*np.moveaxis(line[:, None, :] - self._centres[None], 2, 0))
        own = np.array([placed in ends for placed in self._firms])
        circles = ((distance < self._radii + 5.0) & ~own).sum()
        names = np.array([_inside(line, Box(*box)).sum() for box in self._boxes])
        beside = 0.0
        if self._lines:
            others = np.concatenate(self._lines)
            gaps = np.hypot(*np.moveaxis(line[4:-4, None, :] - others[None], 2, 0)).min(axis=1)
            beside = float((gaps < 5.0).sum())
        off_page = (~_inside(line, self._page)).sum()
        return float(4.0 * circles + 1.2 * names.sum() + 0.5 * beside + 6.0 * off_page)


def _inside(line: FloatArray, box: Box) -> BoolArray:
    x, y = line.T
    return np.asarray((x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top))

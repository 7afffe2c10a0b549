"""Amounts written on edges: the largest ones, where there is room, never over a name or another amount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.report.lettering import short_money, width_of
from stresstest.report.network.layout import Box, Layout
from stresstest.report.network.routing import Route, curve

SIZE, HEIGHT = 7.4, 9.4
MOST = 26
_STEPS = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)


class EdgeLabel(NamedTuple):
    """An amount at the middle of its box."""

    route: Route
    text: str
    box: Box


def labelled(layout: Layout, routes: Sequence[Route], most: int = MOST) -> tuple[EdgeLabel, ...]:
    """Return the amounts to write: of edges on circles first, then of the largest others; holdings last."""
    order = sorted(
        (route for route in routes if route.edge.amount > 0.0),
        key=lambda route: (route.edge.family == "holdings", not route.edge.circular, -route.edge.amount),
    )
    taken = [box for placed in layout.firms for box in (placed.label, placed.disc)]
    lines = np.concatenate([route.line for route in routes]) if routes else np.empty((0, 2))
    found: list[EdgeLabel] = []
    for route in order[:most]:
        text = short_money(route.edge.amount) + (" a year" if route.edge.yearly else "")
        box = _free_box(route, text, taken, lines)
        if box is not None:
            taken.append(box)
            found.append(EdgeLabel(route, text, box))
    return tuple(found)


def _free_box(route: Route, text: str, taken: Sequence[Box], lines: np.ndarray) -> Box | None:
    """Return a box on the curve that meets nothing taken and the fewest other curves, or None."""
    half = width_of(text, SIZE) / 2.0 + 1.5
    best: tuple[float, Box] | None = None
    for step in _STEPS:
        x, y = curve(route.control, np.array([step]))[0]
        box = Box(x - half, y - HEIGHT / 2.0, x + half, y + HEIGHT / 2.0)
        if any(box.meets(other) for other in taken):
            continue
        inside = (abs(lines[:, 0] - x) < half) & (abs(lines[:, 1] - y) < HEIGHT / 2.0)
        cost = float(inside.sum()) + 3.0 * abs(step - 0.5)
        if best is None or cost < best[0]:
            best = (cost, box)
    return None if best is None else best[1]

"""Names of firms moved beside or above their circles where edges run through the place below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.report.network.layout import Box, Layout, Placed
from stresstest.report.network.routing import Route

_BESIDE, _ABOVE = 3.0, 2.0
_GAIN = 2.0
"""What a move must save, in points along edges weighted by width, so that names stay below in doubt."""


def relabelled(layout: Layout, routes: Sequence[Route], widths: Sequence[float]) -> Layout:
    """Return the layout with the name of each firm where the fewest and thinnest edges run through it.

    A name meets no circle and no other name. Names inside their circle stay.
    """
    lines = np.concatenate([np.empty((0, 2)), *(route.line for route in routes)])
    weights = np.repeat([0.4 + width for width in widths], [len(route.line) for route in routes])
    firms = list(layout.firms)
    for number, placed in enumerate(firms):
        if not placed.inside:
            others = [box for n, one in enumerate(firms) if n != number for box in (one.label, one.disc)]
            firms[number] = _moved(placed, others, (lines, weights), layout.field)
    return layout._replace(firms=tuple(firms))


def _moved(placed: Placed, others: Sequence[Box], edges: tuple[FloatArray, FloatArray], field: Box) -> Placed:
    best, least = placed, _covered(placed.label, *edges) - _GAIN
    for candidate in _candidates(placed):
        box = candidate.label
        if not box.within(field) or any(box.meets(other) for other in others):
            continue
        cost = _covered(box, *edges)
        if cost < least:
            best, least = candidate, cost
    return best


def _candidates(placed: Placed) -> Iterator[Placed]:
    """Yield the firm with its name to the right, to the left and above."""
    box, width = placed.label, placed.label.right - placed.label.left
    height = box.top - box.bottom
    bottom, top = placed.y - height / 2.0, placed.y + height / 2.0
    right, left = placed.x + placed.radius + _BESIDE, placed.x - placed.radius - _BESIDE
    yield placed._replace(label=Box(right, bottom, right + width, top), flush="left")
    yield placed._replace(label=Box(left - width, bottom, left, top), flush="right")
    above = placed.y + placed.radius + _ABOVE
    yield placed._replace(label=Box(box.left, above, box.right, above + height))


def _covered(box: Box, lines: FloatArray, weights: FloatArray) -> float:
    x, y = lines.T
    inside = (x > box.left - 1.0) & (x < box.right + 1.0) & (y > box.bottom) & (y < box.top)
    return float(weights[inside].sum())

"""The part of a network that carries the largest losses."""

from __future__ import annotations

from matplotlib.axes import Axes

from stresstest.report.network.drawing import NetworkDrawing
from stresstest.report.view.networks import NetworkPart


def network(part: NetworkPart, ax: Axes | None = None) -> Axes:
    """Draw firms by role with their losses, and the money between them.

    Raises
    ------
    ValueError
        Where the part holds no network to draw, or for axes of the caller's: a drawing has its own page.
    """
    if part.drawn is None:
        raise ValueError(f"{part.network} was read from a document that does not hold its edges")
    if ax is not None:
        raise ValueError("a network is drawn on a page of its own, not on given axes")
    drawing = NetworkDrawing(part.drawn, losses=dict(part.losses))
    return drawing.figure().axes[0]

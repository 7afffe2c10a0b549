"""Every chart by its kind, and figures as vector drawings for a page: the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes

from stresstest.report.charts.bars import bars, hedge
from stresstest.report.charts.curves import frontier, path, severity
from stresstest.report.charts.heatmap import heatmap
from stresstest.report.charts.network import network
from stresstest.report.charts.vectors import inline_svg
from stresstest.report.charts.waterfall import waterfall
from stresstest.report.sections.blocks import Figure

CHARTS: dict[str, Callable[[Any], Axes]] = {
    "bars": bars,
    "frontier": frontier,
    "heatmap": heatmap,
    "hedge": hedge,
    "network": network,
    "path": path,
    "severity": severity,
    "waterfall": waterfall,
}


def vector_of(figure: Figure, anchor: str) -> str:
    """Return a figure as markup to put into a page; `anchor` is unique within it."""
    return inline_svg(lambda: CHARTS[figure.kind](figure.data), anchor, figure.title, figure.description)

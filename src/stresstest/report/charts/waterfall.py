"""A scenario's P&L as steps that add up, in the order in which they happen."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from stresstest.report.charts.style import (
    ASIDE,
    INK,
    PAPER,
    axes,
    beside,
    colour_of,
    drawn,
    head,
    percent_axis,
    rows,
)
from stresstest.report.view.losses import Waterfall
from stresstest.report.view.wording import percent_text

_ROW, _NAMES = 22.0, 160.0


@drawn
def waterfall(found: Waterfall, ax: Axes | None = None) -> Axes:
    """Draw the steps from the top down; those through a network are hatched, the total is dark."""
    steps = [step for step in found.steps if step.percent is not None]
    ax = axes(ax, _ROW * (len(steps) + 1), _NAMES + 12.0, 10.0)
    ax.axvline(0.0, color=ASIDE, linewidth=0.8)
    total, ends = 0.0, [0.0]
    for row, step in enumerate(steps):
        size = step.percent or 0.0
        hatch: dict[str, Any] = {"hatch": "////", "edgecolor": PAPER} if step.network else {}
        ax.barh(row, size, left=total, height=0.6, color=colour_of(size), linewidth=0.0, **hatch)
        total += size
        ends.append(total)
        ax.plot([total, total], [row - 0.3, row + 1.3], color=ASIDE, linewidth=0.7)
    ax.barh(len(steps), found.percent or total, height=0.6, color=INK, linewidth=0.0)
    rows(ax, [*(step.name for step in steps), "total"], _NAMES)
    low, high = min(ends), max(ends)
    wide = max(high - low, 1e-9)
    ax.set_xlim(low - 0.02 * wide, high + 0.52 * wide)
    for row, step in enumerate(steps):
        beside(ax, row, percent_text(step.percent))
    beside(ax, len(steps), percent_text(found.percent), bold=True)
    hatched = "; hatched: network" if any(step.network for step in steps) else ""
    percent_axis(ax, "x", f"P&L in % of {found.unit}{hatched}")
    head(ax, f"{found.scenario} by {found.by}")
    return ax

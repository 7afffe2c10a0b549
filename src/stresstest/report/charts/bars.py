"""Bars by scenario with the severity band; hollow and filled marks before and after a hedge."""

from __future__ import annotations

from matplotlib.axes import Axes

from stresstest.report.charts.style import (
    ACCENT,
    ASIDE,
    FAINT,
    INK,
    PAPER,
    SMALL,
    axes,
    beside,
    colour_of,
    drawn,
    head,
    percent_axis,
    rows,
)
from stresstest.report.view.hedge import HedgeView
from stresstest.report.view.losses import Losses, LossLine
from stresstest.report.view.wording import percent_text

_ROW, _NAMES = 18.0, 170.0
_MOST = 60


@drawn
def bars(found: Losses, ax: Axes | None = None) -> Axes:
    """Draw P&L by scenario, the worst first; a thin line is the band of severities."""
    lines = [line for line in found.lines if line.percent is not None][:_MOST]
    ax = axes(ax, _ROW * max(len(lines), 1), _NAMES + 12.0, 10.0)
    ax.axvline(0.0, color=ASIDE, linewidth=0.8)
    for row, line in enumerate(lines):
        percent = line.percent or 0.0
        ax.barh(row, percent, height=0.62, color=colour_of(percent), linewidth=0.0)
        _band(ax, row, line)
    rows(ax, [line.name for line in lines], _NAMES)
    _room(ax, [value for line in lines for value in (line.percent, line.milder, line.harsher)])
    for row, line in enumerate(lines):
        beside(ax, row, percent_text(line.percent), color=INK)
    band = "; line: 0.5 to 1.5 times" if found.banded else ""
    percent_axis(ax, "x", f"P&L in % of {found.unit}{band}")
    head(ax, f"P&L by scenario, {found.portfolio}")
    return ax


def _band(ax: Axes, row: int, line: LossLine) -> None:
    ends = [end for end in (line.milder, line.harsher) if end is not None]
    if not ends:
        return
    low, high = min([*ends, line.percent or 0.0]), max([*ends, line.percent or 0.0])
    ax.plot([low, high], [row, row], color=INK, linewidth=1.0, solid_capstyle="butt")
    ax.plot(
        ends, [row] * len(ends), color=INK, linewidth=0.0, marker="|", markersize=5.0, markeredgewidth=1.0
    )


def _room(ax: Axes, values: list[float | None]) -> None:
    """Leave room at the right for figures."""
    known = [value for value in values if value is not None]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    wide = max(high - low, 1e-9)
    ax.set_xlim(low - 0.02 * wide, high + 0.52 * wide)


@drawn
def hedge(plan: HedgeView, ax: Axes | None = None) -> Axes:
    """Draw P&L of the scenarios that a plan uses, hollow before and filled after."""
    lines = sorted((line for line in plan.lines if line.role != "held_out"), key=lambda line: line.before)[
        :_MOST
    ]
    ax = axes(ax, _ROW * max(len(lines), 1), _NAMES + 12.0, 10.0)
    ax.axvline(0.0, color=FAINT, linewidth=0.8)
    for row, line in enumerate(lines):
        ax.plot([line.before, line.after], [row, row], color=ASIDE, linewidth=1.2, zorder=2)
        ax.plot(
            [line.before], [row], "o", markersize=5.5, markerfacecolor=PAPER, markeredgecolor=INK, zorder=3
        )
        ax.plot([line.after], [row], "o", markersize=5.5, color=ACCENT, zorder=4)
    rows(ax, [line.name for line in lines], _NAMES)
    _room(ax, [value for line in lines for value in (line.before, line.after)])
    for row, line in enumerate(lines):
        beside(ax, row, percent_text(line.after), fontsize=SMALL)
    percent_axis(ax, "x", "P&L in % of base value; hollow: before")
    head(ax, f"Before and after the hedge, {plan.portfolio}")
    return ax

"""Lines: P&L by severity with break-points and limits, a value over time with its drawdown, a frontier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from stresstest.report.charts.style import (
    ACCENT,
    ASIDE,
    FAINT,
    GAIN,
    INK,
    LOSS,
    LOSS_SOFT,
    PAPER,
    axes,
    caption,
    drawn,
    head,
    percent_axis,
    set_letters,
    words,
)
from stresstest.report.view.curves import Break, PathCurve, SeverityCurve
from stresstest.report.view.hedge import FrontierView
from stresstest.report.view.wording import percent_text, short_text

_HEIGHT = 230.0
_CLOSE = 15.0
"""Points on paper within which two numbers would stand on one another."""

_MARK = {"markersize": 5.0, "color": PAPER, "markeredgecolor": INK}


@drawn
def severity(found: SeverityCurve, ax: Axes | None = None) -> Axes:
    """Draw P&L by severity; numbered marks are break-points in their order, broken lines limits."""
    ax = axes(ax, _HEIGHT)
    values = [math.nan if value is None else value for value in found.percent]
    ax.axhline(0.0, color=ASIDE, linewidth=0.8)
    ax.axvline(100.0, color=ASIDE, linewidth=0.8, linestyle=(0, (1.0, 2.0)))
    ax.plot(found.severity, values, color=LOSS, linewidth=2.0)
    for name, level in found.limits:
        ax.axhline(level, color=ACCENT, linewidth=1.1, linestyle=(0, (5.0, 2.5)))
        words(ax, 0.995, level, f"limit {name}", transform=ax.get_yaxis_transform(), ha="right", va="bottom")
    for group in _together(ax, found.breaks):
        ax.plot([one.at for _, one in group], [one.percent for _, one in group], "o", **_MARK)  # type: ignore[arg-type]
        first, last = group[0], group[-1]
        text = f"{first[0]}" if first is last else f"{first[0]}\N{EN DASH}{last[0]}"
        offset = ScaledTranslation(5.0 / 72.0, 3.0 / 72.0, ax.figure.dpi_scale_trans)
        words(ax, first[1].at, first[1].percent or 0.0, text, transform=ax.transData + offset, va="bottom")
    percent_axis(ax, "y", "")
    percent_axis(ax, "x", f"Severity in % of the stated size; P&L in % of {found.unit}")
    head(ax, f"{found.scenario} by severity")
    return ax


def _together(ax: Axes, breaks: Sequence[Break]) -> list[list[tuple[int, Break]]]:
    """Return numbered break-points, those whose numbers would stand on one another together."""
    groups: list[list[tuple[int, Break]]] = []
    for number, point in (
        (number, point) for number, point in enumerate(breaks, 1) if point.percent is not None
    ):
        near = groups and _apart(ax, groups[-1][-1][1], point) < _CLOSE
        if near:
            groups[-1].append((number, point))
        else:
            groups.append([(number, point)])
    return groups


def _apart(ax: Axes, one: Break, other: Break) -> float:
    """Return the distance of two points on the paper, in points."""
    ends = ax.transData.transform([(one.at, one.percent or 0.0), (other.at, other.percent or 0.0)])
    return float(math.hypot(*(ends[1] - ends[0]))) * 72.0 / float(ax.figure.dpi)


@drawn
def path(found: PathCurve, ax: Axes | None = None) -> Axes:
    """Draw a value over time, the earlier high, and what lies between: the drawdown."""
    ax = axes(ax, _HEIGHT)
    days: list[date] = []
    values: list[float] = []
    for point in found.points:
        days += [point.day, point.day]
        values += [point.before, point.after]
    high = [max(values[: place + 1]) for place in range(len(values))]
    ax.fill_between(days, values, high, color=LOSS_SOFT, linewidth=0.0)  # type: ignore[arg-type]
    ax.plot(days, high, color=ASIDE, linewidth=0.9, linestyle=(0, (4.0, 2.0)))  # type: ignore[arg-type]
    ax.plot(days, values, color=GAIN, linewidth=2.0)  # type: ignore[arg-type]
    ax.set_ylim(min(0.0, *values), 1.12 * max(*values, 0.0) or 1.0)
    if found.drawdown > 0.0:
        _deepest(ax, found)
    ax.yaxis.set_major_formatter(lambda value, _place: short_text(value))
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    _dates(ax, [point.day for point in found.points])
    set_letters([*ax.get_xticklabels(), *ax.get_yticklabels()])
    text = f"Value in {found.currency}; broken: the earlier high; shaded: below it"
    caption(ax, text)
    head(ax, f"{found.scenario} over time")
    return ax


def _deepest(ax: Axes, found: PathCurve) -> None:
    """Mark where the deepest fall ends, with its size."""
    at_trough = [point for point in found.points if point.day == found.trough]
    least = min(min(point.before, point.after) for point in at_trough)
    known = found.drawdown_percent is not None
    fall = percent_text(-(found.drawdown_percent or 0.0)) if known else short_text(-found.drawdown)
    ax.plot([found.trough], [least], "v", markersize=6.0, color=INK)  # type: ignore[arg-type]
    left = ax.transData + ScaledTranslation(-8.0 / 72.0, 0.0, ax.figure.dpi_scale_trans)
    words(ax, found.trough, least, fall, ha="right", bold=True, transform=left)  # type: ignore[arg-type]


def _dates(ax: Axes, days: list[date]) -> None:
    """Mark at most five days of a path, evenly spread."""
    span = (days[-1] - days[0]) / 4
    marked = [days[0] + place * span for place in range(5)] if days[-1] > days[0] else days[:1]
    form = "%b %Y" if span.days >= 20 else "%d %b %Y"
    ax.set_xticks(marked, labels=[f"{day:{form}}" for day in marked])  # type: ignore[arg-type]
    ax.tick_params(axis="x", pad=7.0)


@drawn
def frontier(found: FrontierView, ax: Axes | None = None) -> Axes:
    """Draw the largest loss against what is spent; the square is the plan."""
    ax = axes(ax, _HEIGHT)
    points = [point for point in found.points if point.spent is not None and point.worst is not None]
    ax.plot([point.spent or 0.0 for point in points], [-(point.worst or 0.0) for point in points], color=GAIN)
    for point in points:
        spent, worst = point.spent or 0.0, -(point.worst or 0.0)
        style = {"marker": "s", "markersize": 8.0, "color": ACCENT} if point.is_plan else {"marker": "o"}
        ax.plot([spent], [worst], **{"markersize": 5.0, "color": GAIN, **style})  # type: ignore[arg-type]
        words(ax, spent, worst, f"  {point.amount}", va="bottom")
    ax.margins(0.14)
    percent_axis(ax, "y", "")
    percent_axis(ax, "x", "Spent, in % of base value; worst P&L in %; labels: amount of the rule")
    head(ax, f"Frontier of {found.rule}")
    return ax

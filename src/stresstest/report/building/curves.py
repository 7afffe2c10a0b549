"""Severity curve and paths from a result."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.measures.break_points.groups import Group, groups
from stresstest.measures.limits import ANY
from stresstest.measures.paths import ValuePath, value_path
from stresstest.measures.percentages import shown_percent
from stresstest.measures.turning_points import Sweep
from stresstest.report.building.losses import unit_of
from stresstest.report.building.material import Material
from stresstest.report.view.curves import Break, PathCurve, PathPoint, SeverityCurve
from stresstest.revaluation.result import PortfolioResult

_BREAKS = 14
_MOST_VALUES = 2_000


def severity_curve(material: Material, held: PortfolioResult, place: int) -> SeverityCurve | None:
    """Return the worst scenario by severity; None where it was not asked of so large a book."""
    if held.units is None or len(held.position_ids) > _MOST_VALUES:
        return None
    name = material.focus(held)[0]
    found = material.sweep(name)
    if found is None:
        return None
    rows = found.pnl[place].tolist()
    listed = groups([item for item in found.break_points if item.portfolio == held.name])
    return SeverityCurve(
        *(held.name, name, material.by_name[name].horizon, unit_of(held)),
        severity=tuple(100.0 * x for x in found.x.tolist()),
        percent=tuple(None if math.isnan(pnl) else shown_percent(held, pnl) for pnl in rows),
        breaks=tuple(_break(held, group) for group in _shown(listed)),
        limits=_limits(held, name),
        unlisted=_unlisted(found, held.name) + max(len(listed) - _BREAKS, 0),
        searched=not material.is_path(name),
    )


def _shown(found: Sequence[Group]) -> list[Group]:
    """Return the break-points that are shown: those that bend the curve first, then the rest, in order."""
    ranked = sorted(found, key=lambda group: not any(item.bends for item in group.members))
    return sorted(ranked[:_BREAKS], key=lambda group: group.first.x)


def _break(held: PortfolioResult, group: Group) -> Break:
    first = group.first
    return Break(
        *(100.0 * first.x, first.kind, first.what, first.subject or ", ".join(first.positions[:3])),
        percent=shown_percent(held, -first.loss) if math.isfinite(first.loss) else None,
        count=len(group.members),
        bends=any(item.bends for item in group.members),
    )


def _unlisted(found: Sweep, portfolio: str) -> int:
    return sum(item.count for item in found.unlisted if item.portfolio == portfolio)


def _limits(held: PortfolioResult, scenario: str) -> tuple[tuple[str, float], ...]:
    """Return the limits that count for a scenario, as P&L in per cent of the unit."""
    found = []
    for limit in held.held.portfolio.portfolio.limits:
        whole = abs(held.base_value) if limit.of == "base" else held.gross_value
        percent = shown_percent(held, -limit.max_loss * whole)
        if limit.scenario in (ANY, scenario) and percent is not None:
            found.append((limit.name or "limit", percent))
    return tuple(found)


def path_curves(material: Material, held: PortfolioResult) -> tuple[PathCurve, ...]:
    """Return the scenarios that leave today, the deepest fall first."""
    found = []
    for name in material.last_columns:
        path = value_path(held, material.compiled.columns, name)
        if path is not None:
            scenario = material.by_name.get(name)
            found.append(_curve(held, path, scenario.horizon if scenario else ""))
    return tuple(sorted(found, key=lambda curve: -curve.drawdown))


def _curve(held: PortfolioResult, path: ValuePath, horizon: str) -> PathCurve:
    fall, wet, cash = path.drawdown, path.under_water, path.lowest_cash
    money = [None] * len(path.dates) if path.cash is None else path.cash.tolist()
    rows = zip(path.dates, path.before.tolist(), path.after.tolist(), money, strict=True)
    points = tuple(PathPoint(*row) for row in rows)
    terms = held.name, held.currency, path.scenario, horizon, points
    lowest = cash if cash is not None else (None, None)
    return PathCurve(
        *terms, fall.amount, fall.percent, fall.peak, fall.trough, wet.days, wet.recovered, *lowest
    )

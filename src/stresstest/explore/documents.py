"""What the page shows of a result, as plain JSON values; a missing number is null."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from stresstest.api import Stress
from stresstest.arrays import FloatArray
from stresstest.measures.contributions import contributions
from stresstest.measures.factor_splits.groups import FACTOR_GROUP
from stresstest.measures.factor_splits.split import factor_splits
from stresstest.measures.limits import check_limits
from stresstest.measures.paths import value_path
from stresstest.measures.percentages import has_small_base, shown_percent
from stresstest.measures.stages import stage_split
from stresstest.measures.trace import Trace
from stresstest.revaluation.result import PortfolioResult, StressResult

MOST_POSITIONS = 200
"""Positions of one answer; the page finds others by their id."""

MOST_GROUPS = 24
MOST_FACTORS = 40
MOST_PARTS = 12
MOST_FAILURES = 50

Values = dict[str, Any]


def number(value: float) -> float | None:
    """Return a number, or None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def totals(stress: Stress) -> Values:
    """Return value and P&L of every portfolio at the end of the one scenario, and of all together."""
    result = stress.result
    (scenario,) = result.table.scenarios
    column = int(result.table.final_columns[0])
    base = float(result.total[0])
    pnl = float(result.total[column]) - base
    # Per cent of a sum that nets out would tell of the netting, and portfolios share no gross value.
    netted = any(map(has_small_base, result.portfolios))
    together = {
        "currency": result.currency,
        "base_value": number(base),
        "pnl": number(pnl),
        "percent": None if netted or not base else 100.0 * pnl / abs(base),
    }
    return {
        "scenario": scenario,
        "portfolios": [portfolio_total(held, column) for held in result.portfolios],
        "total": together,
    }


def portfolio_total(held: PortfolioResult, column: int) -> Values:
    """Return value and P&L of one portfolio in a column."""
    pnl = float(held.pnl[column])
    return {
        "name": held.name,
        "title": held.held.portfolio.portfolio.title,
        "currency": held.currency,
        "base_value": number(held.base_value),
        "value": number(float(held.value[column])),
        "pnl": number(pnl),
        "percent": shown_percent(held, pnl),
        "of": "gross value" if has_small_base(held) else "base value",
        "failed": int(np.isnan(held.position_value[:, column]).sum()),
    }


def limits(stress: Stress) -> list[Values]:
    """Return every limit that covers the one scenario, with the loss there."""
    return [
        {
            "portfolio": held.name,
            "name": check.limit.name or f"limit on {check.limit.scenario}",
            "scenario": check.limit.scenario,
            "max_loss": check.limit.max_loss,
            "of": check.limit.of,
            "loss": number(check.loss),
            "breached": check.breached,
        }
        for held in stress.result.portfolios
        for check in check_limits(held)
    ]


def groups(held: PortfolioResult, by: str, column: int) -> Values:
    """Return contributions by an attribute, the largest first; the last line adds up all others.

    Raises
    ------
    InputError
        Where no position knows the attribute.
    """
    found = contributions(held, by)
    pnl, base = found.pnl[:, column], found.base_value
    order = np.argsort(-np.abs(pnl), kind="stable").tolist()
    lines = [_group(held, found.groups[row], base[row], pnl[row]) for row in order[:MOST_GROUPS]]
    rest = order[MOST_GROUPS:]
    if rest:
        name = f"{len(rest)} others"
        lines.append(_group(held, name, float(base[rest].sum()), float(pnl[rest].sum())) | {"rest": True})
    return {"by": by, "lines": lines}


def _group(held: PortfolioResult, name: str, base: float, pnl: float) -> Values:
    return {
        "group": name,
        "base_value": number(base),
        "pnl": number(pnl),
        "percent": shown_percent(held, float(pnl)),
        "rest": False,
    }


def positions(held: PortfolioResult, column: int, find: str = "") -> Values:
    """Return the positions whose id or name holds `find`, the largest loss first."""
    value, pnl = held.position_value, held.position_pnl[:, column]
    written = held.held.portfolio.positions
    wanted = find.casefold()
    rows = [
        row
        for row, name in enumerate(held.position_ids)
        if not wanted
        or wanted in name.casefold()
        or (written.names and wanted in written.names[row].casefold())
    ]
    ranked = sorted(rows, key=lambda row: math.inf if math.isnan(pnl[row]) else pnl[row])
    types = held.position_types
    lines = [_position(held, row, types[row], value[row, [0, column]]) for row in ranked[:MOST_POSITIONS]]
    return {"lines": lines, "found": len(rows), "all": len(held.position_ids)}


def _position(held: PortfolioResult, row: int, tag: str, values: FloatArray) -> Values:
    """Return a position with its values `(2,)`, base and stressed."""
    base, value = values.tolist()
    names, pnl = held.held.portfolio.positions.names, value - base
    return {
        "id": held.position_ids[row],
        "name": names[row] if names else "",
        "type": tag,
        "quantity": number(float(held.held.quantity[row])),
        "base_value": number(base),
        "value": number(value),
        "pnl": number(pnl),
        "percent": shown_percent(held, pnl) if math.isfinite(pnl) else None,
    }


def failures(held: PortfolioResult) -> list[Values]:
    """Return what could not be valued."""
    return [
        {
            "position": one.position,
            "scenario": one.scenario,
            "reason": one.reason.value,
            "message": one.message,
        }
        for one in held.failures[:MOST_FAILURES]
    ]


def waterfall(held: PortfolioResult, scenario: str) -> list[Values]:
    """Return the P&L of a scenario by what moved it, in order; the parts add up to it."""
    split = stage_split(held, scenario)
    parts = zip(split.parts, split.pnl.tolist(), strict=True)
    return [{"part": name, "pnl": number(pnl), "percent": shown_percent(held, pnl)} for name, pnl in parts]


def factor_groups(result: StressResult, stress: Stress) -> list[Values]:
    """Return the P&L of the one portfolio of `result` by groups of factors, each alone; it is their sum."""
    (held,) = result.portfolios
    (split,) = factor_splits(result, stress.compiled.columns, FACTOR_GROUP)
    pairs = [pair for pair in zip(split.parts, split.pnl.tolist(), strict=True) if pair[1] != 0.0]
    own = [pair for pair in pairs if pair[0] in split.groups]
    rest = own[MOST_PARTS - 1 :] if len(own) > MOST_PARTS else []
    if rest:
        pairs = [pair for pair in pairs if pair not in rest]
        pairs.insert(MOST_PARTS - 1, ("all others", math.fsum(pnl for _, pnl in rest)))
    return [{"part": name, "pnl": number(pnl), "percent": shown_percent(held, pnl)} for name, pnl in pairs]


def path(stress: Stress, held: PortfolioResult, scenario: str) -> list[Values]:
    """Return value over time of a scenario that has steps; nothing of one that happens today."""
    found = value_path(held, stress.compiled.columns, scenario)
    if found is None:
        return []
    rows = zip(found.dates, found.before.tolist(), found.after.tolist(), strict=True)
    return [{"date": day.isoformat(), "before": before, "after": after} for day, before, after in rows]


def factors(traces: Iterable[Trace]) -> list[Values]:
    """Return a position's P&L factor by factor, the largest first, then what they do together."""
    return [
        {
            "position": one.position,
            "pnl": number(one.pnl),
            "time": number(one.time),
            "interaction": number(one.interaction),
            "factors": [
                {
                    "factor": str(item.key),
                    "base": item.base,
                    "level": number(item.level),
                    "pnl": number(item.pnl),
                }
                for item in sorted(one.factors, key=lambda item: -abs(item.pnl))[:MOST_FACTORS]
            ],
            "left_out": max(len(one.factors) - MOST_FACTORS, 0),
        }
        for one in traces
    ]

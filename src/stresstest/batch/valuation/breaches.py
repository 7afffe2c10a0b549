"""Limits of a group against its worst scenarios: warnings and breaches as rows."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.parts import GroupColumns
from stresstest.measures.limits import ANY, share_of
from stresstest.portfolio.model import Limit

WARNING, HARD = "warning", "hard"
_FIELDS = ("portfolio", "limit", "owner", "level", "scenario", "loss", "max_loss", "of")


def breach_table(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    """Return a row for each limit that its worst scenario breaches, or comes near enough to warn.

    A limit counts all points of a path. `loss` is a part of the limit's denominator, `max_loss` the loss from
    which the level is reached.
    """
    rows: list[tuple[str, str, str, str, str, float, float, str]] = []
    worst = _worst(prepared, named)
    gross = _gross(prepared, group)
    for place, portfolio in enumerate(range(group.first, group.last)):
        base = abs(float(prepared.row_base.portfolios[portfolio]))
        for limit in prepared.holders.limits[portfolio]:
            found = _checked(
                limit, worst[place], prepared.scenarios, base if limit.of == "base" else gross[place]
            )
            if found is not None:
                rows.append((prepared.holders.names[portfolio], limit.name, limit.owner, *found, limit.of))
    kinds = (*(pa.string() for _ in range(5)), pa.float64(), pa.float64(), pa.string())
    columns = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(_FIELDS, arrays, strict=True)))


def _worst(prepared: Prepared, named: GroupColumns) -> FloatArray:
    """Return `(n_portfolios, n_scenarios)` lowest P&L of each scenario over its columns, or NaN."""
    found = np.full((len(named.portfolios), len(prepared.scenarios)), np.nan)
    if prepared.named is None:
        return found
    table = prepared.named.table
    for number, name in enumerate(prepared.scenarios):
        columns = table.columns_of(name) - 1
        found[:, number] = named.portfolios[:, columns].min(axis=1)
    return found


def _gross(prepared: Prepared, group: Group) -> list[float]:
    holders = prepared.holders
    sizes = (np.abs(holders.base[holders.positions(row)]) for row in range(group.first, group.last))
    return [math.fsum(size[~np.isnan(size)].tolist()) for size in sizes]


def _checked(
    limit: Limit, worst: FloatArray, scenarios: tuple[str, ...], denominator: float
) -> tuple[str, str, float, float] | None:
    """Return level, scenario, loss and what it exceeds; None where the limit is kept, or was not run."""
    covered = [
        number
        for number, name in enumerate(scenarios)
        if limit.scenario in (ANY, name) and not math.isnan(worst[number])
    ]
    if not covered:
        return None
    number = min(covered, key=lambda place: float(worst[place]))
    loss = share_of(-float(worst[number]), denominator)
    if loss > limit.max_loss:
        return HARD, scenarios[number], loss, limit.max_loss
    if limit.warning is not None and loss > limit.warning:
        return WARNING, scenarios[number], loss, limit.warning
    return None

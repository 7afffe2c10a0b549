"""Limits of a group against its worst scenarios: warnings and breaches as rows."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.parts import GroupColumns
from stresstest.measures.breach_ages import Breach, breach_ages
from stresstest.measures.limits import ANY, HARD, WARNING, share_of
from stresstest.portfolio.model import Limit

_TEXTS = ("portfolio", "limit", "owner", "level", "scenario")
_KINDS = {
    **{name: pa.string() for name in _TEXTS},
    **{"loss": pa.float64(), "max_loss": pa.float64(), "of": pa.string(), "covers": pa.string()},
    **{"since": pa.date32(), "age_runs": pa.int64(), "over_since": pa.date32(), "over_runs": pa.int64()},
}


def breach_table(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    """Return a row for each limit that its worst scenario breaches, or comes near enough to warn.

    A limit counts all points of a path. `loss` is a part of the limit's denominator, `max_loss` the loss from
    which the level is reached. Ages are those of `measures.breach_ages`, from the run before.
    """
    found: list[Breach] = []
    worst = _worst(prepared, named)
    gross = _gross(prepared, group)
    for place, portfolio in enumerate(range(group.first, group.last)):
        base = abs(float(prepared.row_base.portfolios[portfolio]))
        for limit in prepared.holders.limits[portfolio]:
            size = base if limit.of == "base" else gross[place]
            checked = _checked(limit, worst[place], prepared.scenarios, size)
            if checked is not None:
                found.append(
                    _breach(prepared.holders.names[portfolio], limit, checked, prepared.governed.day)
                )
    rows = breach_ages(prepared.governed.previous, found)
    return pa.table(
        {name: pa.array([getattr(breach, name) for breach in rows], kind) for name, kind in _KINDS.items()}
    )


class _Checked(NamedTuple):
    """Level that a loss reaches, the scenario, the loss, and the loss from which the level is reached."""

    level: str
    scenario: str
    loss: float
    max_loss: float


def _breach(portfolio: str, limit: Limit, checked: _Checked, day: date) -> Breach:
    return Breach(
        *(portfolio, limit.name, limit.scenario, limit.of, limit.owner),
        *checked,
        warning=limit.warning,
        since=day,
        over_since=day,
    )


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
) -> _Checked | None:
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
        return _Checked(HARD, scenarios[number], loss, limit.max_loss)
    if limit.warning is not None and loss > limit.warning:
        return _Checked(WARNING, scenarios[number], loss, limit.warning)
    return None

"""Measures of a group over the draws of each sampled set."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.parts import GroupColumns
from stresstest.measures.tail import expected_shortfall, value_at_risk, worst_loss

_MEASURES: dict[str, Callable[[FloatArray, float], float]] = {
    "value_at_risk": value_at_risk,
    "expected_shortfall": expected_shortfall,
    "worst_loss": lambda loss, _: worst_loss(loss),
}


def measure_table(prepared: Prepared, group: Group, draws: GroupColumns) -> pa.Table:
    """Return a row a portfolio, set and measure, null where a draw has no result; draws count alike."""
    level = prepared.job.confidence_level
    names = [name for name in prepared.job.measures if name in _MEASURES]
    holders = prepared.holders
    rows: list[tuple[str, str, str, str, float, float | None]] = []
    for place, portfolio in enumerate(range(group.first, group.last)):
        last = 0
        for sample in prepared.sampled:
            first, last = last, last + sample.n_draws
            loss = -draws.portfolios[place, first:last]
            known = bool(np.isfinite(loss).all())
            head = (holders.names[portfolio], holders.currencies[portfolio], sample.name)
            rows += [(*head, name, level, _MEASURES[name](loss, level) if known else None) for name in names]
    return _table(rows)


def _table(rows: list[tuple[str, str, str, str, float, float | None]]) -> pa.Table:
    fields = ("portfolio", "currency", "set", "measure", "confidence_level", "value")
    kinds = (*(pa.string() for _ in range(4)), pa.float64(), pa.float64())
    columns = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(fields, arrays, strict=True)))

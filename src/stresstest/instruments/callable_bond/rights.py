"""How far rights of redemption are in the money, column by column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.callable_bond.columns import NO_ROW, RightColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows


@kernel
def fill_worth(columns: RightColumns, market: MarketRows, worth: FloatArray) -> None:
    """Write Σ amount·D(t)·e^{−s·t} by column."""
    worth[:] = 0.0
    for k in range(columns.amount.shape[0]):
        discount, amount, years = market.derived[columns.discount_row[k]], columns.amount[k], columns.years[k]
        if columns.spread_row == NO_ROW:
            for j in range(worth.shape[0]):
                worth[j] = fma(amount, discount[j], worth[j])
        else:
            spread = market.factors[columns.spread_row]
            for j in range(worth.shape[0]):
                worth[j] = fma(amount, discount[j] * exp(-years * spread[j]), worth[j])


def measure_rights(columns: Sequence[RightColumns], market: MarketRows, value: FloatArray) -> FloatArray:
    """Return `(n_gauges, n_columns)` today's value of not using a right less that of using it, signed."""
    del value
    gauges = np.empty((len(columns), market.factors.shape[1]))
    for place, item in enumerate(columns):
        fill_worth(item, market, gauges[place])
    return gauges

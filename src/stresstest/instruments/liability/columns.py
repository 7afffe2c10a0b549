"""Columns of liabilities."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.dated_flows import DiscountColumns, IndexGrowthColumns

FIXED = -1
"""Stands for the row of an inflation rate where payments are fixed."""

LOG_INDEX, LOG_RATE = 0, 1
"""State: log of what prices have grown since today along the path; ln(1 + inflation) since the last date."""


class DueColumns(NamedTuple):
    """Payments since the step before, up to and on the valuation date.

    Attributes
    ----------
    offsets
        Liability i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    amount
        Cash of one unit, negative: it is paid out `(n_due,)`.
    years
        From the step before to the payment, over which prices have grown `(n_due,)`.
    """

    offsets: IntArray
    amount: FloatArray
    years: FloatArray


class LiabilityColumns(NamedTuple):
    """Compiled liabilities.

    Attributes
    ----------
    offsets
        Liability i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    amount
        Cash of one unit, negative `(n_cashflows,)`.
    discount, growth
        How payments are discounted and how they grow.
    spread_row
        Row in `market.factors` of the credit spread `(n_instruments,)`; where there is none, a row that the
        liability reads anyway.
    inflation_row
        Row in `market.factors` of the inflation that a path realises, `FIXED` for fixed payments
        `(n_instruments,)`.
    gap_years
        Time since the step before `(n_instruments,)`.
    due
        Payments since the step before.
    """

    offsets: IntArray
    amount: FloatArray
    discount: DiscountColumns
    growth: IndexGrowthColumns
    spread_row: IntArray
    inflation_row: IntArray
    gap_years: FloatArray
    due: DueColumns

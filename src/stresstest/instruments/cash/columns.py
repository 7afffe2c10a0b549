"""Columns of cash."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class CashColumns(NamedTuple):
    """Compiled cash; each array `(n_instruments,)`.

    Attributes
    ----------
    unit_value
        In the own currency, always 1.
    discount_row
        Row in `market.derived` of the discount factor over the gap since the step before; −1 where there is
        no gap, or no curve to earn interest at.
    margin_row
        Row in `market.factors` of the spread that borrowed money costs; `NO_ROW` for money of one's own.
    gap_years
        Time since the step before.
    """

    unit_value: FloatArray
    discount_row: IntArray
    margin_row: IntArray
    gap_years: FloatArray

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
    """

    unit_value: FloatArray
    discount_row: IntArray

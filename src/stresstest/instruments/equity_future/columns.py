"""Columns of equity futures."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class EquityFutureColumns(NamedTuple):
    """Compiled equity futures; each array `(n_instruments,)`.

    Attributes
    ----------
    entry_price
        Futures price that gains are counted from.
    multiplier
        Units of the underlying a contract.
    carry_spot_row, discount_row
        Rows in `market.derived` of S·e^{−qT} and D(T).
    life
        `ALIVE`, `SETTLED` or `GONE`.
    """

    entry_price: FloatArray
    multiplier: FloatArray
    carry_spot_row: IntArray
    discount_row: IntArray
    life: IntArray

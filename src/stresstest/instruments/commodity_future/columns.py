"""Columns of commodity futures."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class CommodityFutureColumns(NamedTuple):
    """Compiled commodity futures; each array `(n_instruments,)`.

    Attributes
    ----------
    entry_price
        Futures price that gains are counted from.
    multiplier
        Units of the commodity a contract.
    price_row
        Row in `market.derived` of the price for delivery at expiry.
    life
        `ALIVE`, `SETTLED` or `GONE`.
    """

    entry_price: FloatArray
    multiplier: FloatArray
    price_row: IntArray
    life: IntArray

"""Columns of GPU rental-rate forwards."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class SettlementColumns(NamedTuple):
    """Settlements after the valuation date, forward after forward; each array `(n_settlements,)`.

    Attributes
    ----------
    hours
        Hours that count for one GPU.
    price_row, discount_row
        Rows in `market.derived` of the rental rate for delivery then, and of the discount factor.
    """

    hours: FloatArray
    price_row: IntArray
    discount_row: IntArray


class RentalForwardColumns(NamedTuple):
    """Compiled rental forwards.

    Attributes
    ----------
    offsets
        Forward i has the settlements `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    rate
        Agreed rental rate `(n_instruments,)`.
    settlements
        Those after the valuation date.
    due_hours
        Hours that settled since the step before `(n_instruments,)`.
    due_price_row
        Row in `market.derived` of the rental rate now, at which they settle `(n_instruments,)`.
    """

    offsets: IntArray
    rate: FloatArray
    settlements: SettlementColumns
    due_hours: FloatArray
    due_price_row: IntArray

"""Columns of barrier options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns

UNTOUCHED, REBATE_DUE, OVER = 0.0, 1.0, 2.0
"""State of a barrier: not touched; touched at the last date; touched before that, its rebate paid."""


class BarrierColumns(NamedTuple):
    """Barriers and what happens there; each array `(n_instruments,)`.

    Attributes
    ----------
    direction
        1 where the barrier lies below the price, −1 where above.
    knocks_in
        1 for knock-in, 0 for knock-out.
    log_barrier
        Natural log of the barrier.
    rebate
        Money per share.
    at_expiry
        1 where a knock-out pays its rebate at expiry.
    vanilla, at_barrier, reflected, reflected_at_barrier
        Weights of the parts A, B, C and D in the knock-in option.
    knocked
        1 where the barrier was touched before the market's date.
    log_spot_row, log_discount_row
        Rows in `market.derived`.
    """

    direction: FloatArray
    knocks_in: FloatArray
    log_barrier: FloatArray
    rebate: FloatArray
    at_expiry: FloatArray
    vanilla: FloatArray
    at_barrier: FloatArray
    reflected: FloatArray
    reflected_at_barrier: FloatArray
    knocked: IntArray
    log_spot_row: IntArray
    log_discount_row: IntArray


class BarrierOptionColumns(NamedTuple):
    """Compiled barrier options: contracts, their surfaces, their barriers."""

    contract: ContractColumns
    smile: SmileColumns
    barrier: BarrierColumns

"""Forwards: something delivered later, already worth its carried price, against a payment then."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out


class ForwardColumns(NamedTuple):
    """Compiled forwards; each array `(n_instruments,)`.

    Attributes
    ----------
    price
        Payment for one unit on delivery.
    carried_row, discount_row
        Rows in `market.derived` of what one unit delivered then is worth today, and of the discount factor.
    life
        `ALIVE`, `SETTLED` or `GONE`.
    """

    price: FloatArray
    carried_row: IntArray
    discount_row: IntArray
    life: IntArray


@kernel
def forward_value(carried: float, discount: float, price: float) -> float:
    """Return the value of a purchase at `price`: what is delivered, today, less D·price."""
    return fma(-price, discount, carried)


@kernel
def price_forwards(columns: ForwardColumns, market: MarketRows, out: Out) -> None:
    """Write the value of one unit of every forward; one delivered since the step before has paid its gain."""
    for i in range(columns.life.shape[0]):
        life = columns.life[i]
        if life != ALIVE:
            for j in range(out.value.shape[1]):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        carried, discount = market.derived[columns.carried_row[i]], market.derived[columns.discount_row[i]]
        price = columns.price[i]
        for j in range(value.shape[0]):
            value[j] = forward_value(carried[j], discount[j], price)

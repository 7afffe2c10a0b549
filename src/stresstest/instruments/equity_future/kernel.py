"""Value of equity futures: the gain since entry, undiscounted, as margin is paid day by day."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.equity_future.columns import EquityFutureColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out


@kernel
def futures_gain(carried_spot: float, discount: float, entry_price: float, multiplier: float) -> float:
    """Return (F − entry)·multiplier with F = S·e^{−qT}/D(T), the price at which carrying costs nothing.

    J. C. Hull, Options, Futures, and Other Derivatives, 9th ed., sections 5.6 and 5.8: with rates that are
    not random a futures price is the forward price.
    """
    return (carried_spot / discount - entry_price) * multiplier


@kernel
def revalue(columns: EquityFutureColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the gain of one contract since its entry, in the underlying's currency.

    A future that expired since the step before is worth 0 and has paid its last gain.
    """
    for i in range(columns.life.shape[0]):
        life = columns.life[i]
        if life != ALIVE:
            for j in range(out.value.shape[1]):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        carried = market.derived[columns.carry_spot_row[i]]
        discount = market.derived[columns.discount_row[i]]
        entry_price, multiplier = columns.entry_price[i], columns.multiplier[i]
        for j in range(value.shape[0]):
            value[j] = futures_gain(carried[j], discount[j], entry_price, multiplier)

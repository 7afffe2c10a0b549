"""Value of commodity futures: the gain since entry, undiscounted, as margin is paid day by day."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.commodity_future.columns import CommodityFutureColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out


@kernel
def futures_gain(price: float, entry_price: float, multiplier: float) -> float:
    """Return (F − entry)·multiplier, in currency; prices may be negative."""
    return (price - entry_price) * multiplier


@kernel
def revalue(columns: CommodityFutureColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the gain of one contract since its entry, in the currency of its price.

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
        price = market.derived[columns.price_row[i]]
        entry_price, multiplier = columns.entry_price[i], columns.multiplier[i]
        for j in range(value.shape[0]):
            value[j] = futures_gain(price[j], entry_price, multiplier)

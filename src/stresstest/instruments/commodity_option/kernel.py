"""Value of options on commodity futures, one option after the other over all columns."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.commodity_option.columns import CommodityOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.vanilla import price_vanilla


@kernel
def revalue(columns: CommodityOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one contract of every option, in the currency of its price.

    F. Black, The pricing of commodity contracts, Journal of Financial Economics 3 (1976) 167. A negative
    futures price has no lognormal vol: its column has no value. An option that expired since the step before
    is worth 0 and pays its intrinsic value.
    """
    price_vanilla(columns.vanilla, market, out)

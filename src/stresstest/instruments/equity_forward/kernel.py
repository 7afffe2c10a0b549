"""Value of equity forwards: the carried share less the discounted price."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.equity_forward.columns import EquityForwardColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.forwards import price_forwards
from stresstest.kernels.market import MarketRows, Out


@kernel
def revalue(columns: EquityForwardColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write S·e^{−qT} − D(T)·price for one share of every forward, in the underlying's currency."""
    price_forwards(columns.forward, market, out)

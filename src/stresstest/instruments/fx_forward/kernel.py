"""Value of currency forwards: the base amount discounted and converted, less the discounted payment."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.fx_forward.columns import FxForwardColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.forwards import price_forwards
from stresstest.kernels.market import MarketRows, Out


@kernel
def revalue(columns: FxForwardColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write S·D_base(T) − rate·D_quote(T) for one unit of base currency, in quote currency."""
    price_forwards(columns.forward, market, out)

"""Value of European options, one option after the other over all columns."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.european_option.columns import EuropeanOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.vanilla import price_vanilla


@kernel
def revalue(columns: EuropeanOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one contract of every option, in the underlying's currency.

    An option that expired since the step before is worth 0 and pays its intrinsic value.
    """
    price_vanilla(columns.vanilla, market, out)

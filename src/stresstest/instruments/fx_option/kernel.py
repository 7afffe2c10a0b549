"""Value of currency options, one option after the other over all columns."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.fx_option.columns import FxOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.vanilla import price_vanilla


@kernel
def revalue(columns: FxOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of an option on one unit of base currency, in quote currency.

    M. B. Garman and S. W. Kohlhagen, Foreign currency option values, Journal of International Money and
    Finance 2 (1983) 231: Black's formula on the forward F = S·D_base/D_quote. An option that expired since
    the step before is worth 0 and pays its intrinsic value.
    """
    price_vanilla(columns.vanilla, market, out)

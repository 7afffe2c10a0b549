"""Value of overnight index swaps, one swap after the other over all columns."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.ois.columns import OisColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.swaps import price_swaps


@kernel
def revalue(columns: OisColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of notional of every swap, in its currency.

    State: the log growth of the floating period that runs, and of one that has ended and is not yet paid.
    """
    price_swaps(columns.swaps, market, state, out)

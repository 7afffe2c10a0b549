"""Value of fund shares: their price."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.fund.columns import FundColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows, Out, copy_rows


@kernel
def revalue(columns: FundColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the spot price of every unit and column, in the issuer's currency."""
    copy_rows(columns.spot_row, market.factors, out.value)

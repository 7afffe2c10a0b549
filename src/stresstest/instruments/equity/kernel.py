"""Value of shares: their price."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.equity.columns import EquityColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows, Out, copy_rows
from stresstest.kernels.rows import NO_ROW


@kernel
def borrowing_cost(spot: float, borrow_fee: float, years: float) -> float:
    """Return what the lender of a share takes over a gap, S·(e^{f·t} − 1): paid to the holder of one unit.

    A short position holds a negative number of units, and pays.
    """
    return spot * (exp(borrow_fee * years) - 1.0)


@kernel
def revalue(columns: EquityColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the spot price of every unit and column, in the issuer's currency."""
    copy_rows(columns.spot_row, market.factors, out.value)
    for i in range(columns.fee_row.shape[0]):
        years = columns.gap_years[i]
        if (columns.fee_row[i] == NO_ROW) | (years == 0.0):
            continue
        spot, fee, paid = market.factors[columns.spot_row[i]], market.factors[columns.fee_row[i]], out.paid[i]
        for j in range(paid.shape[0]):
            paid[j] = borrowing_cost(spot[j], fee[j], years)

"""Value of zero-coupon bonds: the discount factor to maturity, under the issuer's spread."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.zero_bond.columns import ZeroBondColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.default import Claim, apply_default
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def risky_discount(discount_factor: float, credit_spread: float, years: float) -> float:
    """Return D(t)·e^{−s·t}: the discount factor under a spread s, continuously compounded."""
    return discount_factor * exp(-credit_spread * years)


@kernel
def _apply_default(columns: ZeroBondColumns, i: int, market: MarketRows, out: Out) -> None:
    if columns.default_row[i] != NO_ROW:
        claim = Claim(1.0 if columns.years[i] > 0.0 else 0.0, columns.paid[i])
        state, recovery = market.factors[columns.default_row[i]], market.factors[columns.recovery_row[i]]
        apply_default(claim, state, recovery, out.value[i], out.paid[i])


@kernel
def revalue(columns: ZeroBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of face of every bond, in its currency; a face repaid goes into `paid`.

    Where the issuer's default state is 1, recovery takes the place of the value and of the face.
    """
    for i in range(columns.years.shape[0]):
        value, paid = out.value[i], out.paid[i]
        if columns.paid[i] != 0.0:
            for j in range(paid.shape[0]):
                paid[j] = columns.paid[i]
        if columns.years[i] == 0.0:
            for j in range(value.shape[0]):
                value[j] = 0.0
            _apply_default(columns, i, market, out)
            continue
        discount = market.derived[columns.discount_row[i]]
        years = columns.years[i]
        if columns.spread_row[i] == NO_ROW:
            for j in range(value.shape[0]):
                value[j] = discount[j]
        else:
            spread = market.factors[columns.spread_row[i]]
            for j in range(value.shape[0]):
                value[j] = risky_discount(discount[j], spread[j], years)
        _apply_default(columns, i, market, out)

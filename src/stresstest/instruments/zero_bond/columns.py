"""Columns of zero-coupon bonds."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class ZeroBondColumns(NamedTuple):
    """Compiled zero-coupon bonds; each array `(n_instruments,)`.

    Attributes
    ----------
    discount_row
        Row in `market.derived` of the discount factor to maturity.
    spread_row
        Row in `market.factors` of the credit spread; `NO_ROW` where the bond has none.
    years
        Time to maturity in years of 365 days; 0 for a bond that a path has repaid, which is worth 0.
    paid
        Face repaid since the step before: 1 or 0.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover; `NO_ROW`.
    """

    discount_row: IntArray
    spread_row: IntArray
    years: FloatArray
    paid: FloatArray
    default_row: IntArray
    recovery_row: IntArray

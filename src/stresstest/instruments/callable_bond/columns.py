"""Columns of bonds with rights of redemption."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.dated_flows import DiscountColumns
from stresstest.kernels.short_rate_lattice import ClaimColumns, LatticeColumns


class ElapsedColumns(NamedTuple):
    """Rights that could be exercised since the step before, first to last; ragged.

    Attributes
    ----------
    offsets
        Bond i has the rights `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    sign
        1 the issuer's to call, −1 the holder's to put `(n_rights,)`.
    claim_offsets, claims
        What each is worth on its day: payments, discounted over the notice.
    paid_before
        Coupons since the step before, up to and on the day of the right.
    paid_after
        Coupons after that day, up to and on that of the next right, or the valuation date.
    wait
        Time from that day to the next right's, or to the valuation date, as discount.
    """

    offsets: IntArray
    sign: FloatArray
    claim_offsets: IntArray
    claims: ClaimColumns
    paid_before: FloatArray
    paid_after: FloatArray
    wait: DiscountColumns


class CallableBondColumns(NamedTuple):
    """Compiled bonds; each array `(n_instruments,)`.

    Attributes
    ----------
    lattice
        Payments and rights to come.
    elapsed
        Rights that have passed since the step before.
    spread_row
        Row in `market.factors` of the credit spread; where the bond has none, a row that it reads anyway.
    vol_row, vol
        Row in `market.factors` of the vol of the short rate, or −1 where the terms state it, in `vol`.
    is_open
        1 while payments remain, else 0.
    paid
        Payments for one unit of face since the step before, if it was not redeemed early.
    matured
        1 where the face was due since the step before, else 0.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, `NO_ROW`
        where the market states none.
    """

    lattice: LatticeColumns
    elapsed: ElapsedColumns
    spread_row: IntArray
    vol_row: IntArray
    vol: FloatArray
    is_open: FloatArray
    paid: FloatArray
    matured: FloatArray
    default_row: IntArray
    recovery_row: IntArray


NO_ROW = -1
"""Stands for the row of the spread of a bond that has none."""


class RightColumns(NamedTuple):
    """What follows if a right is not used less what its use brings, by time; positive where it pays.

    Attributes
    ----------
    amount, years, discount_row
        Money, time, and row in `market.derived` of the discount factor `(n_flows,)`.
    spread_row
        Row in `market.factors` of the issuer's spread, or `NO_ROW`.
    """

    amount: FloatArray
    years: FloatArray
    discount_row: IntArray
    spread_row: int

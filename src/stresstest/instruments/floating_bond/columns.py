"""Columns of floating-rate bonds."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.floating import GrowthColumns


class ForwardColumns(NamedTuple):
    """Payments whose floating interest telescopes: worth (D(start) + (known − 1)·D(end))·e^{−s·t}.

    Attributes
    ----------
    offsets
        Bond i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    known_less_one
        Margin, and the face at maturity, for one unit of face, less 1 `(n_cashflows,)`.
    years
        Time to the payment `(n_cashflows,)`.
    start_row, end_row
        Rows in `market.derived` of the discount factors to both ends of the period `(n_cashflows,)`.
    """

    offsets: IntArray
    known_less_one: FloatArray
    years: FloatArray
    start_row: IntArray
    end_row: IntArray


class CouponColumns(NamedTuple):
    """Payments whose rate is set or set elsewhere, bond after bond.

    Attributes
    ----------
    offsets
        Bond i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`; the others
        `(n_cashflows,)`.
    is_valued
        0 where a path only remembers the rate.
    growth
        Where the floating interest comes from.
    known
        Margin, and the face at maturity, for one unit of face.
    years
        Time to the payment.
    log_discount_row
        Row in `market.derived` of the log discount factor; `NO_ROW` where it was paid since the step before.
    """

    offsets: IntArray
    is_valued: IntArray
    growth: GrowthColumns
    known: FloatArray
    years: FloatArray
    log_discount_row: IntArray


class FloatingBondColumns(NamedTuple):
    """Compiled bonds.

    Attributes
    ----------
    coupons, forwards
        Payments since the step before and to come.
    spread_row
        Row in `market.factors` of the credit spread, `NO_ROW` where the bond has none `(n_instruments,)`.
    is_open, matured
        1 where payments are left, 1 where the last was due since the step before, else 0 `(n_instruments,)`.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, `NO_ROW`
        where the market states none `(n_instruments,)`.
    standing_row, standing_years
        Row in `market.derived` of ln D to the term of the rate that is in force until the next date of a
        path, and that term; both `(n_instruments,)`.
    """

    coupons: CouponColumns
    forwards: ForwardColumns
    spread_row: IntArray
    is_open: FloatArray
    matured: FloatArray
    default_row: IntArray
    recovery_row: IntArray
    standing_row: IntArray
    standing_years: FloatArray

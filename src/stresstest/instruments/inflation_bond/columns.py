"""Columns of inflation-linked bonds."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.dated_flows import DiscountColumns, IndexGrowthColumns

LOG_INDEX, LOG_RATE = 0, 1
"""State: log of what prices grew since the last print known today; ln(1 + inflation) since the last date."""


class DueColumns(NamedTuple):
    """Payments since the step before, up to and on the valuation date.

    Attributes
    ----------
    offsets
        Bond i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    amount
        Money for one unit of face at the last index known at the step before `(n_due,)`.
    years
        Time over which prices have grown from that index to the payment's `(n_due,)`.
    floor
        Least growth that the payment takes, 0 for a coupon `(n_due,)`.
    """

    offsets: IntArray
    amount: FloatArray
    years: FloatArray
    floor: FloatArray


class InflationBondColumns(NamedTuple):
    """Compiled inflation-linked bonds.

    Attributes
    ----------
    offsets
        Bond i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    amount
        Money for one unit of face at the last index known `(n_cashflows,)`.
    floor
        Least growth that the payment takes, 0 for a coupon `(n_cashflows,)`.
    discount, growth
        How payments are discounted and how they grow.
    spread_row
        Row in `market.factors` of the credit spread `(n_instruments,)`; where the bond has none, a row
        that it reads anyway.
    inflation_row
        Row in `market.factors` of the inflation that a path realises `(n_instruments,)`.
    realised_years
        Time since the step before over which prices have grown beyond what is known `(n_instruments,)`.
    due
        Payments since the step before.
    open_claim, ended_claim
        Face at the last known index that a default leaves a claim on: while payments remain, and where the
        last one was due since the step before; else 0 `(n_instruments,)`.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, `NO_ROW`
        where the market states none `(n_instruments,)`.
    """

    offsets: IntArray
    amount: FloatArray
    floor: FloatArray
    discount: DiscountColumns
    growth: IndexGrowthColumns
    spread_row: IntArray
    inflation_row: IntArray
    realised_years: FloatArray
    due: DueColumns
    open_claim: FloatArray
    ended_claim: FloatArray
    default_row: IntArray
    recovery_row: IntArray

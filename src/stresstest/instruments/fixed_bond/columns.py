"""Columns of fixed-rate bonds."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray


class FlowColumns(NamedTuple):
    """Remaining payments of all bonds, bond after bond; each array `(n_cashflows,)`.

    Attributes
    ----------
    amount
        Money for one unit of face.
    lower_row, upper_row
        Rows in `market.factors` of the zero rates around the payment date.
    lower_weight_years, upper_weight_years
        Their interpolation weights, each multiplied by the time to the payment in years.
    spread_years
        Time that multiplies the credit spread; 0 where the bond has none.
    """

    amount: FloatArray
    lower_row: IntArray
    upper_row: IntArray
    lower_weight_years: FloatArray
    upper_weight_years: FloatArray
    spread_years: FloatArray


class FixedBondColumns(NamedTuple):
    """Compiled bonds.

    Attributes
    ----------
    offsets
        Bond i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    spread_row
        Row in `market.factors` of the credit spread `(n_instruments,)`; where the bond has none, a row
        that it reads anyway.
    flows
        The payments after the valuation date.
    paid
        Payments for one unit of face since the step before, up to and on the valuation date
        `(n_instruments,)`.
    outstanding, repaid
        Parts of the original face that are left and that were repaid since the step before
        `(n_instruments,)`: what a default leaves a claim on.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, `NO_ROW`
        where the market states none `(n_instruments,)`.
    """

    offsets: IntArray
    spread_row: IntArray
    flows: FlowColumns
    paid: FloatArray
    outstanding: FloatArray
    repaid: FloatArray
    default_row: IntArray
    recovery_row: IntArray

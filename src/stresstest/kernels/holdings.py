"""Sums of holdings: quantity × unit value × exchange rate, in canonical order, column by column."""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel


class HoldingRows(NamedTuple):
    """Holdings of the instruments of one block, in canonical order (instrument, then portfolio).

    Attributes
    ----------
    instrument
        Row of the block's unit values `(n_holdings,)`.
    portfolio
        Row of the totals `(n_holdings,)`.
    fx
        Row of the exchange rates; row 0 is 1 in every column `(n_holdings,)`.
    quantity
        Units held, net over the portfolio's positions `(n_holdings,)`.
    """

    instrument: IntArray
    portfolio: IntArray
    fx: IntArray
    quantity: FloatArray


@kernel
def _add_holding(quantity: float, unit: FloatArray, fx: FloatArray, total: FloatArray) -> None:
    """Add `(quantity · unit) · fx` to `total`, column by column; a value that is NaN adds nothing."""
    for column in range(total.shape[0]):
        value = (quantity * unit[column]) * fx[column]
        total[column] += value if value == value else 0.0  # noqa: PLR0124 - NaN is the only number unlike itself


@kernel
def add_holdings(holdings: HoldingRows, units: FloatArray, fx: FloatArray, totals: FloatArray) -> None:
    """Add the holdings of one block to the totals.

    Parameters
    ----------
    holdings
        Who holds how much of the block's instruments.
    units
        `(n_block_instruments, width)` unit values, NaN where one could not be computed.
    fx
        `(n_fx, width)` exchange rates.
    totals
        `(n_portfolios, width)`, written: the sum goes on from what it holds, one holding after the other, so
        that a portfolio's total does not depend on how columns or blocks are cut.
    """
    for row in range(holdings.quantity.shape[0]):
        _add_holding(
            holdings.quantity[row],
            units[holdings.instrument[row]],
            fx[holdings.fx[row]],
            totals[holdings.portfolio[row]],
        )


@kernel
def _add_failed(quantity: float, unit: FloatArray, fx: FloatArray, base: float, left_out: FloatArray) -> None:
    for column in range(left_out.shape[0]):
        value = (quantity * unit[column]) * fx[column]
        left_out[column] += base if value != value else 0.0  # noqa: PLR0124 - NaN again


@kernel
def add_left_out(
    holdings: HoldingRows, units: FloatArray, fx: FloatArray, base: FloatArray, left_out: FloatArray
) -> None:
    """Add the base values of the holdings that have no value in a column, in the order of `add_holdings`.

    Parameters
    ----------
    holdings, units, fx
        As in `add_holdings`.
    base
        `(n_holdings,)` base value of each, NaN where it has none either: then nothing is left out.
    left_out
        `(n_portfolios, width)`, written: the sum goes on from what it holds.
    """
    for row in range(holdings.quantity.shape[0]):
        if base[row] == base[row]:
            _add_failed(
                holdings.quantity[row],
                units[holdings.instrument[row]],
                fx[holdings.fx[row]],
                base[row],
                left_out[holdings.portfolio[row]],
            )


@kernel
def _drop_infinite(values: FloatArray) -> None:
    for column in range(values.shape[0]):
        value = values[column]
        values[column] = value if value - value == 0.0 else math.nan


@kernel
def drop_infinite(values: FloatArray) -> None:
    """Turn every value `(n_instruments, n_columns)` that is not finite into NaN, in place."""
    for row in range(values.shape[0]):
        _drop_infinite(values[row])

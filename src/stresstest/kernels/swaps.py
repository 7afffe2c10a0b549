"""Swaps in many columns: a sum of discount factors, and those periods whose interest is no such sum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.floating import GrowthColumns, fill_log_growth, floating_coupon, keep_standing_rate
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


class StripColumns(NamedTuple):
    """Known payments of each instrument: its value is constant + Σ weight·D.

    Attributes
    ----------
    offsets
        Instrument i has the payments `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    constant
        Value of what is due on the valuation date `(n_instruments,)`.
    weight, discount_row
        Money, and the row in `market.derived` of its discount factor; both `(n_cashflows,)`.
    """

    offsets: IntArray
    constant: FloatArray
    weight: FloatArray
    discount_row: IntArray


class PeriodColumns(NamedTuple):
    """Floating periods whose interest is not a difference of two discount factors.

    Attributes
    ----------
    offsets
        As of `StripColumns` `(n_instruments + 1,)`.
    growth
        Where the interest comes from.
    notional, margin_amount
        Signed: above 0 where it is received; 0 where a path only remembers the rate. Margin times year
        fraction. Both `(n_periods,)`.
    pay_row
        Row in `market.derived` of the discount factor to the payment; `NO_ROW` where it was paid since the
        step before `(n_periods,)`.
    """

    offsets: IntArray
    growth: GrowthColumns
    notional: FloatArray
    margin_amount: FloatArray
    pay_row: IntArray


class SwapColumns(NamedTuple):
    """Compiled swaps.

    Attributes
    ----------
    strip, periods
        What is left of them.
    paid
        Known money since the step before, for one unit `(n_instruments,)`.
    standing_row, standing_years
        Row in `market.derived` of ln D to the term of the rate that is in force until the next date of a
        path, and that term; both `(n_instruments,)`.
    """

    strip: StripColumns
    periods: PeriodColumns
    paid: FloatArray
    standing_row: IntArray
    standing_years: FloatArray


@kernel
def fill_strip(strip: StripColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    """Write the value of the known payments of instrument `i` by column."""
    constant = strip.constant[i]
    for j in range(value.shape[0]):
        value[j] = constant
    for k in range(strip.offsets[i], strip.offsets[i + 1]):
        weight, discount = strip.weight[k], market.derived[strip.discount_row[k]]
        for j in range(value.shape[0]):
            value[j] = fma(weight, discount[j], value[j])


@kernel
def _add_received(notional: float, margin_amount: float, log_growth: FloatArray, paid: FloatArray) -> None:
    for j in range(paid.shape[0]):
        paid[j] = fma(notional, floating_coupon(log_growth[j], margin_amount), paid[j])


@kernel
def _add_due(
    terms: tuple[float, float], log_growth: FloatArray, discount: FloatArray, value: FloatArray
) -> None:
    notional, margin_amount = terms
    for j in range(value.shape[0]):
        coupon = floating_coupon(log_growth[j], margin_amount)
        value[j] = fma(notional * coupon, discount[j], value[j])


@kernel
def price_swaps(columns: SwapColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of notional of every swap.

    State: the log growth of a period that has begun, in its slot, 0 or 1; and in 2 the rate in force until
    the next date.
    """
    periods, log_growth = columns.periods, np.empty(out.value.shape[1])
    for i in range(columns.paid.shape[0]):
        value, paid = out.value[i], out.paid[i]
        fill_strip(columns.strip, i, market, value)
        if columns.paid[i] != 0.0:
            for j in range(paid.shape[0]):
                paid[j] = columns.paid[i]
        for k in range(periods.offsets[i], periods.offsets[i + 1]):
            fill_log_growth(periods.growth, k, market, state[i], log_growth)
            notional, margin_amount = periods.notional[k], periods.margin_amount[k]
            if notional == 0.0:
                continue
            if periods.pay_row[k] == NO_ROW:
                _add_received(notional, margin_amount, log_growth, paid)
            else:
                discount = market.derived[periods.pay_row[k]]
                _add_due((notional, margin_amount), log_growth, discount, value)
        keep_standing_rate(market.derived[columns.standing_row[i]], columns.standing_years[i], state[i, 2])

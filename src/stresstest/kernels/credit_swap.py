"""Credit default swaps over all columns: the hazard rate that a quoted spread implies, and the value at it.

For every column the flat hazard rate h is solved at which a contract of the same dates that pays the quoted
spread would cost nothing, (1 − R)·P(h) = s·(A(h) − a·D): P is the protection leg, A the premium leg with what
accrues at a default, a·D the refund of accrued premium. The contract is then worth (1 − R)·P(h) − c·A(h).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.market import MarketRows
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.survival import (
    PREMIUM_DAYS_RATIO,
    Interval,
    accrual_leg,
    default_leg,
    moments,
    survival,
)

LOWEST_HAZARD, HIGHEST_HAZARD = -0.5, 1e4
"""Hazard rates between which a root is looked for; a little below 0 so that spreads may be."""

_MAX_ROUNDS = 100
# The error left is its square: below the last bit. What is left of value is added by the slope.
_STEP_TOLERANCE = 1e-9
_SMALLEST_STEP = 1e-18


class IntervalColumns(NamedTuple):
    """Time to maturity cut at premium dates and curve nodes, contract after contract; each `(n_intervals,)`.

    Attributes
    ----------
    start_years, end_years, length_years, accrued_years
        As `survival.Interval` has them.
    premium
        Year fraction (ACT/360) of the premium earned by surviving to the end; 0 where none is.
    discount_row, log_discount_row
        Rows in `market.derived` at the end of the interval.
    payment_row
        Row of the discount factor to the payment of the premium; any row of the contract where there is none.
    """

    start_years: FloatArray
    end_years: FloatArray
    length_years: FloatArray
    accrued_years: FloatArray
    premium: FloatArray
    discount_row: IntArray
    log_discount_row: IntArray
    payment_row: IntArray


class CreditSwapColumns(NamedTuple):
    """Contracts with protection bought on one unit of notional.

    Attributes
    ----------
    offsets
        Contract i has the intervals `offsets[i]` to `offsets[i + 1]`; none where it is over
        `(n_instruments + 1,)`.
    intervals
        See there.
    coupon
        Premium a year `(n_instruments,)`, as the rest.
    accrued
        Year fraction accrued of the current premium at step-in.
    settlement_row
        Row in `market.derived` of the discount factor to cash settlement.
    spread_row
        Row in `market.factors` of the quoted spread.
    basis_row
        Row of what is added to it, or `NO_ROW`.
    recovery, recovery_row
        Assumed recovery, and the row in `market.factors` to take it from instead, or `NO_ROW`.
    notional
        Part of the notional that is still protected.
    paid
        Premium paid since the step before, for one unit of notional.
    """

    offsets: IntArray
    intervals: IntervalColumns
    coupon: FloatArray
    accrued: FloatArray
    settlement_row: IntArray
    spread_row: IntArray
    basis_row: IntArray
    recovery: FloatArray
    recovery_row: IntArray
    notional: FloatArray
    paid: FloatArray


class SwapScratch(NamedTuple):
    """Numbers of one contract by column; each array `(n_columns,)`."""

    spread: FloatArray
    loss: FloatArray
    hazard: FloatArray
    lowest: FloatArray
    highest: FloatArray
    is_open: FloatArray
    discounted: FloatArray
    protection: FloatArray
    protection_slope: FloatArray
    premium: FloatArray
    premium_slope: FloatArray
    zeros: FloatArray


class _Rows(NamedTuple):
    """Discounting at the ends of one interval: logs at both, factors at the later and to the payment."""

    log_before: FloatArray
    log_discount: FloatArray
    discount: FloatArray
    payment: FloatArray


@kernel
def new_scratch(n_columns: int) -> SwapScratch:
    """Return scratch for chunks of `n_columns`."""
    return SwapScratch(
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.empty(n_columns),
        np.zeros(n_columns),
    )


@kernel
def first_hazard(spread: float, loss: float) -> float:
    """Return the hazard rate at which endless premium would pay for the losses (the credit triangle)."""
    return PREMIUM_DAYS_RATIO * spread / loss if loss > 0.0 else np.nan


@kernel
def _begin(columns: CreditSwapColumns, i: int, market: MarketRows, scratch: SwapScratch) -> None:
    """Take spread and loss by column and the first guess."""
    quoted = market.factors[columns.spread_row[i]]
    for j in range(quoted.shape[0]):
        scratch.loss[j] = 1.0 - columns.recovery[i]
    if columns.recovery_row[i] != NO_ROW:
        recovery = market.factors[columns.recovery_row[i]]
        for j in range(quoted.shape[0]):
            scratch.loss[j] = 1.0 - recovery[j]
    for j in range(quoted.shape[0]):
        scratch.spread[j] = quoted[j]
    if columns.basis_row[i] != NO_ROW:
        basis = market.factors[columns.basis_row[i]]
        for j in range(quoted.shape[0]):
            scratch.spread[j] += basis[j]
    for j in range(quoted.shape[0]):
        guess = first_hazard(scratch.spread[j], scratch.loss[j])
        guess = LOWEST_HAZARD if guess < LOWEST_HAZARD else guess  # noqa: FURB136
        scratch.hazard[j] = HIGHEST_HAZARD if guess > HIGHEST_HAZARD else guess  # noqa: FURB136
        scratch.lowest[j], scratch.highest[j], scratch.is_open[j] = LOWEST_HAZARD, HIGHEST_HAZARD, 1.0


@kernel
def _add_interval(
    interval: Interval, end_years: float, fraction: float, rows: _Rows, scratch: SwapScratch
) -> None:
    """Add what one interval, with the premium due at its end, gives to both legs and to their slopes."""
    for j in range(scratch.hazard.shape[0]):
        hazard, before = scratch.hazard[j], scratch.discounted[j]
        survived = survival(hazard, end_years)
        after = rows.discount[j] * survived
        exponent = fma(hazard, interval.length_years, rows.log_before[j] - rows.log_discount[j])
        parts = moments(before, after, exponent)
        lost, accrual = default_leg(hazard, interval, parts), accrual_leg(hazard, interval, parts)
        earned = fraction * rows.payment[j] * survived
        scratch.discounted[j] = after
        scratch.protection[j] += lost.value
        scratch.protection_slope[j] += lost.slope
        scratch.premium[j] += accrual.value + earned
        scratch.premium_slope[j] += fma(-end_years, earned, accrual.slope)


@kernel
def _add_legs(columns: CreditSwapColumns, i: int, market: MarketRows, scratch: SwapScratch) -> None:
    """Fill both legs and their slopes at the hazard rates reached: premium of 1 a year, a loss of 1."""
    parts = columns.intervals
    for j in range(scratch.hazard.shape[0]):
        scratch.discounted[j] = 1.0
        scratch.protection[j], scratch.protection_slope[j] = 0.0, 0.0
        scratch.premium[j], scratch.premium_slope[j] = 0.0, 0.0
    log_before = scratch.zeros
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        interval = Interval(parts.start_years[k], parts.length_years[k], parts.accrued_years[k])
        log_discount = market.derived[parts.log_discount_row[k]]
        rows = _Rows(
            log_before,
            log_discount,
            market.derived[parts.discount_row[k]],
            market.derived[parts.payment_row[k]],
        )
        _add_interval(interval, parts.end_years[k], parts.premium[k], rows, scratch)
        log_before = log_discount


@kernel
def _improve(
    columns: CreditSwapColumns, i: int, market: MarketRows, scratch: SwapScratch, value: FloatArray
) -> int:
    """Take a Newton step on the par spread, or halve the bracket; value what has converged; count the rest.

    The par spread (1 − R)·P/(A − a·D) is nearly a straight line in h, so that few steps are needed. A column
    once settled is not touched again: its bits do not depend on its neighbours.
    """
    coupon, accrued = columns.coupon[i], columns.accrued[i]
    settlement = market.derived[columns.settlement_row[i]]
    n_open = 0
    for j in range(value.shape[0]):
        hazard, loss = scratch.hazard[j], scratch.loss[j]
        protection, premium = scratch.protection[j], scratch.premium[j]
        clean = fma(-accrued, settlement[j], premium)
        gap = fma(scratch.spread[j], clean, -loss * protection)
        par_spread = loss * protection / (clean if clean != 0.0 else np.nan)
        slope = fma(loss, scratch.protection_slope[j], -par_spread * scratch.premium_slope[j])
        step = gap / (slope if slope > 0.0 else np.nan)
        lowest = hazard if gap > 0.0 else scratch.lowest[j]
        highest = hazard if gap < 0.0 else scratch.highest[j]
        following = hazard + step
        is_inside = (following > lowest) & (following < highest)
        is_close = (abs(step) <= fma(_STEP_TOLERANCE, abs(following), _SMALLEST_STEP)) & (abs(step) < np.inf)
        is_open = (scratch.is_open[j] != 0.0) & (not is_close) & (slope == slope) & (highest > lowest)  # noqa: PLR0124
        ends = (scratch.is_open[j] != 0.0) & (not is_open)
        final_protection = loss * fma(scratch.protection_slope[j], step, protection)
        final = fma(-coupon, fma(scratch.premium_slope[j], step, premium), final_protection)
        value[j] = (final if is_close else np.nan) if ends else value[j]
        scratch.lowest[j], scratch.highest[j] = lowest, highest
        scratch.is_open[j] = 1.0 if is_open else 0.0
        scratch.hazard[j] = following if is_inside else 0.5 * (lowest + highest)
        n_open += 1 if is_open else 0
    return n_open


@kernel
def fill_swap_values(
    columns: CreditSwapColumns, i: int, market: MarketRows, scratch: SwapScratch, value: FloatArray
) -> None:
    """Write the value to the buyer of protection on one unit of notional, accrued premium included.

    0 for a contract that is over; NaN where no hazard rate between `LOWEST_HAZARD` and `HIGHEST_HAZARD` gives
    the quoted spread, or nothing is lost at a default.
    """
    if columns.offsets[i] == columns.offsets[i + 1]:
        for j in range(value.shape[0]):
            value[j] = 0.0
        return
    _begin(columns, i, market, scratch)
    n_open, n_rounds = 1, 0
    while n_open > 0 and n_rounds < _MAX_ROUNDS:
        _add_legs(columns, i, market, scratch)
        n_open = _improve(columns, i, market, scratch, value)
        n_rounds += 1
    for j in range(value.shape[0]):
        value[j] = np.nan if scratch.is_open[j] != 0.0 else columns.notional[i] * value[j]

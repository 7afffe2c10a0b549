"""Floating interest: growth of a period from two discount factors, what of it a path remembers, coupons."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows
from stresstest.kernels.rows import NO_ROW


class GrowthColumns(NamedTuple):
    """Where the log growth of each floating period comes from; each array `(n_periods,)`.

    log growth = known + carried + overnight_days · (−ln D(1 day)) + standing_years · rate
        + ln D(start) − ln D(end)

    Attributes
    ----------
    known
        Part known when the book was compiled, 0 where none is.
    carried_slot
        Place in the instrument's state of the part that the path remembers, `NO_ROW` where none is.
    overnight_days
        Days over which the overnight rate of the column accrued.
    standing_slot, standing_years
        Place in the state of the rate that was in force since the step before, `NO_ROW` where not read, and
        the time that it earned.
    overnight_row, start_row, end_row
        Rows in `market.derived` of the log discount factors of the projection curve to one day and to both
        ends of what is left of the period; `NO_ROW` where not read. The start is `NO_ROW` where it is the
        valuation date.
    accrued_slot, whole_slot
        Place in the state where the first three parts or all are to be kept, `NO_ROW` for nowhere.
    """

    known: FloatArray
    carried_slot: IntArray
    overnight_days: FloatArray
    overnight_row: IntArray
    start_row: IntArray
    end_row: IntArray
    accrued_slot: IntArray
    whole_slot: IntArray
    standing_slot: IntArray
    standing_years: FloatArray


@kernel
def simple_forward(log_growth: float, year_fraction: float) -> float:
    """Return the simple rate f of a period, 1 + f·τ = e^g; `year_fraction` τ is above 0."""
    return (exp(log_growth) - 1.0) / year_fraction


@kernel
def floored_rate(rate: float, floor: float) -> float:
    """Return the larger of a rate and its floor, NaN where the rate is NaN; −∞ is no floor."""
    return floor if rate < floor else rate  # noqa: FURB136 - a NaN must pass


@kernel
def floating_coupon(log_growth: float, margin_amount: float) -> float:
    """Return the interest e^g − 1 + m·τ of one unit of notional; `margin_amount` is m·τ."""
    return (exp(log_growth) - 1.0) + margin_amount


@kernel
def fill_log_growth(
    columns: GrowthColumns, k: int, market: MarketRows, state: FloatArray, log_growth: FloatArray
) -> None:
    """Write the log growth of period `k` by column, and keep in the state what the path must remember.

    Periods of one instrument are to be taken in their order: a later one may overwrite what an earlier one
    reads.

    Parameters
    ----------
    state
        `(n_state, n_columns)` of the instrument, changed in place.
    log_growth
        `(n_columns,)`, overwritten.
    """
    known = columns.known[k]
    for j in range(log_growth.shape[0]):
        log_growth[j] = known
    if columns.carried_slot[k] != NO_ROW:
        _add(state[columns.carried_slot[k]], 1.0, log_growth)
    if columns.overnight_row[k] != NO_ROW:
        _add(market.derived[columns.overnight_row[k]], -columns.overnight_days[k], log_growth)
    if columns.standing_slot[k] != NO_ROW:
        _add(state[columns.standing_slot[k]], columns.standing_years[k], log_growth)
    if columns.accrued_slot[k] != NO_ROW:
        _copy(log_growth, state[columns.accrued_slot[k]])
    if columns.start_row[k] != NO_ROW:
        _add(market.derived[columns.start_row[k]], 1.0, log_growth)
    if columns.end_row[k] != NO_ROW:
        _add(market.derived[columns.end_row[k]], -1.0, log_growth)
    if columns.whole_slot[k] != NO_ROW:
        _copy(log_growth, state[columns.whole_slot[k]])


@kernel
def keep_standing_rate(log_discount: FloatArray, years: float, standing: FloatArray) -> None:
    """Keep the rate for `years`, continuously compounded, that is in force until the next date of a path."""
    for j in range(standing.shape[0]):
        standing[j] = -log_discount[j] / years


@kernel
def _add(row: FloatArray, weight: float, total: FloatArray) -> None:
    for j in range(total.shape[0]):
        total[j] = fma(weight, row[j], total[j])


@kernel
def _copy(row: FloatArray, target: FloatArray) -> None:
    for j in range(target.shape[0]):
        target[j] = row[j]

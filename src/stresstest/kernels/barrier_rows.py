"""One barrier option in many columns: a loop a part, each short enough to run in vector registers."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.barrier import (
    BarrierMarket,
    BarrierTerms,
    bounded_knock_in,
    certain_value,
    direct_part,
    mirrored_part,
    safe_std_dev,
    touch_chance,
    touch_value,
)
from stresstest.kernels.black import NO_TIME_VALUE_BELOW, black_price


class BarrierRows(NamedTuple):
    """Market of one option by column, each `(n_columns,)`: D·F, D, ln D, ln S, ln F, and s to expiry."""

    discounted_forward: FloatArray
    discount: FloatArray
    log_discount: FloatArray
    log_spot: FloatArray
    log_forward: FloatArray
    std_dev: FloatArray


@kernel
def _at(rows: BarrierRows, j: int) -> BarrierMarket:
    """Return column j for the parts, which divide by the standard deviation."""
    return BarrierMarket(
        rows.discounted_forward[j],
        rows.discount[j],
        0.0,
        rows.log_spot[j],
        rows.log_forward[j],
        safe_std_dev(rows.std_dev[j]),
    )


@kernel
def _with_discount(rows: BarrierRows, j: int) -> BarrierMarket:
    """Return column j with its log discount factor, which only rebates and certain cells need."""
    return BarrierMarket(
        rows.discounted_forward[j],
        rows.discount[j],
        rows.log_discount[j],
        rows.log_spot[j],
        rows.log_forward[j],
        safe_std_dev(rows.std_dev[j]),
    )


@kernel
def fill_vanilla(terms: BarrierTerms, rows: BarrierRows, vanilla: FloatArray) -> None:
    """Write the option without a barrier."""
    for j in range(vanilla.shape[0]):
        owed = terms.strike * rows.discount[j]
        moneyness = rows.log_forward[j] - terms.log_strike
        vanilla[j] = black_price(terms.sign, rows.discounted_forward[j], owed, moneyness, rows.std_dev[j])


@kernel
def fill_untouched(terms: BarrierTerms, rows: BarrierRows, vanilla: FloatArray, value: FloatArray) -> None:
    """Write the option whose barrier has not been touched, without its rebate.

    A part of weight 0 is left out: beyond its range it may be infinite.
    """
    for j in range(value.shape[0]):
        value[j] = terms.vanilla * vanilla[j]
    if terms.at_barrier != 0.0:
        for j in range(value.shape[0]):
            value[j] = fma(terms.at_barrier, direct_part(terms, _at(rows, j)), value[j])
    if terms.reflected != 0.0:
        target = terms.log_barrier - terms.log_strike
        for j in range(value.shape[0]):
            value[j] = fma(terms.reflected, mirrored_part(terms, _at(rows, j), target), value[j])
    if terms.reflected_at_barrier != 0.0:
        for j in range(value.shape[0]):
            value[j] = fma(terms.reflected_at_barrier, mirrored_part(terms, _at(rows, j), 0.0), value[j])
    outside = terms.knocks_in == 0.0
    for j in range(value.shape[0]):
        inside = bounded_knock_in(value[j], vanilla[j])
        value[j] = vanilla[j] - inside if outside else inside


@kernel
def add_rebate(terms: BarrierTerms, rows: BarrierRows, value: FloatArray) -> None:
    """Add what the rebate of an untouched option is worth."""
    rebate = terms.rebate
    if terms.knocks_in != 0.0:
        for j in range(value.shape[0]):
            missed = 1.0 - touch_chance(terms, _at(rows, j))
            value[j] = fma(rebate * rows.discount[j], missed, value[j])
    elif terms.at_expiry != 0.0:
        for j in range(value.shape[0]):
            value[j] = fma(rebate * rows.discount[j], touch_chance(terms, _at(rows, j)), value[j])
    else:
        for j in range(value.shape[0]):
            value[j] = fma(rebate, touch_value(terms, _with_discount(rows, j)), value[j])


@kernel
def settle_certain(terms: BarrierTerms, rows: BarrierRows, value: FloatArray) -> None:
    """Replace the value of columns in which nothing is random."""
    n_certain = 0
    for j in range(value.shape[0]):
        n_certain += 1 if rows.std_dev[j] < NO_TIME_VALUE_BELOW else 0
    if n_certain > 0:
        for j in range(value.shape[0]):
            if rows.std_dev[j] < NO_TIME_VALUE_BELOW:
                value[j] = certain_value(terms, _with_discount(rows, j))

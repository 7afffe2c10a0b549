"""Rows derived from factor rows once a chunk: logs, discount factors, forwards, exchange rates, constants.

The list is closed. What many instruments share is computed here, so that a kernel's own loop needs one
exponential a price.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.discounting import (
    carried_spot,
    interpolated_price,
    log_currency_forward,
    log_discount,
    log_forward,
)
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

LOG_OF_SMALLEST = -744.4400719213812
"""ln(2^−1074), the logarithm of the smallest double above 0."""


class LogRows(NamedTuple):
    """Logs of factor rows; both `(n_rows,)`: row in `factors`, row in `derived`."""

    source_rows: IntArray
    target_rows: IntArray


class DiscountRows(NamedTuple):
    """Discount factors and their logs; each array `(n_rows,)`.

    Attributes
    ----------
    lower_rows, upper_rows
        Rows in `factors` of the zero rates of the bracketing nodes.
    lower_weight_years, upper_weight_years
        Interpolation weights, each multiplied by the time in years.
    log_target_rows, target_rows
        Rows in `derived` of the log discount factor and of the discount factor.
    """

    lower_rows: IntArray
    upper_rows: IntArray
    lower_weight_years: FloatArray
    upper_weight_years: FloatArray
    log_target_rows: IntArray
    target_rows: IntArray


class CarryRows(NamedTuple):
    """Spots carried to a date, S·e^{−q·t}; each array `(n_rows,)`, spot and yield rows in `factors`."""

    spot_rows: IntArray
    yield_rows: IntArray
    years: FloatArray
    target_rows: IntArray


class ForwardRows(NamedTuple):
    """Logs of forward prices; each array `(n_rows,)`, logs in `derived`, yields in `factors`."""

    log_spot_rows: IntArray
    log_discount_rows: IntArray
    yield_rows: IntArray
    years: FloatArray
    target_rows: IntArray


class ConstantRows(NamedTuple):
    """Rows in `derived` that hold one number in every column; both `(n_rows,)`."""

    values: FloatArray
    target_rows: IntArray


class PriceRows(NamedTuple):
    """Prices between two nodes of a forward curve; each array `(n_rows,)`, nodes in `factors`."""

    lower_rows: IntArray
    upper_rows: IntArray
    lower_weights: FloatArray
    upper_weights: FloatArray
    target_rows: IntArray


class ExchangeRows(NamedTuple):
    """Exchange rates as products of one or two quotes; each array `(n_rows,)`, quotes in `factors`.

    Attributes
    ----------
    first_rows, second_rows
        Quotes; the second is −1 where one suffices.
    first_powers, second_powers
        1 to multiply by the quote, −1 to divide by it.
    target_rows
        Rows in `derived`.
    """

    first_rows: IntArray
    first_powers: IntArray
    second_rows: IntArray
    second_powers: IntArray
    target_rows: IntArray


class DerivedLogRows(NamedTuple):
    """Logs of rows derived before them; both `(n_rows,)`, in `derived`."""

    source_rows: IntArray
    target_rows: IntArray


class ProductRows(NamedTuple):
    """Products of two rows derived before them; each array `(n_rows,)`, in `derived`."""

    first_rows: IntArray
    second_rows: IntArray
    target_rows: IntArray


class CurrencyForwardRows(NamedTuple):
    """Logs of forward exchange rates, ln S + ln D_base − ln D_quote; each array `(n_rows,)`, in `derived`."""

    log_rate_rows: IntArray
    base_log_discount_rows: IntArray
    quote_log_discount_rows: IntArray
    target_rows: IntArray


class DerivedPlan(NamedTuple):
    """All derived rows of a book, grouped by formula, in the order of their computation."""

    logs: LogRows
    discounts: DiscountRows
    carries: CarryRows
    forwards: ForwardRows
    constants: ConstantRows
    prices: PriceRows
    exchanges: ExchangeRows
    derived_logs: DerivedLogRows
    products: ProductRows
    currency_forwards: CurrencyForwardRows


@kernel
def log_level(level: float) -> float:
    """Return ln(level); that of the smallest double for 0, a price after a default.

    So moneyness and d1 stay finite, and a put on nothing is worth its strike: with −∞ they would be NaN.
    """
    return LOG_OF_SMALLEST if level == 0.0 else log(level)


@kernel
def _fill_logs(rows: LogRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        source = factors[rows.source_rows[i]]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = log_level(source[j])


@kernel
def _fill_discounts(rows: DiscountRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        lower, upper = factors[rows.lower_rows[i]], factors[rows.upper_rows[i]]
        lower_weight, upper_weight = rows.lower_weight_years[i], rows.upper_weight_years[i]
        log_target, target = derived[rows.log_target_rows[i]], derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            log_factor = log_discount(lower[j], upper[j], lower_weight, upper_weight)
            log_target[j] = log_factor
            target[j] = exp(log_factor)


@kernel
def is_constant(row: FloatArray) -> bool:
    """Tell whether all numbers of a row, at least one, are equal; one that is not a number equals none."""
    n_different = 0
    for j in range(row.shape[0]):
        n_different += 1 if row[j] != row[0] else 0
    return n_different == 0


@kernel
def _fill_carries(rows: CarryRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        spot, dividend_yield = factors[rows.spot_rows[i]], factors[rows.yield_rows[i]]
        years = rows.years[i]
        target = derived[rows.target_rows[i]]
        if is_constant(dividend_yield):
            # Few scenarios move yields: one exponential a row, to the same bits.
            carry = exp(-dividend_yield[0] * years)
            for j in range(target.shape[0]):
                target[j] = spot[j] * carry
        else:
            for j in range(target.shape[0]):
                target[j] = carried_spot(spot[j], dividend_yield[j], years)


@kernel
def _fill_forwards(rows: ForwardRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        log_spot, log_factor = derived[rows.log_spot_rows[i]], derived[rows.log_discount_rows[i]]
        dividend_yield = factors[rows.yield_rows[i]]
        years = rows.years[i]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = log_forward(log_spot[j], log_factor[j], dividend_yield[j], years)


@kernel
def _fill_constants(rows: ConstantRows, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        value = rows.values[i]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = value


@kernel
def _fill_prices(rows: PriceRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        lower, upper = factors[rows.lower_rows[i]], factors[rows.upper_rows[i]]
        lower_weight, upper_weight = rows.lower_weights[i], rows.upper_weights[i]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = interpolated_price(lower[j], upper[j], lower_weight, upper_weight)


@kernel
def _take_rate(quote: FloatArray, power: int, target: FloatArray) -> None:
    if power > 0:
        for j in range(target.shape[0]):
            target[j] = target[j] * quote[j]
    else:
        for j in range(target.shape[0]):
            target[j] = target[j] / quote[j] if quote[j] != 0.0 else np.nan


@kernel
def _fill_exchanges(rows: ExchangeRows, factors: FloatArray, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = 1.0
        _take_rate(factors[rows.first_rows[i]], rows.first_powers[i], target)
        if rows.second_rows[i] >= 0:
            _take_rate(factors[rows.second_rows[i]], rows.second_powers[i], target)


@kernel
def _fill_derived_logs(rows: DerivedLogRows, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        source, target = derived[rows.source_rows[i]], derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = log_level(source[j])


@kernel
def _fill_products(rows: ProductRows, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        first, second = derived[rows.first_rows[i]], derived[rows.second_rows[i]]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = first[j] * second[j]


@kernel
def _fill_currency_forwards(rows: CurrencyForwardRows, derived: FloatArray) -> None:
    for i in range(rows.target_rows.shape[0]):
        log_rate = derived[rows.log_rate_rows[i]]
        base, quote = derived[rows.base_log_discount_rows[i]], derived[rows.quote_log_discount_rows[i]]
        target = derived[rows.target_rows[i]]
        for j in range(target.shape[0]):
            target[j] = log_currency_forward(log_rate[j], base[j], quote[j])


@kernel
def fill_derived(plan: DerivedPlan, factors: FloatArray, derived: FloatArray) -> None:
    """Compute every derived row of a chunk.

    Parameters
    ----------
    plan
        Rows to read and to write; row numbers are in range, each derived row is a target once.
    factors
        Factor levels `(n_factors, n_columns)`, read-only.
    derived
        Overwritten `(n_derived, n_columns)`. A level outside its domain gives NaN or −∞ here and NaN in the
        values that read it.
    """
    _fill_logs(plan.logs, factors, derived)
    _fill_discounts(plan.discounts, factors, derived)
    _fill_carries(plan.carries, factors, derived)
    _fill_forwards(plan.forwards, factors, derived)
    _fill_constants(plan.constants, derived)
    _fill_prices(plan.prices, factors, derived)
    _fill_exchanges(plan.exchanges, factors, derived)
    _fill_derived_logs(plan.derived_logs, derived)
    _fill_products(plan.products, derived)
    _fill_currency_forwards(plan.currency_forwards, derived)

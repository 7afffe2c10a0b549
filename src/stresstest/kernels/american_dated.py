"""American options on shares that pay dividends on dates, by the escrowed model.

The spot less the present value of the dividends to come is lognormal with the option's volatility (R. Roll,
Journal of Financial Economics 5 (1977) 251; R. Geske, 7 (1979) 375); exercise brings the whole spot. All
present values are at the zero rate to expiry. A put at a positive rate is served by `american_dated_put`, a
call at a rate not below 0 by `american_dated_call`; calls at negative rates, puts at rates many times the
volatility, the rare put that is left, and a call with hundreds of dividends by `american_dated_grid`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import kernel, part
from stresstest.kernels.american import CERTAIN_BELOW, NEGLIGIBLE, is_number
from stresstest.kernels.american_dated_boundary import PutTerms, PutWork, make_put_work
from stresstest.kernels.american_dated_call import CallTerms, CallWork, dated_call_premium, make_call_work
from stresstest.kernels.american_dated_grid import FINE, USUAL, extrapolated_value
from stresstest.kernels.american_dated_put import dated_put_premium
from stresstest.kernels.american_dated_tables import DatedTables
from stresstest.kernels.american_grid import Payments, PutCell
from stresstest.kernels.black import black_price, intrinsic_value
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

_FAR = 9.0
_MOST_RATIO = 3.0
"""Rate over standard deviation above which boundaries of puts are too sharp for the nodes."""
_LEAST = 1e-300


class DatedOption(NamedTuple):
    """One option in one column: spot in units of the strike, r·T, and the standard deviation to expiry."""

    spot: float
    rate: float
    std_dev: float


class DatedWork(NamedTuple):
    """Scratch of the methods; that of puts keeps the last boundary, which serves every spot."""

    put: PutWork
    call: CallWork
    grid: FloatArray


@kernel
def make_dated_work(n_payments: int, grid: FloatArray) -> DatedWork:
    """Return scratch for options with up to `n_payments` dividends; `grid` is that of `american_grid`."""
    return DatedWork(make_put_work(n_payments), make_call_work(), grid)


@kernel
def present_value(payments: Payments, rate: float) -> float:
    """Return the value today of the dividends to come; NaN where one is negative."""
    total = 0.0
    for k in range(payments.time.shape[0]):
        amount = payments.amount[k]
        total += math.nan if amount < 0.0 else amount * exp(-rate * (1.0 - payments.time[k]))
    return total


@kernel
def certain_dated_value(price: float, payments: Payments, rate: float) -> float:
    """Return the most that exercise brings without volatility: today, at expiry, or around a dividend.

    Between dividends what exercise brings, discounted, only rises or only falls.

    Parameters
    ----------
    price
        Spot less the dividends' present value, in units of the strike.
    """
    sign = -1.0 if payments.of_strike == 1.0 else 1.0
    to_come = 0.0
    best = max(0.0, sign * (price - exp(-rate)))
    for k in range(payments.time.shape[0]):
        discount = exp(-rate * (1.0 - payments.time[k]))
        after = sign * (price + to_come - discount)
        to_come += payments.amount[k] * discount
        best = max(best, after, sign * (price + to_come - discount))
    return max(best, sign * (price + to_come - 1.0))


@kernel
def _grid_cell(option: DatedOption, of_strike: float, log_price: float) -> PutCell:
    """Return the put for the grid: the option itself, or the put that a call is, in units of the price."""
    if of_strike == 1.0:
        return PutCell(option.rate, 0.0, option.std_dev, log_price)
    return PutCell(0.0, option.rate, option.std_dev, -log_price)


@kernel
def _is_held(option: DatedOption, payments: Payments, log_price: float) -> bool:
    """Tell whether early exercise is worth nothing: a put at no positive rate, or what is never reached."""
    if payments.of_strike == 1.0:
        distance = log_price
        is_patient = option.rate < NEGLIGIBLE
    else:
        least_strike = 1.0
        for k in range(payments.time.shape[0]):
            least_strike -= payments.amount[k]
        distance = log(max(least_strike, _LEAST)) - log_price
        is_patient = payments.time.shape[0] == 0 and option.rate >= 0.0
    spread = abs(option.rate) + 1.5 * option.std_dev * option.std_dev
    return is_patient or distance - spread > _FAR * option.std_dev


@part
def _premium(
    option: DatedOption, log_price: float, payments: Payments, tables: DatedTables, work: DatedWork
) -> float:
    """Return the premium of early exercise in units of the strike; NaN where only the grid serves."""
    if payments.of_strike == 1.0:
        if option.rate > _MOST_RATIO * option.std_dev:
            return math.nan
        terms = PutTerms(option.rate, option.std_dev)
        return dated_put_premium(terms, log_price, payments, tables.put, work.put)
    if option.rate < 0.0:
        return math.nan
    call = CallTerms(option.rate, option.std_dev, log_price)
    return dated_call_premium(call, payments, tables.call, work.call)


@part
def dated_value(option: DatedOption, payments: Payments, tables: DatedTables, work: DatedWork) -> float:
    """Return the value in units of the strike; NaN where the dividends are worth more than the spot.

    At a spot of 0, after a default, no dividend is paid.

    Parameters
    ----------
    payments
        Dividends in units of the strike.
    tables, work
        Of `make_dated_tables` and `make_dated_work`.
    """
    sign = -1.0 if payments.of_strike == 1.0 else 1.0
    if option.spot == 0.0:
        return max(1.0, exp(-option.rate)) if sign < 0.0 else 0.0
    price = option.spot - present_value(payments, option.rate)
    if not (price > 0.0 and is_number(price) and is_number(option.rate) and option.std_dev >= 0.0):
        return math.nan
    log_price = log(price)
    held = black_price(sign, price, exp(-option.rate), log_price + option.rate, option.std_dev)
    best = max(held, intrinsic_value(sign, option.spot, 1.0))
    if option.std_dev < CERTAIN_BELOW:
        return max(best, certain_dated_value(price, payments, option.rate))
    if _is_held(option, payments, log_price):
        return best
    premium = _premium(option, log_price, payments, tables, work)
    if is_number(premium):
        return max(best, held + premium)
    cell = _grid_cell(option, payments.of_strike, log_price)
    # What is left of the other options has dozens of dividends, each with a kink.
    is_plain = option.rate > _MOST_RATIO * option.std_dev if sign < 0.0 else option.rate < 0.0
    in_strikes = extrapolated_value(cell, payments, USUAL if is_plain else FINE, work.grid)
    value = in_strikes * (1.0 if sign < 0.0 else price)
    return best if value < best else value  # noqa: FURB136 - NaN must pass

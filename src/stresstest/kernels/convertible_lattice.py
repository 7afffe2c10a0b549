"""Convertible bonds on a binomial lattice of the share, with rates and credit of every column.

K. Tsiveriotis and C. Fernandes, Valuing Convertible Bonds with Credit Risk, Journal of Fixed Income 8(2)
(1998) 95: the value has a part that ends as cash, which is discounted on the curve with the issuer's spread,
and a part that ends as shares, which is discounted on the curve alone, since the issuer can always deliver
its own shares. Alternatively, as in QuantLib's `BinomialConvertibleEngine`, the whole is discounted at a
blend of both by the probability that it ends as shares (Goldman Sachs, Valuing Convertible Bonds as
Derivatives, Quantitative Strategies Research Notes, 1994). The share's steps are those of D. P. J. Leisen and
M. Reimer, Binomial Models for Option Valuation, Applied Mathematical Finance 3 (1996) 319, centred on the
conversion price, around the column's forward prices.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.convertible_nodes import (
    LANES,
    ConvertibleScratch,
    Lanes,
    average_nodes,
    call_nodes,
    convert_nodes,
    discount_blend,
    discount_parts,
    pay_nodes,
    put_nodes,
)
from stresstest.kernels.dated_flows import DiscountColumns, spread_discount
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

FARTHEST = 8.0
"""Most standard deviations from the forward that the lattice is centred on: beyond, no strike matters."""


class StepColumns(NamedTuple):
    """Dates of all lattices, valuation date first, lattice after lattice; each array `(n_steps,)`.

    Attributes
    ----------
    years
        Time from the valuation date.
    discount
        From the valuation date, with the spread.
    converts
        1 where the holder may convert, else 0.
    call_price
        Dirty price of one unit of face at which the issuer may redeem; infinite where it may not.
    call_trigger, call_part
        Least value of the shares, for one unit of face, at which it may; and the part that it may redeem: 1,
        or less on the date before the first day of a call, by its distance from it.
    event_offsets, due_from
        Date k has the events `event_offsets[k]` to `event_offsets[k + 1]` `(n_steps + 1,)`, latest first;
        those before `due_from[k]` fall between it and the next date, the rest on it.
    """

    years: FloatArray
    discount: DiscountColumns
    converts: IntArray
    call_price: FloatArray
    call_trigger: FloatArray
    call_part: FloatArray
    event_offsets: IntArray
    due_from: IntArray


class EventColumns(NamedTuple):
    """Coupons and puts of one unit of face: amount, 1 for a put, and discount from the valuation date."""

    amount: FloatArray
    is_put: IntArray
    discount: DiscountColumns


class ConvertibleColumns(NamedTuple):
    """Lattices of all instruments; instrument i has the dates `offsets[i]` to `offsets[i + 1]`.

    Attributes
    ----------
    shares
        Shares for one unit of face `(n_instruments,)`; 0 where there is nothing to convert into.
    log_strike
        Natural log of the price that the lattice is centred on: where conversion is worth what maturity pays.
    redemption
        Paid at maturity for one unit of face.
    by_cash
        1 where the cash part bears credit risk, 0 where the probability to end as shares blends the rates.
    """

    offsets: IntArray
    shares: FloatArray
    log_strike: FloatArray
    redemption: FloatArray
    by_cash: FloatArray
    steps: StepColumns
    events: EventColumns


class ShareRows(NamedTuple):
    """What a lattice reads, by column: all factors, spread, log spot, yield, deviation to maturity."""

    factors: FloatArray
    spread: FloatArray
    log_spot: FloatArray
    dividend_yield: FloatArray
    std_dev: FloatArray


@kernel
def make_convertible_scratch(columns: ConvertibleColumns) -> ConvertibleScratch:
    """Return scratch that fits every lattice, allocated once a call."""
    n_nodes = 1
    for i in range(columns.offsets.shape[0] - 1):
        n_nodes = max(n_nodes, columns.offsets[i + 1] - columns.offsets[i])
    nodes, rows = np.empty((3, n_nodes, LANES)), np.empty((10, LANES))
    return ConvertibleScratch(
        *(nodes[0], nodes[1], nodes[2]),
        *(rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7], rows[8], rows[9]),
    )


@kernel
def peizer_pratt(deviations: float, n_steps: int) -> float:
    """Return the probability of a step whose binomial tail is the normal one (Leisen, Reimer, method 2)."""
    scaled = deviations / (n_steps + 1.0 / 3.0 + 0.1 / (n_steps + 1.0))
    root = math.sqrt(0.25 * (1.0 - exp(-scaled * scaled * (n_steps + 1.0 / 6.0))))
    return 0.5 + root if deviations > 0.0 else 0.5 - root


@kernel
def centre(log_moneyness: float, std_dev: float) -> float:
    """Return d2 = (ln(F ÷ K) − s² ÷ 2) ÷ s, at most `FARTHEST` from 0, and 0 where nothing moves."""
    if std_dev == 0.0:
        return 0.0 * log_moneyness
    d2 = log_moneyness / std_dev - 0.5 * std_dev
    bounded = FARTHEST if d2 > FARTHEST else d2  # noqa: FURB136 - NaN must pass
    return -FARTHEST if bounded < -FARTHEST else bounded  # noqa: FURB136 - NaN must pass


@kernel
def _set_steps(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Write probability and size of a step; `safe` holds the discount factor to maturity."""
    n_steps = columns.offsets[i + 1] - columns.offsets[i] - 1
    years, log_strike = columns.steps.years[columns.offsets[i + 1] - 1], columns.log_strike[i]
    for j in range(lanes.spread.shape[0]):
        log_forward = fma(-lanes.dividend_yield[j], years, lanes.log_spot[j]) - log(scratch.safe[j])
        d2 = centre(log_forward - log_strike, lanes.std_dev[j])
        up, tilted = peizer_pratt(d2, n_steps), peizer_pratt(d2 + lanes.std_dev[j], n_steps)
        scratch.up[j] = up
        scratch.log_up[j] = log(tilted / up) if up > 0.0 else np.nan
        scratch.log_down[j] = log((1.0 - tilted) / (1.0 - up)) if up < 1.0 else np.nan


@kernel
def fill_discounts(
    columns: DiscountColumns, k: int, lanes: Lanes, safe: FloatArray, risky: FloatArray
) -> None:
    """Write the discount factors to a date without and with the spread, by column."""
    lower, upper = lanes.factors[columns.lower_row[k]], lanes.factors[columns.upper_row[k]]
    lower, upper = lower[lanes.start :], upper[lanes.start :]
    lower_weight, upper_weight = columns.lower_weight_years[k], columns.upper_weight_years[k]
    years, spread = columns.spread_years[k], lanes.spread
    for j in range(spread.shape[0]):
        log_factor = log_discount(lower[j], upper[j], lower_weight, upper_weight)
        safe[j] = exp(log_factor)
        risky[j] = spread_discount(log_factor, spread[j], years)


@kernel
def _fill_growth(columns: ConvertibleColumns, k: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Move the discount factors from the date after k to date k, and write the growth between them."""
    safe_growth, risky_growth = scratch.safe_growth, scratch.risky_growth
    for j in range(lanes.spread.shape[0]):
        safe_growth[j], risky_growth[j] = scratch.safe[j], scratch.risky[j]
    fill_discounts(columns.steps.discount, k, lanes, scratch.safe, scratch.risky)
    for j in range(lanes.spread.shape[0]):
        safe_growth[j] = scratch.safe[j] / safe_growth[j] if safe_growth[j] != 0.0 else np.nan
        risky_growth[j] = scratch.risky[j] / risky_growth[j] if risky_growth[j] != 0.0 else np.nan


@kernel
def _start_conversion(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Write the value of the shares at the lowest node of a date, and the ratio between neighbours."""
    i, k = at
    years, steps_up = columns.steps.years[k], float(k - columns.offsets[i])
    shares = columns.shares[i]
    for j in range(lanes.spread.shape[0]):
        log_forward = fma(-lanes.dividend_yield[j], years, lanes.log_spot[j]) - log(scratch.safe[j])
        scratch.conversion[j] = shares * exp(fma(steps_up, scratch.log_down[j], log_forward))
        scratch.ratio[j] = exp(scratch.log_up[j] - scratch.log_down[j])


@kernel
def _take_event(
    columns: ConvertibleColumns, at: tuple[int, int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply a coupon or put, discounted with the spread to its date; overwrites `safe_growth`."""
    i, n_nodes, event = at
    events, by_cash, paid = columns.events, columns.by_cash[i], scratch.paid
    fill_discounts(events.discount, event, lanes, scratch.safe_growth, paid)
    amount = events.amount[event]
    for j in range(lanes.spread.shape[0]):
        paid[j] = amount * paid[j] / scratch.risky[j] if scratch.risky[j] != 0.0 else np.nan
    if events.is_put[event] == 1:
        put_nodes(by_cash, n_nodes, lanes, scratch)
    else:
        pay_nodes(by_cash, n_nodes, lanes, scratch)


@kernel
def _exercise(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply rights and coupons to the nodes of a date, backwards in time.

    First what falls between it and the next date; then, on the date, call, put, coupon and conversion.
    """
    i, k = at
    steps, n_nodes = columns.steps, k - columns.offsets[i] + 1
    for event in range(steps.event_offsets[k], steps.due_from[k]):
        _take_event(columns, (i, n_nodes, event), lanes, scratch)
    if steps.call_price[k] < np.inf:
        _start_conversion(columns, at, lanes, scratch)
        terms = (steps.call_price[k], steps.call_trigger[k], columns.by_cash[i], steps.call_part[k])
        call_nodes(terms, n_nodes, lanes, scratch)
    for event in range(steps.due_from[k], steps.event_offsets[k + 1]):
        _take_event(columns, (i, n_nodes, event), lanes, scratch)
    if steps.converts[k] == 1:
        _start_conversion(columns, at, lanes, scratch)
        convert_nodes(columns.by_cash[i], n_nodes, lanes, scratch)


@kernel
def _start(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Set the nodes of the maturity, and the steps of the share."""
    last = columns.offsets[i + 1] - 1
    fill_discounts(columns.steps.discount, last, lanes, scratch.safe, scratch.risky)
    _set_steps(columns, i, lanes, scratch)
    for node in range(last - columns.offsets[i] + 1):
        scratch.value[node, :] = columns.redemption[i]
        scratch.tracker[node, :] = columns.by_cash[i] * columns.redemption[i]
    _exercise(columns, (i, last), lanes, scratch)
    for node in range(last - columns.offsets[i] + 1):
        scratch.before[node, :] = scratch.tracker[node]


@kernel
def _block(rows: ShareRows, start: int, end: int) -> Lanes:
    return Lanes(
        rows.factors,
        start,
        rows.spread[start:end],
        rows.log_spot[start:end],
        rows.dividend_yield[start:end],
        rows.std_dev[start:end],
    )


@kernel
def fill_convertible_values(
    columns: ConvertibleColumns, i: int, rows: ShareRows, scratch: ConvertibleScratch, value: FloatArray
) -> None:
    """Write the value of one unit of face of instrument i, by column, coupons of the valuation date left out.

    A payment between two dates of the lattice is added on the earlier, discounted with the spread.
    """
    first, last = columns.offsets[i], columns.offsets[i + 1] - 1
    for start in range(0, value.shape[0], LANES):
        end = min(start + LANES, value.shape[0])
        lanes = _block(rows, start, end)
        _start(columns, i, lanes, scratch)
        for back in range(1, last - first + 1):
            k = last - back
            _fill_growth(columns, k, lanes, scratch)
            if columns.by_cash[i] == 1.0:
                discount_parts(k - first + 2, lanes, scratch)
            else:
                discount_blend(k - first + 2, lanes, scratch)
            average_nodes(k - first + 1, lanes, scratch)
            _exercise(columns, (i, k), lanes, scratch)
        root = scratch.value[0]
        for j in range(end - start):
            value[start + j] = root[j]

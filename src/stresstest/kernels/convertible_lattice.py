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
    BLOCK,
    LANES,
    CallTerms,
    Nodes,
    average,
    average_blend,
    call_blend,
    call_parts,
    convert_blend,
    convert_parts,
    discount_blend,
    pay_nodes,
    put_blend,
    put_parts,
    remember,
    whole_blocks,
)
from stresstest.kernels.dated_flows import DiscountColumns
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

FARTHEST = 8.0
"""Most standard deviations from the forward that the lattice is centred on: beyond, no strike matters."""


class StepColumns(NamedTuple):
    """Dates of all lattices, valuation date first, lattice after lattice; each array `(n_steps,)`.

    Attributes
    ----------
    years, spread_years
        Time from the valuation date; times the bond's multiple of the spread.
    left, right, weight
        The log of the discount factor is that of knot `left` and, with the weight, what knot `right` adds:
        between knots the rate is flat. Knot 0 of a lattice is the valuation date.
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
    spread_years: FloatArray
    left: IntArray
    right: IntArray
    weight: FloatArray
    converts: IntArray
    call_price: FloatArray
    call_trigger: FloatArray
    call_part: FloatArray
    event_offsets: IntArray
    due_from: IntArray


class EventColumns(NamedTuple):
    """Coupons and puts of one unit of face: amount, 1 for a put, knot of its day, its time for the spread."""

    amount: FloatArray
    is_put: IntArray
    knot: IntArray
    spread_years: FloatArray


class ConvertibleColumns(NamedTuple):
    """Lattices of all instruments; instrument i has the dates `offsets[i]` to `offsets[i + 1]`.

    Attributes
    ----------
    knot_offsets, knots
        Instrument i reads its curve at the times `knot_offsets[i]` to `knot_offsets[i + 1]`: knots 1 and on.
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
    knot_offsets: IntArray
    knots: DiscountColumns
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


class Dates(NamedTuple):
    """Tables by date and column, and by knot the first `(n_dates, LANES)`; overwritten.

    Attributes
    ----------
    knots, log_safe, log_risky
        Logs of discount factors to knots, and to dates without and with the spread.
    low
        Value of the shares at the lowest node.
    safe, risky
        Over the step that follows, without and with the spread: discount factors where the cash part bears
        credit risk, else growth.
    """

    knots: FloatArray
    log_safe: FloatArray
    log_risky: FloatArray
    low: FloatArray
    safe: FloatArray
    risky: FloatArray


class Walk(NamedTuple):
    """By column: probability of a step up, logs of the share's factors about its forward, a payment."""

    up: FloatArray
    log_up: FloatArray
    log_down: FloatArray
    paid: FloatArray


class ConvertibleScratch(NamedTuple):
    """Tables by node and by date, and rows."""

    nodes: Nodes
    dates: Dates
    walk: Walk


class Lanes(NamedTuple):
    """A block of neighbouring columns: all factors, the first column, and the block's rows of `ShareRows`."""

    factors: FloatArray
    start: int
    spread: FloatArray
    log_spot: FloatArray
    dividend_yield: FloatArray
    std_dev: FloatArray


@kernel
def make_convertible_scratch(columns: ConvertibleColumns) -> ConvertibleScratch:
    """Return scratch that fits every lattice, allocated once a call."""
    n_dates, n_knots = 1, 1
    for i in range(columns.offsets.shape[0] - 1):
        n_dates = max(n_dates, columns.offsets[i + 1] - columns.offsets[i])
        n_knots = max(n_knots, columns.knot_offsets[i + 1] - columns.knot_offsets[i] + 1)
    # One block more than the nodes take: each node reads its upper neighbour.
    nodes = np.zeros((4, LANES, whole_blocks(n_dates) + BLOCK))
    dates, rows = np.zeros((5, n_dates, LANES)), np.zeros((4, LANES))
    return ConvertibleScratch(
        Nodes(nodes[0], nodes[1], nodes[2], nodes[3]),
        Dates(np.zeros((n_knots, LANES)), dates[0], dates[1], dates[2], dates[3], dates[4]),
        Walk(rows[0], rows[1], rows[2], rows[3]),
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
def _fill_knots(columns: ConvertibleColumns, i: int, lanes: Lanes, knots: FloatArray) -> None:
    """Write the logs of the discount factors to the knots of a lattice."""
    first, read, width = columns.knot_offsets[i], columns.knots, lanes.spread.shape[0]
    knots[0, :] = 0.0
    for knot in range(1, columns.knot_offsets[i + 1] - first + 1):
        row = first + knot - 1
        lower, upper = lanes.factors[read.lower_row[row]], lanes.factors[read.upper_row[row]]
        lower, upper, out = lower[lanes.start :], upper[lanes.start :], knots[knot]
        weights = read.lower_weight_years[row], read.upper_weight_years[row]
        for j in range(width):
            out[j] = log_discount(lower[j], upper[j], weights[0], weights[1])


@kernel
def _fill_discounts(columns: ConvertibleColumns, i: int, lanes: Lanes, dates: Dates) -> None:
    """Write the logs of the discount factors to the dates of a lattice, and the steps between them."""
    steps, spread, first = columns.steps, lanes.spread, columns.offsets[i]
    n_dates, sign = columns.offsets[i + 1] - first, 1.0 if columns.by_cash[i] == 1.0 else -1.0
    for k in range(n_dates):
        left, right = dates.knots[steps.left[first + k]], dates.knots[steps.right[first + k]]
        weight, years = steps.weight[first + k], steps.spread_years[first + k]
        log_safe, log_risky = dates.log_safe[k], dates.log_risky[k]
        for j in range(spread.shape[0]):
            log_safe[j] = fma(weight, right[j] - left[j], left[j])
            log_risky[j] = fma(-years, spread[j], log_safe[j])
    for k in range(n_dates - 1):
        safe, risky = dates.safe[k], dates.risky[k]
        log_safe, log_risky = dates.log_safe[k], dates.log_risky[k]
        next_safe, next_risky = dates.log_safe[k + 1], dates.log_risky[k + 1]
        for j in range(spread.shape[0]):
            safe[j] = exp(sign * (next_safe[j] - log_safe[j]))
            risky[j] = exp(sign * (next_risky[j] - log_risky[j]))


@kernel
def _fill_walk(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Write probability and size of a step of the share."""
    last, walk = columns.offsets[i + 1] - 1, scratch.walk
    n_steps, years, log_strike = last - columns.offsets[i], columns.steps.years[last], columns.log_strike[i]
    log_safe = scratch.dates.log_safe[n_steps]
    for j in range(lanes.spread.shape[0]):
        log_forward = fma(-lanes.dividend_yield[j], years, lanes.log_spot[j]) - log_safe[j]
        d2 = centre(log_forward - log_strike, lanes.std_dev[j])
        up, tilted = peizer_pratt(d2, n_steps), peizer_pratt(d2 + lanes.std_dev[j], n_steps)
        walk.up[j] = up
        walk.log_up[j] = log(tilted / up) if up > 0.0 else np.nan
        walk.log_down[j] = log((1.0 - tilted) / (1.0 - up)) if up < 1.0 else np.nan


@kernel
def _fill_shares(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Write the value of the shares at the lowest node of each date, and of others relative to it."""
    walk, dates, power = scratch.walk, scratch.dates, scratch.nodes.power
    first, shares, width = columns.offsets[i], columns.shares[i], lanes.spread.shape[0]
    n_dates = columns.offsets[i + 1] - first
    for k in range(n_dates):
        years, downs, low, log_safe = (
            columns.steps.years[first + k],
            float(k),
            dates.low[k],
            dates.log_safe[k],
        )
        for j in range(width):
            log_forward = fma(-lanes.dividend_yield[j], years, lanes.log_spot[j]) - log_safe[j]
            low[j] = shares * exp(fma(downs, walk.log_down[j], log_forward))
    for lane in range(width):
        log_ratio = walk.log_up[lane] - walk.log_down[lane]
        for node in range(whole_blocks(n_dates)):
            power[lane, node] = exp(float(node) * log_ratio)


@kernel
def _take_event(
    columns: ConvertibleColumns, at: tuple[int, int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply a coupon or put, discounted with the spread to its date of the lattice."""
    (i, k, event), dates, nodes = at, scratch.dates, scratch.nodes
    events, spread, n_nodes = columns.events, lanes.spread, whole_blocks(k + 1)
    by_cash = columns.by_cash[i] == 1.0
    amount, years = events.amount[event], events.spread_years[event]
    log_safe, log_risky = dates.knots[events.knot[event]], dates.log_risky[k]
    paid = scratch.walk.paid[: spread.shape[0]]
    for j in range(spread.shape[0]):
        paid[j] = amount * exp(fma(-years, spread[j], log_safe[j]) - log_risky[j])
    if events.is_put[event] == 0:
        pay_nodes(paid, n_nodes, nodes.tracker if by_cash else nodes.value)
    elif by_cash:
        put_parts(paid, n_nodes, nodes)
    else:
        put_blend(paid, n_nodes, nodes)


@kernel
def _exercise(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply rights and coupons to the nodes of a date, backwards in time.

    First what falls between it and the next date; then, on the date, call, put, coupon and conversion.
    """
    (i, k), steps, nodes, by_cash = at, columns.steps, scratch.nodes, columns.by_cash[at[0]] == 1.0
    date, low = columns.offsets[i] + k, scratch.dates.low[k, : lanes.spread.shape[0]]
    n_nodes = whole_blocks(k + 1)
    for event in range(steps.event_offsets[date], steps.due_from[date]):
        _take_event(columns, (i, k, event), lanes, scratch)
    if steps.call_price[date] < np.inf:
        terms = CallTerms(steps.call_price[date], steps.call_trigger[date], steps.call_part[date])
        if by_cash:
            call_parts(terms, low, n_nodes, nodes)
        else:
            call_blend(terms, low, n_nodes, nodes)
    for event in range(steps.due_from[date], steps.event_offsets[date + 1]):
        _take_event(columns, (i, k, event), lanes, scratch)
    if steps.converts[date] == 1:
        if by_cash:
            convert_parts(low, n_nodes, nodes)
        else:
            convert_blend(low, n_nodes, nodes)


@kernel
def _start(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Set discounts, the share's dates, and the nodes of the maturity: its redemption is cash."""
    dates, nodes, redemption = scratch.dates, scratch.nodes, columns.redemption[i]
    by_cash, last = columns.by_cash[i] == 1.0, columns.offsets[i + 1] - columns.offsets[i] - 1
    _fill_knots(columns, i, lanes, dates.knots)
    _fill_discounts(columns, i, lanes, dates)
    _fill_walk(columns, i, lanes, scratch)
    _fill_shares(columns, i, lanes, scratch)
    nodes.value[:] = 0.0 if by_cash else redemption
    nodes.tracker[:] = redemption if by_cash else 0.0
    _exercise(columns, (i, last), lanes, scratch)
    remember(lanes.spread.shape[0], whole_blocks(last + 1), nodes)


@kernel
def _step_back(by_cash: float, k: int, n_lanes: int, scratch: ConvertibleScratch) -> None:
    """Discount from the date after k to date k, and take each node from its neighbours."""
    nodes, safe, risky = scratch.nodes, scratch.dates.safe[k, :n_lanes], scratch.dates.risky[k, :n_lanes]
    up, n_nodes = scratch.walk.up[:n_lanes], whole_blocks(k + 1)
    if by_cash == 1.0:
        average(up, safe, n_nodes, nodes.value)
        average(up, risky, n_nodes, nodes.tracker)
    else:
        discount_blend(safe, risky, whole_blocks(k + 2), nodes)
        average_blend(up, n_nodes, nodes)


@kernel
def fill_convertible_values(
    columns: ConvertibleColumns, i: int, rows: ShareRows, scratch: ConvertibleScratch, value: FloatArray
) -> None:
    """Write the value of one unit of face of instrument i, by column, coupons of the valuation date left out.

    A payment between two dates of the lattice is added on the earlier, discounted with the spread.
    """
    n_steps, by_cash, nodes = (
        columns.offsets[i + 1] - columns.offsets[i] - 1,
        columns.by_cash[i],
        scratch.nodes,
    )
    for start in range(0, value.shape[0], LANES):
        end = min(start + LANES, value.shape[0])
        lanes = _block(rows, start, end)
        _start(columns, i, lanes, scratch)
        for back in range(1, n_steps + 1):
            _step_back(by_cash, n_steps - back, end - start, scratch)
            _exercise(columns, (i, n_steps - back), lanes, scratch)
        for j in range(end - start):
            cash = nodes.tracker[j, 0] if by_cash == 1.0 else 0.0
            value[start + j] = nodes.value[j, 0] + cash

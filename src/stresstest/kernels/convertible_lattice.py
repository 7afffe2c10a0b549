"""Convertible bonds on a binomial lattice of the share, with rates and credit of every column.

K. Tsiveriotis and C. Fernandes, Valuing Convertible Bonds with Credit Risk, Journal of Fixed Income 8(2)
(1998) 95: the value has a part that ends as cash, which is discounted on the curve with the issuer's spread,
and a part that ends as shares, which is discounted on the curve alone, since the issuer can always deliver
its own shares. Alternatively, as in QuantLib's `BinomialConvertibleEngine`, the whole is discounted at a
blend of both by the probability that it ends as shares (Goldman Sachs, Valuing Convertible Bonds as
Derivatives, Quantitative Strategies Research Notes, 1994).
"""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.convertible_calls import (
    CallDay,
    Column,
    Return,
    add_gains,
    call_column,
    fill_gains,
)
from stresstest.kernels.convertible_columns import (
    MARGIN,
    NO_CALL,
    ConvertibleColumns,
    ConvertibleScratch,
    Lanes,
    ShareRows,
    nodes_at,
)
from stresstest.kernels.convertible_nodes import (
    LANES,
    CallTerms,
    average_blend,
    call_blend,
    convert_blend,
    discount_blend,
    pay_nodes,
    put_blend,
    put_parts,
    remember,
    whole_blocks,
)
from stresstest.kernels.convertible_sweep import (
    average_row,
    convert_column,
    sweep_blend,
    sweep_parts,
)
from stresstest.kernels.convertible_walk import (
    block,
    fill_discounts,
    fill_knots,
    fill_shares,
    fill_walk,
)
from stresstest.kernels.exponential import exp


@kernel
def _take_event(
    columns: ConvertibleColumns, at: tuple[int, int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply a coupon or put, discounted with the spread to its date of the lattice."""
    (i, k, event), dates, nodes = at, scratch.dates, scratch.nodes
    events, spread, n_nodes = columns.events, lanes.spread, whole_blocks(nodes_at(k))
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
def _call(
    columns: ConvertibleColumns, at: tuple[int, int], n_lanes: int, scratch: ConvertibleScratch
) -> None:
    """Let the issuer redeem or force conversion on a date."""
    (i, k), nodes, low = at, scratch.nodes, scratch.dates.low
    date = columns.offsets[i] + k
    terms = CallTerms(columns.steps.call_price[date], columns.steps.call_trigger[date])
    if columns.by_cash[i] == 1.0:
        for lane in range(n_lanes):
            column = Column(nodes.value[lane], nodes.tracker[lane], nodes.power[lane])
            call_column(terms, low[k, lane], nodes_at(k), column)
    else:
        call_blend(terms, low[k, :n_lanes], whole_blocks(nodes_at(k)), nodes)


@kernel
def _exercise(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Apply rights and coupons to the nodes of a date, backwards in time.

    First what falls between it and the next date; then, on the date, call, put, coupon and conversion. Where
    a call begins before the next date, conversion waits for the date before: what the call left as a tie
    between parts would fall to the shares.
    """
    (i, k), steps, nodes, n_lanes = at, columns.steps, scratch.nodes, lanes.spread.shape[0]
    date, low, n_nodes = columns.offsets[i] + k, scratch.dates.low[k, :n_lanes], whole_blocks(nodes_at(k))
    for event in range(steps.event_offsets[date], steps.due_from[date]):
        _take_event(columns, (i, k, event), lanes, scratch)
    if steps.call_price[date] < np.inf:
        _call(columns, at, n_lanes, scratch)
    for event in range(steps.due_from[date], steps.event_offsets[date + 1]):
        _take_event(columns, (i, k, event), lanes, scratch)
    if steps.converts[date] == 0 or (k > 0 and steps.call_day[date] != NO_CALL):
        return
    if columns.by_cash[i] == 0.0:
        convert_blend(low, n_nodes, nodes)
        return
    for lane in range(n_lanes):
        convert_column(low[lane], n_nodes, Column(nodes.value[lane], nodes.tracker[lane], nodes.power[lane]))


@kernel
def _start(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Set discounts, the share's dates, and the nodes of the maturity: its redemption is cash."""
    dates, nodes, redemption = scratch.dates, scratch.nodes, columns.redemption[i]
    by_cash, last = columns.by_cash[i] == 1.0, columns.offsets[i + 1] - columns.offsets[i] - 1
    fill_knots(columns, i, lanes, dates.knots)
    fill_discounts(columns, i, lanes, dates)
    fill_walk(columns, i, lanes, scratch)
    fill_shares(columns, i, lanes, scratch)
    nodes.value[:] = 0.0 if by_cash else redemption
    nodes.tracker[:] = redemption if by_cash else 0.0
    _exercise(columns, (i, last), lanes, scratch)
    remember(lanes.spread.shape[0], whole_blocks(nodes_at(last)), nodes)


@kernel
def _call_day(
    columns: ConvertibleColumns, at: tuple[int, int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> tuple[CallDay, Return]:
    """Return the day of a call after date `at[1]`, and the way back to that date, in column `at[2]`.

    The moments are those of a step's walk over the part of it that lies between date and day: its mean from
    where the forward price stays, its variance, less that of an interval's average.
    """
    (i, k, j), calls, dates, walk, events = (
        at,
        columns.call_days,
        scratch.dates,
        scratch.walk,
        columns.events,
    )
    date, spread = columns.offsets[i] + k, lanes.spread[j]
    call = columns.steps.call_day[date]
    part, up, step = calls.part[call], walk.up[j], walk.log_up[j] - walk.log_down[j]
    safe_day = dates.knots[calls.knot[call], j]
    risky_day = fma(-calls.spread_years[call], spread, safe_day)
    owed, begin = 0.0, columns.steps.event_offsets[date]
    for event in range(begin, begin + calls.n_after[call]):
        known = fma(-events.spread_years[event], spread, dates.knots[events.knot[event], j])
        owed += (1.0 - events.is_put[event]) * events.amount[event] * exp(known - risky_day)
    ratio, variance = exp(step), up * (1.0 - up)
    down = (1.0 - part) * variance / (1.0 + ratio)
    dividends = lanes.dividend_yield[j] * (columns.steps.years[date + 1] - calls.years[call])
    low = dates.low[k + 1, j] * exp(dividends + dates.log_safe[k + 1, j] - safe_day)
    still = -walk.log_down[j] / step if step != 0.0 else up
    drift = still + part * (up - still) - 0.5
    first = CallDay(
        CallTerms(calls.price[call], calls.trigger[call]),
        calls.lasts[call] == 1,
        down,
        ratio * down,
        exp(dates.log_safe[k + 1, j] - safe_day),
        exp(dates.log_risky[k + 1, j] - risky_day),
        owed,
        low,
    )
    way = Return(
        exp(safe_day - dates.log_safe[k, j]),
        exp(risky_day - dates.log_risky[k, j]),
        drift,
        fma(drift, drift, part * variance - 1.0 / 12.0),
    )
    return first, way


@kernel
def _step_over_call(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Go back one date over the first or last day of a call, cash bearing credit risk."""
    (i, k), nodes, dates, n_lanes = at, scratch.nodes, scratch.dates, lanes.spread.shape[0]
    for lane in range(n_lanes):
        column = Column(nodes.value[lane], nodes.tracker[lane], nodes.power[lane])
        call, way = _call_day(columns, (i, k, lane), lanes, scratch)
        fill_gains(call, nodes_at(k + 1), column, scratch.day)
        up, safe, risky = scratch.walk.up[lane], dates.safe[k, lane], dates.risky[k, lane]
        n_nodes = whole_blocks(nodes_at(k))
        average_row(up * safe, (1.0 - up) * safe, n_nodes, column.stock)
        average_row(up * risky, (1.0 - up) * risky, n_nodes, column.cash)
        add_gains(way, nodes_at(k), scratch.day, column)


@kernel
def _step_back(
    columns: ConvertibleColumns, at: tuple[int, int], lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Discount from the date after k to date k, and take each node from its neighbours."""
    (i, k), nodes, dates, walk, n_lanes = (
        at,
        scratch.nodes,
        scratch.dates,
        scratch.walk,
        lanes.spread.shape[0],
    )
    n_nodes = whole_blocks(nodes_at(k))
    if columns.by_cash[i] == 0.0:
        n_later = whole_blocks(nodes_at(k + 1))
        discount_blend(dates.safe[k, :n_lanes], dates.risky[k, :n_lanes], n_later, nodes)
        average_blend(walk.up[:n_lanes], n_nodes, nodes)
    elif columns.steps.call_day[columns.offsets[i] + k] != NO_CALL:
        _step_over_call(columns, at, lanes, scratch)
    else:
        for lane in range(n_lanes):
            up, safe, risky = walk.up[lane], dates.safe[k, lane], dates.risky[k, lane]
            average_row(up * safe, (1.0 - up) * safe, n_nodes, nodes.value[lane])
            average_row(up * risky, (1.0 - up) * risky, n_nodes, nodes.tracker[lane])


@kernel
def _has_rights(columns: ConvertibleColumns, i: int, k: int) -> bool:
    """Tell whether more than conversion happens on date k or before the next; a call apart, by cash part."""
    steps, date = columns.steps, columns.offsets[i] + k
    is_called: bool = (columns.by_cash[i] == 0.0) & (steps.call_price[date] < np.inf)
    has_events: bool = steps.event_offsets[date + 1] > steps.event_offsets[date]
    has_day: bool = steps.call_day[date] != NO_CALL
    return has_events | is_called | has_day


@kernel
def fill_convertible_values(
    columns: ConvertibleColumns, i: int, rows: ShareRows, scratch: ConvertibleScratch, value: FloatArray
) -> None:
    """Write the value of one unit of face of instrument i, by column, coupons of the valuation date left out.

    A payment between two dates of the lattice is added on the earlier, discounted with the spread.
    """
    n_steps, by_cash = columns.offsets[i + 1] - columns.offsets[i] - 1, columns.by_cash[i] == 1.0
    for start in range(0, value.shape[0], LANES):
        lanes = block(rows, start, min(start + LANES, value.shape[0]))
        n_lanes = lanes.spread.shape[0]
        _start(columns, i, lanes, scratch)
        after = n_steps
        while after > 0:
            first = after
            while first > 0 and not _has_rights(columns, i, first - 1):
                first -= 1
            if first == after:
                _step_back(columns, (i, after - 1), lanes, scratch)
                _exercise(columns, (i, after - 1), lanes, scratch)
                after -= 1
                continue
            if by_cash:
                sweep_parts(columns, (i, first, after - 1), n_lanes, scratch)
            else:
                sweep_blend(columns, (i, first, after - 1), n_lanes, scratch)
            after = first
        for j in range(n_lanes):
            cash = scratch.nodes.tracker[j, MARGIN] if by_cash else 0.0
            value[start + j] = scratch.nodes.value[j, MARGIN] + cash

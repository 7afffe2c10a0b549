"""Columns of convertible bonds' lattices, the rows that they read, and the tables that they fill."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.convertible_calls import DayRows
from stresstest.kernels.convertible_nodes import BLOCK, LANES, Nodes, whole_blocks
from stresstest.kernels.dated_flows import DiscountColumns

MARGIN = 2
"""Nodes on each side that no path from today reaches: the outermost that one does has neighbours too."""
NO_CALL = -1
"""Stands for the number of a call where none begins."""


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
    call_price, call_trigger
        Dirty price of one unit of face at which the issuer may redeem, infinite where it may not; and the
        least value of the shares, for one unit of face, at which it may.
    call_day
        Number of the call day that is the date, or lies between it and the next; −1 where none is.
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
    call_day: IntArray
    event_offsets: IntArray
    due_from: IntArray


class EventColumns(NamedTuple):
    """Coupons and puts of one unit of face: amount, 1 for a put, knot of its day, its time for the spread."""

    amount: FloatArray
    is_put: IntArray
    knot: IntArray
    spread_years: FloatArray


class CallDayColumns(NamedTuple):
    """First and last days of calls, each between two dates of a lattice; of methods by cash part alone.

    Attributes
    ----------
    price, trigger
        Dirty price of one unit of face, and the least value of its shares.
    lasts
        1 where the call is still in force on the next date of the lattice, else 0.
    part
        Time from the earlier date to the day, as a part of the step.
    years, knot, spread_years
        Time from the valuation date; its knot; the time times the multiple of the spread.
    n_after
        Events of the step, latest first, that fall after the day.
    """

    price: FloatArray
    trigger: FloatArray
    lasts: IntArray
    part: FloatArray
    years: FloatArray
    knot: IntArray
    spread_years: FloatArray
    n_after: IntArray


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
    call_days: CallDayColumns


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
        Value of the shares at the lowest node, `MARGIN` steps up below the lowest that a path reaches.
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
    day: DayRows


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
    nodes = np.zeros((4, LANES, whole_blocks(n_dates + 2 * MARGIN) + BLOCK))
    dates, rows, day = np.zeros((5, n_dates, LANES)), np.zeros((4, LANES)), np.zeros((4, nodes.shape[2]))
    return ConvertibleScratch(
        Nodes(nodes[0], nodes[1], nodes[2], nodes[3]),
        Dates(np.zeros((n_knots, LANES)), dates[0], dates[1], dates[2], dates[3], dates[4]),
        Walk(rows[0], rows[1], rows[2], rows[3]),
        DayRows(day[0], day[1], day[2], day[3]),
    )


@kernel
def nodes_at(k: int) -> int:
    """Return the nodes of date k."""
    return k + 1 + 2 * MARGIN

"""Calls in a convertible bond's lattice whose cash part bears credit risk, one column at a time.

Where the issuer calls, the value ends as shares if they are worth more than the price, else as cash: the
parts jump there, at places that lie between nodes. Taken at nodes alone, those jumps move with the number of
steps, and values with them. So a call that lasts is a barrier, read by the straight line to it (E. Derman,
I. Kani, D. Ergener and I. Bardhan, Enhanced Numerical Methods for Options with Barriers, Financial Analysts
Journal 51(6) (1995) 65), and what a call changes on its first and last day is integrated between nodes.
"""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.convertible_nodes import CallTerms, whole_blocks


class Column(NamedTuple):
    """Nodes of one column `(n_nodes,)`: what ends as shares, as cash, and shares relative to the lowest."""

    stock: FloatArray
    cash: FloatArray
    power: FloatArray


class DayRows(NamedTuple):
    """Parts by node on the first or last day of a call, and what it changes by interval between nodes."""

    stock: FloatArray
    cash: FloatArray
    stock_gain: FloatArray
    cash_gain: FloatArray


class CallDay(NamedTuple):
    """First or last day of a call between two dates of the lattice, as one column sees it.

    Attributes
    ----------
    terms, lasts
        Price and trigger; whether the call is in force on the later date too.
    up, down
        Weights of a node's neighbours in the walk back from the later date to the day.
    safe, risky, owed
        Discount factors from the later date to the day, and coupons between, seen from the day.
    low
        Value of the shares on the day at the lowest node of the later date.
    """

    terms: CallTerms
    lasts: bool
    up: float
    down: float
    safe: float
    risky: float
    owed: float
    low: float


class Return(NamedTuple):
    """From intervals on the day to nodes of the earlier date: discount factors, and moments of the walk.

    `drift` is its mean in intervals from the middle of the one around the node, `square` the mean square.
    """

    safe: float
    risky: float
    drift: float
    square: float


@kernel
def larger(first: float, second: float) -> float:
    """Return the larger of two numbers, the second where either is none."""
    return first if first > second else second  # noqa: FURB136 - which is returned for NaN is stated


@kernel
def call_column(terms: CallTerms, low: float, count: int, column: Column) -> None:
    """Let the issuer redeem or force conversion on a date within a call that lasts; it has `count` nodes.

    The node next below the price at which shares are called reads the straight line to it: taken alone it
    would be redeemed in cash for what its upper neighbour is worth beyond that price. Where its lower
    neighbour is called too, redemption in cash it is; where the upper is not, the call does not bind.
    """
    stock, cash, power = column
    price, trigger = terms
    barrier, below = larger(price, trigger), 0
    n_nodes = whole_blocks(count)
    for node in range(n_nodes):
        below += 1 if low * power[node] < barrier else 0
    edge = below - 1
    kept_stock, kept_cash = stock[edge], cash[edge]
    before = stock[edge - 1] + cash[edge - 1] if edge > 0 else price
    for node in range(n_nodes):
        conversion, value = low * power[node], stock[node] + cash[node]
        in_shares = (conversion >= barrier) & (value > conversion)
        in_cash = (conversion < barrier) & (conversion >= trigger) & (value > price)
        own = conversion if in_shares else stock[node]
        stock[node] = 0.0 if in_cash else own
        cash[node] = price if in_cash else (0.0 if in_shares else cash[node])
    if (edge < 1) | (edge + 1 >= count):
        return
    start, end = low * power[edge - 1], low * power[edge]
    if ((start >= trigger) & (before > price)) | (cash[edge + 1] > 0.0):
        return
    weight = (end - start) / (barrier - start)
    line_stock = fma(weight, barrier - stock[edge - 1], stock[edge - 1])
    line_cash = (1.0 - weight) * cash[edge - 1]
    value = min(line_stock + line_cash, kept_stock + kept_cash)
    stock[edge], cash[edge] = value - line_cash, line_cash


@kernel
def _line(row: FloatArray, node: int, x: float) -> float:
    return fma(x, row[node + 1] - row[node], row[node])


@kernel
def _integral(row: FloatArray, node: int, ends: tuple[float, float], bend: float) -> float:
    """Return the integral over a part of the interval after a node, 0 to 1, of the parabola with a bend."""
    start, end = ends
    cubic = end * end * (0.25 - end / 6.0) - start * start * (0.25 - start / 6.0)
    return (end - start) * _line(row, node, 0.5 * (start + end)) - bend * cubic


@kernel
def _bend(row: FloatArray, node: int, count: int) -> float:
    """Return the second difference in the middle of the interval after a node; 0 at the ends of the row."""
    if (node < 1) | (node + 2 >= count):
        return 0.0
    bend: float = 0.5 * (row[node + 2] - row[node + 1] - row[node] + row[node - 1])
    return bend


@kernel
def _excess(ends: tuple[float, float], first: float, last: float) -> tuple[float, float]:
    """Return where between two ends a straight line from `first` to `last` is above 0."""
    start, end = ends
    if (first > 0.0) & (last > 0.0):
        return start, end
    if not ((first > 0.0) | (last > 0.0)):
        return start, start
    root = start + (end - start) * first / (first - last)
    return (start, root) if first > 0.0 else (root, end)


@kernel
def _place(level: float, first: float, last: float) -> float:
    """Return where from 0 to 1 a line from `first` up to `last` reaches a level, the nearer end where not."""
    if not last > first:
        return 1.0 if first < level else 0.0
    place = (level - first) / (last - first)
    return 0.0 if place < 0.0 else min(place, 1.0)


@kernel
def _fill_day(call: CallDay, count: int, column: Column, day: DayRows) -> None:
    """Walk the nodes of the later date back to the day; those around a barrier stay, which parts them."""
    stock, cash, power = column
    last, barrier = count - 1, larger(call.terms.price, call.terms.trigger)
    day.stock[0], day.stock[last] = call.safe * stock[0], call.safe * stock[last]
    day.cash[0], day.cash[last] = call.risky * cash[0] + call.owed, call.risky * cash[last] + call.owed
    for node in range(1, last):
        is_upper = (call.low * power[node] >= barrier) & (call.low * power[node - 1] < barrier)
        is_lower = (call.low * power[node] < barrier) & (call.low * power[node + 1] >= barrier)
        is_parted = call.lasts & (is_upper | is_lower)
        up, down = (0.0, 0.0) if is_parted else (call.up, call.down)
        stock_step = fma(up, stock[node + 1] - stock[node], down * (stock[node - 1] - stock[node]))
        cash_step = fma(up, cash[node + 1] - cash[node], down * (cash[node - 1] - cash[node]))
        day.stock[node] = call.safe * (stock[node] + stock_step)
        day.cash[node] = fma(call.risky, cash[node] + cash_step, call.owed)


@kernel
def _to_barrier(barrier: float, place: float, node: int, day: DayRows) -> tuple[float, float]:
    """Return what changes below a barrier within an interval: the parts run straight to it."""
    stock = 0.5 * place * (day.stock[node] + barrier) - _integral(day.stock, node, (0.0, place), 0.0)
    cash = 0.5 * place * day.cash[node] - _integral(day.cash, node, (0.0, place), 0.0)
    return min(stock + cash, 0.0) - cash, cash


@kernel
def _gain(call: CallDay, node: int, count: int, nodes: tuple[Column, DayRows]) -> tuple[float, float]:
    """Return what a call changes in the parts of the interval after a node, on average."""
    (price, trigger), (column, day) = call.terms, nodes
    first, last = call.low * column.power[node], call.low * column.power[node + 1]
    barrier = larger(price, trigger)
    place = _place(barrier, first, last)
    start = min(place, _place(trigger, first, last))
    whole = day.stock[node] + day.cash[node]
    is_called = (first >= trigger) & (whole > price)
    is_edge = call.lasts & (place > 0.0) & (place < 1.0) & (not is_called)
    bends = (0.0, 0.0, 0.0)
    if not is_edge:
        bends = _bend(day.stock, node, count), _bend(day.cash, node, count), _bend(column.power, node, count)
    at_place = _line(day.stock, node, place) + _line(day.cash, node, place)
    at_end = day.stock[node + 1] + day.cash[node + 1]
    ends = _excess((place, 1.0), at_place - fma(place, last - first, first), at_end - last)
    stock = call.low * _integral(column.power, node, ends, bends[2])
    stock -= _integral(day.stock, node, ends, bends[0])
    cash = -_integral(day.cash, node, ends, bends[1])
    if is_edge:
        gain = _to_barrier(barrier, place, node, day)
        return stock + gain[0], cash + gain[1]
    at_start = _line(day.stock, node, start) + _line(day.cash, node, start)
    ends = _excess((start, place), at_start - price, at_place - price)
    stock -= _integral(day.stock, node, ends, bends[0])
    cash += price * (ends[1] - ends[0]) - _integral(day.cash, node, ends, bends[1])
    return stock, cash


@kernel
def fill_gains(call: CallDay, count: int, column: Column, day: DayRows) -> None:
    """Write what a call changes on its first or last day, between the `count` nodes of the later date."""
    _fill_day(call, count, column, day)
    for node in range(count - 1):
        day.stock_gain[node], day.cash_gain[node] = _gain(call, node, count, (column, day))


@kernel
def add_gains(way: Return, count: int, day: DayRows, column: Column) -> None:
    """Add to the `count` nodes of the earlier date what the call changed; the outermost are read by none."""
    up, down = 0.5 * (way.square + way.drift), 0.5 * (way.square - way.drift)
    middle = 1.0 - way.square
    for node in range(1, count - 1):
        stock, cash = day.stock_gain, day.cash_gain
        gain = fma(middle, stock[node], fma(up, stock[node + 1], down * stock[node - 1]))
        column.stock[node] = fma(way.safe, gain, column.stock[node])
        gain = fma(middle, cash[node], fma(up, cash[node + 1], down * cash[node - 1]))
        column.cash[node] = fma(way.risky, gain, column.cash[node])

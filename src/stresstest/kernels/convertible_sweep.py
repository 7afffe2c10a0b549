"""Runs of dates without payments in a convertible bond's lattice, one column after the other.

Between payments, first and last days of calls a date is one pass over the nodes: discount, average, convert.
The nodes of one column stay in the nearest cache from the first of those dates to the last.
"""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.convertible_calls import Column, call_column
from stresstest.kernels.convertible_columns import (
    ConvertibleColumns,
    ConvertibleScratch,
    nodes_at,
)
from stresstest.kernels.convertible_nodes import (
    CallTerms,
    discount_blend,
    is_converted,
    whole_blocks,
)


@kernel
def average_row(high: float, low: float, n_nodes: int, row: FloatArray) -> None:
    """Take each node from its upper and lower neighbour on the next date, with a weight each."""
    for node in range(n_nodes):
        row[node] = fma(high, row[node + 1], low * row[node])


@kernel
def convert_column(low: float, n_nodes: int, column: Column) -> None:
    """Let the holder convert where that is worth more."""
    stock, cash, power = column
    for node in range(n_nodes):
        conversion = low * power[node]
        converts = is_converted(conversion, stock[node] + cash[node])
        stock[node] = conversion if converts else stock[node]
        cash[node] = 0.0 if converts else cash[node]


@kernel
def average_and_convert(
    weights: tuple[float, float, float, float], low: float, n_nodes: int, column: Column
) -> None:
    """Do both in one pass; weights of the upper and lower neighbour, of what ends as shares, then as cash."""
    (stock_high, stock_low, cash_high, cash_low), (stock, cash, power) = weights, column
    for node in range(n_nodes):
        kept_stock = fma(stock_high, stock[node + 1], stock_low * stock[node])
        kept_cash = fma(cash_high, cash[node + 1], cash_low * cash[node])
        conversion = low * power[node]
        converts = is_converted(conversion, kept_stock + kept_cash)
        stock[node] = conversion if converts else kept_stock
        cash[node] = 0.0 if converts else kept_cash


@kernel
def sweep_parts(
    columns: ConvertibleColumns, at: tuple[int, int, int], n_lanes: int, scratch: ConvertibleScratch
) -> None:
    """Go back from the date after `at[2]` to date `at[1]` of instrument `at[0]`, cash bearing credit risk."""
    (i, first, last), steps, nodes, dates = at, columns.steps, scratch.nodes, scratch.dates
    offset = columns.offsets[i]
    for lane in range(n_lanes):
        column = Column(nodes.value[lane], nodes.tracker[lane], nodes.power[lane])
        up = scratch.walk.up[lane]
        for back in range(last - first + 1):
            k = last - back
            n_nodes, low, date = whole_blocks(nodes_at(k)), dates.low[k, lane], offset + k
            safe, risky = dates.safe[k, lane], dates.risky[k, lane]
            stock_high, stock_low = up * safe, (1.0 - up) * safe
            cash_high, cash_low = up * risky, (1.0 - up) * risky
            price = steps.call_price[date]
            if (price == np.inf) & (steps.converts[date] == 1):
                average_and_convert((stock_high, stock_low, cash_high, cash_low), low, n_nodes, column)
                continue
            average_row(stock_high, stock_low, n_nodes, column.stock)
            average_row(cash_high, cash_low, n_nodes, column.cash)
            if price < np.inf:
                call_column(CallTerms(price, steps.call_trigger[date]), low, nodes_at(k), column)
            if steps.converts[date] == 1:
                convert_column(low, n_nodes, column)


@kernel
def sweep_blend(
    columns: ConvertibleColumns, at: tuple[int, int, int], n_lanes: int, scratch: ConvertibleScratch
) -> None:
    """Go back from the date after `at[2]` to date `at[1]` of instrument `at[0]`, rates blended; no calls.

    What a node keeps is discounted over the step before as soon as it is known, in the same pass.
    """
    (i, first, last), steps, nodes, dates = at, columns.steps, scratch.nodes, scratch.dates
    offset = columns.offsets[i]
    discount_blend(
        dates.safe[last, :n_lanes], dates.risky[last, :n_lanes], whole_blocks(nodes_at(last + 1)), nodes
    )
    for lane in range(n_lanes):
        value, chance, before = nodes.value[lane], nodes.tracker[lane], nodes.before[lane]
        power, high = nodes.power[lane], scratch.walk.up[lane]
        low = 1.0 - high
        for back in range(last - first + 1):
            k = last - back
            lowest = dates.low[k, lane] if steps.converts[offset + k] == 1 else -np.inf
            growth, gap = 1.0, 0.0
            if k > first:
                growth = dates.risky[k - 1, lane]
                gap = dates.safe[k - 1, lane] - growth
            for node in range(whole_blocks(nodes_at(k))):
                kept = fma(high, value[node + 1], low * value[node])
                likely = fma(high, chance[node + 1], low * chance[node])
                conversion = lowest * power[node]
                converts = conversion >= kept
                before[node] = likely
                chance[node] = 1.0 if converts else likely
                value[node] = (conversion if converts else kept) / fma(likely, gap, growth)

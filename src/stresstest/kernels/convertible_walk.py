"""Discount factors and walk of the share in a convertible bond's lattice, for a block of columns.

The steps of the share are those of D. P. J. Leisen and M. Reimer, Binomial Models for Option Valuation,
Applied Mathematical Finance 3 (1996) 319, centred on the conversion price, around the column's forwards.
"""

from __future__ import annotations

import math

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.convertible_columns import (
    MARGIN,
    ConvertibleColumns,
    ConvertibleScratch,
    Dates,
    Lanes,
    ShareRows,
    nodes_at,
)
from stresstest.kernels.convertible_nodes import BLOCK, whole_blocks
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

FARTHEST = 8.0
"""Most standard deviations from the forward that the lattice is centred on: beyond, no strike matters."""


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
def block(rows: ShareRows, start: int, end: int) -> Lanes:
    """Return the columns from `start` on and before `end`."""
    return Lanes(
        rows.factors,
        start,
        rows.spread[start:end],
        rows.log_spot[start:end],
        rows.dividend_yield[start:end],
        rows.std_dev[start:end],
    )


@kernel
def fill_knots(columns: ConvertibleColumns, i: int, lanes: Lanes, knots: FloatArray) -> None:
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
def fill_discounts(columns: ConvertibleColumns, i: int, lanes: Lanes, dates: Dates) -> None:
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
def fill_walk(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
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
def fill_shares(columns: ConvertibleColumns, i: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
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
            below = float(MARGIN) * (walk.log_up[j] - walk.log_down[j])
            low[j] = shares * exp(fma(downs, walk.log_down[j], log_forward) - below)
    for lane in range(width):
        log_ratio = walk.log_up[lane] - walk.log_down[lane]
        for node in range(whole_blocks(nodes_at(n_dates - 1)) + BLOCK):
            power[lane, node] = exp(float(node) * log_ratio)

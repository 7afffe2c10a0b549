"""One of two exercise boundaries of a put, on one panel of time: Newton's method on collocation nodes.

The equations are those of `american_pair`. At the upper boundary x = ln B the European call equals what the
sum over the time below adds; at the lower one that sum is 0. Both sums have the same terms, with N(d) for the
upper and N(−d) for the lower boundary, so that one code serves both.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.american_boundary import square_root_of
from stresstest.kernels.american_dated_boundary import eliminate
from stresstest.kernels.american_dated_sums import folded_sum
from stresstest.kernels.american_pair_tables import N_NODES, N_OWN, N_PAST, PairTables, PanelTables
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf, normal_pdf

UPPER, LOWER = 0, 1
"""The boundaries B and Y."""
MOST_PANELS = 20
_MOST_POINTS = MOST_PANELS * N_PAST + N_OWN
_MOST_ROUNDS = 14
_CONVERGED = 1e-5
"""Largest change of the last round of ln B, in standard deviations; the error is then far smaller."""
_LEAST_DEPTH = 1e-7
"""In standard deviations of the panel: below, the slope of √h² is not followed."""
_MOST_STEP = 0.5


class PairTerms(NamedTuple):
    """ρ = r·T < 0, κ = q·T < ρ, s = σ·√T > 0."""

    rate: float
    dividend_yield: float
    std_dev: float


class PairWork(NamedTuple):
    """Boundaries of one put, and scratch.

    Attributes
    ----------
    key
        `(5,)` ρ, κ, s of the boundaries; how many panels they have, −1 where none were found; until when
        there is an exercise region.
    start, length
        `(MOST_PANELS,)` of the panels, in time from expiry.
    base, value, spectrum
        `(2, MOST_PANELS)`, `(2, MOST_PANELS, N_NODES)`, `(2, MOST_PANELS, N_NODES + 1)` of either boundary:
        its ln at a panel's start; how far it has come since at the nodes, h² on the upper boundary's first
        panel; the same as coefficients of Chebyshev polynomials.
    moment, inverse, drift, half, first, second, level
        `(N_NODES, _MOST_POINTS)` of the points seen from a node: u, 1/(s√v), (ρ − κ)·v/(s√v), s√v/2, v = θ −
        u; the weights of N(d−) and e^x·N(d+); ln B(u).
    term, slope, pull
        `(_MOST_POINTS,)` terms of sums.
    system
        `(N_NODES, N_NODES + 1)` Newton's equations.
    """

    key: FloatArray
    start: FloatArray
    length: FloatArray
    base: FloatArray
    value: FloatArray
    spectrum: FloatArray
    moment: FloatArray
    inverse: FloatArray
    drift: FloatArray
    half: FloatArray
    first: FloatArray
    second: FloatArray
    level: FloatArray
    term: FloatArray
    slope: FloatArray
    pull: FloatArray
    system: FloatArray


@kernel
def make_pair_work() -> PairWork:
    """Return scratch."""
    panels, pairs, parts = (
        np.empty((2, MOST_PANELS)),
        np.empty((7, N_NODES, _MOST_POINTS)),
        np.empty((3, _MOST_POINTS)),
    )
    return PairWork(
        np.full(5, math.nan),
        panels[0],
        panels[1],
        np.zeros((2, MOST_PANELS)),
        np.zeros((2, MOST_PANELS, N_NODES)),
        np.zeros((2, MOST_PANELS, N_NODES + 1)),
        pairs[0],
        pairs[1],
        pairs[2],
        pairs[3],
        pairs[4],
        pairs[5],
        pairs[6],
        parts[0],
        parts[1],
        parts[2],
        np.empty((N_NODES, N_NODES + 1)),
    )


@kernel
def polynomial(spectrum: FloatArray, place: float) -> float:
    """Return the sum of Chebyshev polynomials at a place on [−1, 1] (C. W. Clenshaw)."""
    later, last, twice = 0.0, 0.0, 2.0 * place
    for back in range(N_NODES):
        last, later = fma(twice, last, spectrum[N_NODES - back] - later), last
    return fma(place, last, spectrum[0] - later)


@kernel
def boundary_at(side: int, panel: int, time: float, work: PairWork) -> float:
    """Return ln B or ln Y at a time in a panel."""
    share = (time - work.start[panel]) / work.length[panel]
    place = square_root_of(share) if panel == 0 else share
    way = polynomial(work.spectrum[side, panel], fma(2.0, place, -1.0))
    base: float = work.base[side, panel]
    return base + _signed_way(side, panel, way)


@kernel
def set_spectrum(tables: PairTables, side: int, panel: int, work: PairWork) -> None:
    """Set the coefficients of a panel from its nodes' values."""
    values, spectrum = work.value[side, panel], work.spectrum[side, panel]
    for degree in range(N_NODES + 1):
        total = 0.0
        for node in range(N_NODES):
            total = fma(tables.spectrum[degree, node], values[node], total)
        spectrum[degree] = total


@kernel
def _set_point(
    terms: PairTerms, at: tuple[int, int, float], elapsed_root: float, weight: float, work: PairWork
) -> None:
    """Set what a term at (node, point, θ) has in all rounds; `weight` is that of dv."""
    node, point, time = at
    elapsed = elapsed_root * elapsed_root
    inverse = 1.0 / (terms.std_dev * elapsed_root)
    work.moment[node, point] = time - elapsed
    work.inverse[node, point] = inverse
    work.drift[node, point] = (terms.rate - terms.dividend_yield) * elapsed * inverse
    work.half[node, point] = 0.5 * terms.std_dev * elapsed_root
    work.first[node, point] = weight * terms.rate * exp(-terms.rate * elapsed)
    work.second[node, point] = -weight * terms.dividend_yield * exp(-terms.dividend_yield * elapsed)


@kernel
def _set_past(terms: PairTerms, tables: PairTables, node: int, panel: int, work: PairWork) -> None:
    """Set the points of the panels before, seen from one node of a panel, in √v, in which terms are smooth.

    At expiry the boundary has a singular slope: there the points crowd.
    """
    time = fma(work.length[panel], tables.later.share[node], work.start[panel])
    for past in range(panel):
        low = math.sqrt(time - work.start[past + 1])
        width = math.sqrt(time - work.start[past]) - low
        for k in range(N_PAST):
            c, weight = tables.past_point[k], tables.past_weight[k]
            if past == 0:
                c, weight = c * (2.0 - c), weight * 2.0 * (1.0 - c)
            root = fma(width, c, low)
            _set_point(terms, (node, past * N_PAST + k, time), root, 2.0 * root * width * weight, work)


@kernel
def set_points(terms: PairTerms, tables: PairTables, panel: int, work: PairWork) -> None:
    """Set the points of all nodes of a panel: those of the panels before, and its own."""
    own, length = tables.first if panel == 0 else tables.later, work.length[panel]
    for node in range(N_NODES):
        if panel > 0:
            _set_past(terms, tables, node, panel, work)
        since = length * own.share[node]
        at, root = since + work.start[panel], math.sqrt(since)
        for k in range(N_OWN):
            place = (node, panel * N_PAST + k, at)
            _set_point(terms, place, root * own.point[k], since * own.weight[k], work)


@kernel
def _set_levels(side: int, panel: int, work: PairWork) -> None:
    """Set ln B at the points of the panels before, from each node."""
    for node in range(N_NODES):
        for past in range(panel):
            for point in range(past * N_PAST, (past + 1) * N_PAST):
                work.level[node, point] = boundary_at(side, past, work.moment[node, point], work)


@kernel
def _set_own_levels(tables: PanelTables, side: int, panel: int, work: PairWork) -> None:
    """Set ln B at the points of the panel itself, from each node."""
    values, base = work.value[side, panel], work.base[side, panel]
    for node in range(N_NODES):
        levels = work.level[node, panel * N_PAST : panel * N_PAST + N_OWN]
        for k in range(N_OWN):
            way, weights = 0.0, tables.row[node, k]
            for other in range(N_NODES):
                way = fma(weights[other], values[other], way)
            levels[k] = base + _signed_way(side, panel, way)


@kernel
def _signed_way(side: int, panel: int, way: float) -> float:
    """Return how far ln B or ln Y has come since the panel's start, from what is interpolated."""
    if side == LOWER:
        return way
    return -square_root_of(way) if panel == 0 else -way


@kernel
def _way_slope(side: int, panel: int, signed_way: float, least: float) -> float:
    """Return the slope of that in what is interpolated."""
    if side == LOWER:
        return 1.0
    return 0.5 / min(signed_way, -least) if panel == 0 else -1.0


@kernel
def _fill_terms(side: int, node: int, level: float, count: int, work: PairWork) -> None:
    """Set terms, their slopes in x through d, and through e^x, at the points seen from a node."""
    sign, growth = 1.0 if side == UPPER else -1.0, exp(level)
    inverse, drift, half = work.inverse[node], work.drift[node], work.half[node]
    first, second, levels = work.first[node], work.second[node], work.level[node]
    term, slope, pulls = work.term, work.slope, work.pull
    for k in range(count):
        middle = fma(level - levels[k], inverse[k], drift[k])
        minus, plus = middle - half[k], middle + half[k]
        weight = growth * second[k]
        pull = weight * normal_cdf(sign * plus)
        pulls[k] = pull
        term[k] = fma(first[k], normal_cdf(sign * minus), pull)
        slope[k] = sign * inverse[k] * fma(first[k], normal_pdf(minus), weight * normal_pdf(plus))


@kernel
def _call(terms: PairTerms, level: float, time: float) -> tuple[float, float]:
    """Return the European call on strike 1 at ln S, and its slope in ln S."""
    root, forward = terms.std_dev * math.sqrt(time), fma(terms.rate - terms.dividend_yield, time, level)
    price = exp(fma(-terms.dividend_yield, time, level))
    call = black_price(1.0, price, exp(-terms.rate * time), forward, root)
    return call, price * normal_cdf(forward / root + 0.5 * root)


@kernel
def _set_equation(
    terms: PairTerms, tables: PanelTables, at: tuple[int, int, int, float], work: PairWork
) -> None:
    """Set one row of Newton's system for (side, panel, node, θ); NaN where there is no boundary.

    At the upper boundary the equation is ln(call/sum) = 0, both of which span many powers of ten.
    """
    side, panel, node, time = at
    own, matrix, value = panel * N_PAST, work.system[node], work.value[side, panel, node]
    way = _signed_way(side, panel, value)
    level = work.base[side, panel] + way
    least = _LEAST_DEPTH * terms.std_dev * math.sqrt(work.length[panel])
    _fill_terms(side, node, level, own + N_OWN, work)
    for column in range(N_NODES):
        matrix[column] = 0.0
    for k in range(N_OWN):
        weights, slope = tables.row[node, k], -work.slope[own + k]
        slope *= _way_slope(side, panel, work.level[node, own + k] - work.base[side, panel], least)
        for column in range(N_NODES):
            matrix[column] = fma(slope, weights[column], matrix[column])
    move = folded_sum(work.slope, own + N_OWN) + folded_sum(work.pull, own + N_OWN)
    total = folded_sum(work.term, own + N_OWN)
    matrix[node] += move * _way_slope(side, panel, way, least)
    matrix[N_NODES] = -total
    if side == UPPER:
        call, call_slope = _call(terms, level, time)
        is_found = call > 0.0 and total > 0.0
        for column in range(N_NODES):
            matrix[column] *= -1.0 / total if is_found else math.nan
        matrix[node] += call_slope / call * _way_slope(side, panel, way, least) if is_found else math.nan
        matrix[N_NODES] = log(total / call) if is_found else math.nan


@kernel
def _move(terms: PairTerms, side: int, panel: int, tables: PanelTables, work: PairWork) -> float:
    """Move the nodes by their steps, bounded; return the largest change in standard deviations."""
    values, largest = work.value[side, panel], 0.0
    for node in range(N_NODES):
        time = fma(work.length[panel], tables.share[node], work.start[panel])
        dev, step = terms.std_dev * math.sqrt(time), work.system[node, N_NODES]
        if side == UPPER and panel == 0:
            old = math.sqrt(values[node])
            new = min(max(square_root_of(values[node] + step), 0.5 * old), 2.0 * old)
            change = abs(new - old) / dev
            values[node] = new * new if change == change else math.nan  # noqa: PLR0124 - NaN
        else:
            change = abs(step) / dev
            values[node] += min(max(step, -_MOST_STEP * dev), _MOST_STEP * dev)
        largest = largest if change <= largest else change  # noqa: FURB136 - NaN must pass
        largest = math.inf if step != step else largest  # noqa: PLR0124 - NaN
    return largest


@kernel
def solve_side(terms: PairTerms, tables: PairTables, side: int, panel: int, work: PairWork) -> bool:
    """Solve one boundary on a panel from the values at hand; tell whether the rounds converged."""
    own = tables.first if panel == 0 else tables.later
    _set_levels(side, panel, work)
    for _ in range(_MOST_ROUNDS):
        _set_own_levels(own, side, panel, work)
        for node in range(N_NODES):
            time = fma(work.length[panel], own.share[node], work.start[panel])
            _set_equation(terms, own, (side, panel, node, time), work)
        eliminate(work.system)
        change = _move(terms, side, panel, own, work)
        if change <= _CONVERGED:
            set_spectrum(tables, side, panel, work)
            return True
        if change == math.inf:
            return False
    return False

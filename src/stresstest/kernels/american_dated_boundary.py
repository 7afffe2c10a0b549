"""Exercise boundaries of American puts between two dividends: Newton's method on collocation nodes.

The equation is that of `american_dated_put`. What holding on is worth over exercise at the latest sure moment
before, the excess, is a call less the interest that exercise brings in the spans before; at the boundary it
equals the interest that exercise brings in the span itself. Both span many powers of ten in a span that
begins after a dividend, so Newton's method is applied to the log of their ratio, all nodes at once: it
converges in three to six rounds.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.american_boundary import square_root_of, starting_depth, tail_beside
from stresstest.kernels.american_dated_sums import folded_sum
from stresstest.kernels.american_dated_tables import N_FINE_POINTS, N_NODES, SpanTables
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf, normal_pdf

MOST_SPANS = 64
"""Spans with a boundary, those before the last dividends left out."""
_MOST_POINTS = (MOST_SPANS + 1) * N_FINE_POINTS
MOST_ROUNDS = 12
_START_SHARE, _START_STEPS, _FLOOR_STEPS = 0.7, 3, 20
_UPWARDS, _LEAST_DEPTH = 1e3, 1e-9
ACCEPTED = 1e-3
"""Largest last change of a boundary, in deviations, at which it is used."""
CONVERGED = 3e-5
"""Largest change of the last round of ln B, in standard deviations, that ends the rounds."""


class PutWork(NamedTuple):
    """Boundary of one put, and scratch.

    Attributes
    ----------
    key
        `(3 + 2·n_payments,)` rate, standard deviation and dividends of the boundary; NaN where there is none.
    start, length
        `(MOST_SPANS,)` a, and the time from there to the next dividend.
    node_value
        `(MOST_SPANS, N_NODES)` h² or ln B at the nodes.
    early
        `(MOST_SPANS,)` slope of ln B in ln(θ − a) before the first node.
    floor
        `(1,)` what the excess of the span at hand falls below 0 by where it should not: 0 but in short spans.
    n_spans
        `(1,)` spans that have a boundary; −1 where the rounds did not converge.
    time, depth, weight
        `(_MOST_POINTS,)` u, ln B(u) and ρ·e^{ρu}·du at the points of the spans before, then of the node's
        own.
    inverse, drift, factor
        `(N_NODES, _MOST_POINTS)` 1/(s√(θ − u)), the part of d− without the boundaries, the term's factor.
    term
        `(_MOST_POINTS,)` terms to be added.
    """

    key: FloatArray
    start: FloatArray
    length: FloatArray
    node_value: FloatArray
    early: FloatArray
    floor: FloatArray
    n_spans: IntArray
    time: FloatArray
    depth: FloatArray
    weight: FloatArray
    inverse: FloatArray
    drift: FloatArray
    factor: FloatArray
    term: FloatArray
    slope: FloatArray
    system: FloatArray


class PutTerms(NamedTuple):
    """ρ = r·T > 0 and s = σ·√T > 0."""

    rate: float
    std_dev: float


@kernel
def make_put_work(n_payments: int) -> PutWork:
    """Return scratch for options with up to `n_payments` dividends."""
    key = np.empty(3 + 2 * n_payments)
    key[0] = math.nan
    points = np.empty((3, _MOST_POINTS))
    pairs = np.empty((3, N_NODES, _MOST_POINTS))
    parts = np.empty((2, _MOST_POINTS))
    return PutWork(
        key,
        np.empty(MOST_SPANS),
        np.empty(MOST_SPANS),
        np.empty((MOST_SPANS, N_NODES)),
        np.zeros(MOST_SPANS),
        np.zeros(1),
        np.zeros(1, dtype=np.int64),
        points[0],
        points[1],
        points[2],
        pairs[0],
        pairs[1],
        pairs[2],
        parts[0],
        parts[1],
        np.empty((N_NODES, N_NODES + 1)),
    )


@kernel
def interpolate(
    values: FloatArray, row: FloatArray, below: tuple[float, FloatArray], is_first: bool, out: FloatArray
) -> None:
    """Set `out` to ln B at the points of `row`, `(n_nodes, n_points)`, from the values at the nodes.

    `below` is the slope of ln B in ln(θ − a) before the first node, and how far each point lies before it.
    """
    n_points = out.shape[0]
    slope, distance = below
    for k in range(n_points):
        out[k] = 0.0 if is_first else slope * distance[k]
    for node in range(N_NODES):
        value, weights = values[node], row[node]
        for k in range(n_points):
            out[k] = fma(weights[k], value, out[k])
    if is_first:
        for k in range(n_points):
            out[k] = -square_root_of(out[k])


@kernel
def _set_pairs(terms: PutTerms, tables: SpanTables, at: tuple[float, float, int, int], work: PutWork) -> None:
    """Set what the terms of one node have in all rounds.

    `at` is the node's time from expiry and from the span's start, its number, and the points before.
    """
    (time, past, node, first), n_points = at, tables.point.shape[0]
    inverse, drift, factor, since = work.inverse[node], work.drift[node], work.factor[node], work.term
    half_dev, rate, std_dev = 0.5 * terms.std_dev, terms.rate, terms.std_dev
    times, weights = work.time, work.weight
    for k in range(first):
        since[k] = time - times[k]
    # As a difference of two times it would be rounding in short spans.
    for k in range(n_points):
        since[first + k] = past * tables.point[k] * tables.point[k]
    for k in range(first + n_points):
        root = math.sqrt(since[k])
        scale = 1.0 / (std_dev * root)
        inverse[k] = scale
        drift[k] = fma(rate * since[k], scale, -half_dev * root)
        factor[k] = weights[k]


@kernel
def _set_points(terms: PutTerms, tables: SpanTables, part: tuple[float, float, int], work: PutWork) -> None:
    """Set times and weights ρ·e^{ρu}·du of the points of a part of a span: (start, length, first point)."""
    (start, length, first), n_points = part, tables.point.shape[0]
    times, weights = work.time[first : first + n_points], work.weight[first : first + n_points]
    for k in range(n_points):
        c = tables.point[k]
        times[k] = fma(length, 1.0 - c * c, start)
        weights[k] = length * tables.weight[k] * terms.rate * exp(terms.rate * times[k])


@kernel
def _fill_terms(node: int, level: float, first: int, count: int, work: PutWork) -> None:
    """Set `term` to w·N(d) and `slope` to w·φ(d)·d′ at `count` points from `first`, d′ the slope in ln B."""
    end = first + count
    inverse, drift = work.inverse[node, first:end], work.drift[node, first:end]
    depth, weight, term, slope = work.depth[first:end], work.factor[node, first:end], work.term, work.slope
    for k in range(count):
        minus = fma(level - depth[k], inverse[k], drift[k])
        density = weight[k] * normal_pdf(minus)
        tail = tail_beside(minus, density)
        term[k] = weight[k] - tail if minus > 0.0 else tail
        slope[k] = density * inverse[k]


@kernel
def _excess(
    terms: PutTerms, node: int, level: float, place: tuple[float, int], work: PutWork
) -> tuple[float, float]:
    """Return what holding on is worth over sure exercise later, times e^{ρθ}, and its slope in ln B.

    It is a call less the interest that exercise would bring in the spans before; `place` is the node's time
    and the number of their points.
    """
    time, count = place
    root = terms.std_dev * math.sqrt(time)
    minus = fma(terms.rate, time, level) / root - 0.5 * root
    call = exp(fma(terms.rate, time, level)) * normal_cdf(minus + root)
    # Not a literal 0, nor the literal number of points below: for each all would be compiled once more.
    _fill_terms(node, level, min(count, 0), count, work)
    interest, slope = folded_sum(work.term, count), folded_sum(work.slope, count)
    return call - normal_cdf(minus) - interest + work.floor[0], call - slope


@kernel
def _set_floor(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> None:
    """Set the floor of a span's excess: the most that it is below 0 at the first node, at lower and lower B.

    It never is in truth. What the boundaries before leave undecided, a share of 1e-5 or less of their
    interest, may be more than all interest at the first nodes of a span that a dividend cuts short.
    """
    node, count, least = N_NODES - 1, span * tables.point.shape[0], 0.0
    work.floor[0] = 0.0
    time = fma(work.length[span], tables.share[node], work.start[span])
    last_end, last = work.start[span - 1] + work.length[span - 1], work.node_value[span - 1, 0]
    level, dev = -square_root_of(last) if span == 1 else last, terms.std_dev * math.sqrt(time - last_end)
    for _ in range(_FLOOR_STEPS):
        level -= dev
        excess, _ = _excess(terms, node, level, (time, count), work)
        least = min(least, excess)
    work.floor[0] = -least


@kernel
def _early_slope(excess: tuple[float, float], most: float) -> float:
    """Return the slope of ln B in ln(θ − a) before the first node: there the excess grows like θ − a."""
    return min(most, excess[0] / excess[1]) if excess[0] > 0.0 and excess[1] > 0.0 else 0.0


@kernel
def _scalar_step(excess: tuple[float, float], own: float, most: float) -> float:
    """Return a step of ln B by Newton's method on ln(excess/own); upwards where there is no excess yet."""
    if not (excess[0] > 0.0 and excess[1] > 0.0):
        return most
    return max(-most, min(most, log(own / excess[0]) * excess[0] / excess[1]))


@kernel
def _start_first(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> None:
    """Set first values of h² in the span of expiry, 0; with the literal all would be compiled once more."""
    first, begin = span * tables.point.shape[0], work.start[span]
    for node in range(N_NODES):
        time = work.length[0] * tables.share[node]
        _set_points(terms, tables, (begin, time, first), work)
        _set_pairs(terms, tables, (time, time, node, first), work)
        depth = starting_depth(terms.rate, 0.0, terms.std_dev, 0.0, time)
        work.node_value[0, node] = depth * depth


@kernel
def _start_later(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> None:
    """Set first values of ln B in a later span, the nearest to its start first.

    Own interest is taken for 0.7·(e^{ρθ} − e^{ρa}).
    """
    start, length, count = work.start[span], work.length[span], span * tables.point.shape[0]
    last_end, last = work.start[span - 1] + work.length[span - 1], work.node_value[span - 1, 0]
    base = -square_root_of(last) if span == 1 else last
    level = base - 2.0 * terms.std_dev * math.sqrt(fma(length, tables.share[N_NODES - 1], start) - last_end)
    for back in range(N_NODES):
        node = N_NODES - 1 - back
        past = length * tables.share[node]
        _set_points(terms, tables, (start, past, count), work)
        _set_pairs(terms, tables, (start + past, past, node, count), work)
        own = _START_SHARE * exp(terms.rate * start) * (exp(terms.rate * past) - 1.0)
        most = terms.std_dev * math.sqrt(start + past - last_end)
        excess = (0.0, 0.0)
        for _ in range(_START_STEPS):
            excess = _excess(terms, node, level, (start + past, count), work)
            level += _scalar_step(excess, own, most)
        work.node_value[span, node] = level
        if back == 0:
            work.early[span] = _early_slope(excess, most)


@kernel
def _set_equation(
    tables: SpanTables, place: tuple[float, int, int], excess: tuple[float, float], work: PutWork
) -> None:
    """Set one node's row of Newton's system for ln(excess/own interest) = 0.

    `place` is ln B at the node, its number, and the number of points in spans before. Unknown are the values
    at the nodes: in the first span h², of which ln B = −h has the slope −1/(2h). Where there is no excess ln
    B goes up.
    """
    (level, node, first), n_points = place, tables.point.shape[0]
    matrix, slopes, depths = work.system[node], work.slope, work.depth[first : first + n_points]
    for column in range(N_NODES + 1):
        matrix[column] = 0.0
    _fill_terms(node, level, first, n_points, work)
    own = folded_sum(work.term, n_points)
    if not (excess[0] > 0.0 and excess[1] > 0.0 and own > 0.0):
        matrix[node], matrix[N_NODES] = 1.0, _UPWARDS
        return
    total, inverse, is_first = 0.0, 1.0 / own, first == 0
    for k in range(n_points):
        total += slopes[k]
        slopes[k] *= inverse * (0.5 / min(depths[k], -_LEAST_DEPTH) if is_first else 1.0)
    for k in range(n_points):
        weights, slope = tables.row_by_point[node, k], slopes[k]
        for column in range(N_NODES):
            matrix[column] = fma(slope, weights[column], matrix[column])
    move = excess[1] / excess[0] - total * inverse
    matrix[node] += move * (0.5 / min(level, -_LEAST_DEPTH) if is_first else 1.0)
    matrix[N_NODES] = log(own / excess[0])


@kernel
def eliminate(system: FloatArray) -> None:
    """Solve `(n, n + 1)` linear equations in place, with row pivots; the last column becomes the solution."""
    n = system.shape[0]
    for column in range(n):
        best = column
        for row in range(column + 1, n):
            best = row if abs(system[row, column]) > abs(system[best, column]) else best
        for k in range(column, n + 1):
            system[column, k], system[best, k] = system[best, k], system[column, k]
        inverse = 1.0 / system[column, column] if system[column, column] != 0.0 else math.nan
        for row in range(column + 1, n):
            share = -system[row, column] * inverse
            for k in range(column, n + 1):
                system[row, k] = fma(share, system[column, k], system[row, k])
        system[column, column] = inverse
    for back in range(n):
        row = n - 1 - back
        total = system[row, n]
        for k in range(row + 1, n):
            total = fma(-system[row, k], system[k, n], total)
        system[row, n] = total * system[row, row]


@kernel
def _move(span: int, node: int, most: float, work: PutWork) -> float:
    """Move a node by its step, bounded, and return its change of ln B in units of `most`."""
    values, step = work.node_value[span], work.system[node, N_NODES]
    if step != step:  # noqa: PLR0124 - NaN
        return math.nan
    if span == 0:
        old = math.sqrt(values[node])
        new = min(max(square_root_of(values[node] + step), 0.5 * old), 2.0 * old)
        values[node] = new * new
        return float(abs(new - old) / most)
    step = min(max(step, -most), most)
    values[node] += step
    return float(abs(step) / most)


@kernel
def _round(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> float:
    """Move the nodes of a span by one step of Newton's method; return the largest change in deviations."""
    values, n_points, largest = work.node_value[span], tables.point.shape[0], 0.0
    first, start, length = span * n_points, work.start[span], work.length[span]
    depths = work.depth[first : first + n_points]
    last_end = work.start[span - 1] + work.length[span - 1] if span > 0 else 0.0
    early, excess = work.early[span], (0.0, 0.0)
    for node in range(N_NODES):
        time = fma(length, tables.share[node], start)
        level = -square_root_of(values[node]) if span == 0 else values[node]
        interpolate(values, tables.row[node], (early, tables.below[node]), span == 0, depths)
        excess = _excess(terms, node, level, (time, first), work)
        _set_equation(tables, (level, node, first), excess, work)
    eliminate(work.system)
    for node in range(N_NODES):
        most = terms.std_dev * math.sqrt(fma(length, tables.share[node], start) - last_end)
        change = _move(span, node, most, work)
        largest = largest if change <= largest else change  # noqa: FURB136 - NaN must pass
        work.early[span] = _early_slope(excess, most)
    return largest


@kernel
def _iterate(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> float:
    """Take rounds until the values at the nodes stand; return the last change."""
    change = math.inf
    for _ in range(MOST_ROUNDS):
        change = _round(terms, tables, span, work)
        if not change > CONVERGED:
            break
    return change


@kernel
def solve_span(terms: PutTerms, tables: SpanTables, span: int, work: PutWork) -> float:
    """Solve one span; those before it stand in `time`, `depth` and `weight`. Return the last change."""
    n_points, change, work.floor[0] = tables.point.shape[0], math.inf, 0.0
    first = span * n_points
    for _ in range(2):
        if span == 0:
            _start_first(terms, tables, span, work)
        else:
            _start_later(terms, tables, span, work)
        change = _iterate(terms, tables, span, work)
        if change < ACCEPTED or span == 0:
            break
        _set_floor(terms, tables, span, work)
    _set_points(terms, tables, (work.start[span], work.length[span], first), work)
    depths, below = work.depth[first : first + n_points], (work.early[span], tables.below[0])
    interpolate(work.node_value[span], tables.row[0], below, span == 0, depths)
    return change

"""American options with dividends on dates, on a grid that follows the exercise boundary between its nodes.

With U = e^{ρθ}·V and z = (ln(S/K) + b·θ)/s, b = ρ − κ − s²/2, the equation of Black and Scholes is that of
heat, U_θ = ½U_zz, and exercise at θ is worth g. Below the boundary B the put is exercised, above it U − g
begins as 2γ·(e^{cy} − 1 − cy)/c², y = z − B, γ = g_θ − ½g_zz, c = −2B′. A step of Crank and Nicolson with
Crandall's fourth-order weights is eliminated from the top down (M. J. Brennan, E. S. Schwartz, Journal of
Finance 32 (1977) 449), until that profile, at a node and the next below, solves the node's equation: B is
found to a fraction of the distance of two nodes, and what stands below it continues the value above smoothly.
The kink of a call's value at a dividend is set down so that its first moments on the grid are its own (H.-O.
Kreiss, V. Thomée, O. Widlund, Communications on Pure and Applied Mathematics 23 (1970) 241). Two grids, the
finer with twice the nodes and steps, are extrapolated.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.american_grid import (
    COARSE_NODES,
    REACH,
    Level,
    Payments,
    PutCell,
    fill_exercise,
    start_grid,
)
from stresstest.kernels.exponential import exp

_LEAST_STEPS, _STEPS = 12, 160
USUAL, FINE = 2, 4
"""Fineness of the first of the two grids that are extrapolated."""
_RATIO_AT_EASE = 2.0
"""Rate over standard deviation up to which the boundary crosses the grid slowly."""
_VALUE, _CONSTANT, _FACTOR, _GROWTH, _EXERCISE = 0, 1, 3, 4, 5
_TWELFTH = 1.0 / 12.0
_NO_GAIN = 1e-300
_SMALL, _TINY = 0.02, 1e-6
_ROOT_STEPS = 6
_FARTHEST = 1.6
"""Nodes from the boundary to the first free one: half to one and a half, and what rounding adds."""
_LEAP, _RISE = 3.0, 1.0
"""Twice the speed, down and up, beyond which the profile is not followed, in nodes in a time of h²."""
_CONTINUED = 5.0
"""Nodes below the boundary at which the value above is continued."""
_FREE, _KEPT, _EVEN = 0.4, 4.0, 0.35
"""Times of h²: after a kink nobody exercises for 0.4, but four nodes below it; first steps are 0.35 long."""


class Span(NamedTuple):
    """Times between two dividends: start, length, steps, what is paid as in `Level`, and the kink's node."""

    start: float
    length: float
    n_steps: int
    paid: float
    kink: float


@kernel
def _gains(cell: PutCell, time: float) -> tuple[float, float]:
    """Return what exercise gains in a unit of time: γ = first + second·e^{sz}."""
    spread = exp(fma(0.5 * cell.std_dev, cell.std_dev, cell.dividend_yield) * time)
    return max(cell.rate * exp(cell.rate * time), _NO_GAIN), -cell.dividend_yield * spread


@kernel
def _profile(distance: float, speed: float) -> float:
    """Return (U − g)/(γh²) at y nodes above a boundary that recedes by c/2: 2·(e^{cy} − 1 − cy)/c²."""
    x = speed * distance
    if abs(x) < _SMALL:
        return distance * distance * fma(x, fma(x, _TWELFTH, 1.0 / 3.0), 1.0)
    return 2.0 * (exp(x) - 1.0 - x) / (speed * speed)


@kernel
def _distance(excess: float, factor: float, speed: float) -> float:
    """Return y/h, for which profile(y) − factor·profile(y − 1) is the excess."""
    distance = 1.0
    for _ in range(_ROOT_STEPS):
        value = _profile(distance, speed) - factor * _profile(distance - 1.0, speed)
        ahead = _profile(distance + _TINY, speed) - factor * _profile(distance + _TINY - 1.0, speed)
        distance = min(max(distance + _TINY * (excess - value) / (ahead - value), 0.5), _FARTHEST)
    return distance


@kernel
def _eliminate(
    cell: PutCell, time: float, pace: tuple[float, float, float], grid: FloatArray, n_nodes: int
) -> int:
    """Write U_j = constant + factor·U_{j−1} from the top down to the boundary; return its first free node.

    The lowest node that is over half of h from the boundary is the first free one; without a boundary it is
    1. `pace` is dt/h² and the boundary's speed.
    """
    share, speed, stays = pace
    step = 2.0 * REACH / (n_nodes - 1)
    off, other = _TWELFTH - 0.25 * share, _TWELFTH + 0.25 * share
    value, constants, factors, exercise = grid[_VALUE], grid[_CONSTANT], grid[_FACTOR], grid[_EXERCISE]
    diagonal, middle = 1.0 - 2.0 * off, 1.0 - 2.0 * other
    top = n_nodes - 1
    constant, factor = max(exercise[top], 0.0), 0.0
    constants[top], factors[top] = constant, factor
    near, beyond = step * step * _profile(0.5, speed), step * step * _profile(-0.5, speed)
    fixed, moving = _gains(cell, time)
    for back in range(1, top):
        j = top - back
        right = fma(other, value[j - 1] + value[j + 1], middle * value[j])
        inverse = 1.0 / fma(off, factor, diagonal)
        constant, factor = fma(-off, constant, right) * inverse, -off * inverse
        excess = fma(factor, exercise[j - 1], constant - exercise[j])
        if excess < fma(moving, grid[_GROWTH, j], fixed) * (near - factor * beyond) and stays == 0.0:
            return j + 1
        constants[j], factors[j] = constant, factor
    return 1


@kernel
def _advance(
    cell: PutCell, time: float, pace: tuple[float, float, float], grid: FloatArray, n_nodes: int
) -> float:
    """Take one step of U to a time; return where the boundary is, in nodes; 0 without one."""
    _, speed, stays = pace
    step = 2.0 * REACH / (n_nodes - 1)
    value, constants, factors, exercise = grid[_VALUE], grid[_CONSTANT], grid[_FACTOR], grid[_EXERCISE]
    first = _eliminate(cell, time, pace, grid, n_nodes)
    edge = 1.0 - grid[_GROWTH, 0] * exp(0.5 * cell.std_dev * cell.std_dev * time)
    last, place = max(exercise[0], edge), 0.0
    if 1 < first < n_nodes:
        fixed, moving = _gains(cell, time)
        bend = step * step * fma(moving, grid[_GROWTH, first], fixed)
        excess = fma(factors[first], exercise[first - 1], constants[first] - exercise[first])
        place = first - _distance(excess / bend, factors[first], speed)
        # Where the boundary leaps, or far below it, the profile is no continuation.
        reach = _CONTINUED if speed < _LEAP else 0.0
        for j in range(first):
            below = j - place
            rest = _profile(below, max(speed, 0.0)) if below > -reach else 0.0
            value[j] = fma(bend, rest, exercise[j])
        last = fma(bend, _profile(first - 1.0 - place, speed), exercise[first - 1])
        value[first - 1] = last
    value[0] = last if first == 1 else value[0]
    for j in range(first, n_nodes):
        last = fma(factors[j], last, constants[j])
        value[j] = last
    for j in range(n_nodes):
        if j < stays - _KEPT:
            value[j] = exercise[j]
    return max(place, stays)


@kernel
def _crossing(gain: tuple[float, float, float, float]) -> tuple[float, float]:
    """Return where the cubic through values at −1, 0, 1, 2 is 0 between 0 and 1, and its slope there."""
    before, here, after, beyond = gain
    second = 0.5 * (before + after) - here
    third = (beyond - before) / 6.0 + 0.5 * (here - after)
    first = after - here - second - third
    place, slope = here / (here - after), after - here
    for _ in range(_ROOT_STEPS):
        slope = fma(fma(3.0 * third, place, 2.0 * second), place, first)
        slope = min(slope, 0.1 * (after - here))
        value = fma(fma(fma(third, place, second), place, first), place, here)
        place = min(max(place - value / slope, 0.0), 1.0)
    return place, slope


@kernel
def _weight(place: float, offset: int) -> float:
    """Return the weight of a node, −1 to 2 from the kink's cell, in cubic interpolation to a place in it."""
    if offset == -1:
        return -place * (place - 1.0) * (place - 2.0) / 6.0
    if offset == 0:
        return 0.5 * (place + 1.0) * (place - 1.0) * (place - 2.0)
    if offset == 1:
        return -0.5 * (place + 1.0) * place * (place - 2.0)
    return (place + 1.0) * place * (place - 1.0) / 6.0 if offset == 2 else 0.0


@kernel
def _smooth(node: int, kink: tuple[float, float], grid: FloatArray) -> None:
    """Set down a kink (place in the cell above `node`, slope) so that it spreads as one between the nodes."""
    place, slope = kink
    for offset in range(-2, 4):
        total = -max(place - offset, 0.0)
        for k in range(offset + 1, 4):
            weight = _weight(place, k)
            weight += _TWELFTH * (_weight(place, k - 1) - 2.0 * weight + _weight(place, k + 1))
            total += weight * (k - offset)
        grid[_VALUE, node + offset] -= slope * total


@kernel
def _exercise(smoothing: float, grid: FloatArray, n_nodes: int) -> float:
    """Take the exercise value where it is more; smooth the kink where it ceases to be, and return where."""
    value, exercise = grid[_VALUE], grid[_EXERCISE]
    node = 0
    for j in range(2, n_nodes - 4):
        if exercise[j] > value[j] and exercise[j + 1] <= value[j + 1]:
            node = j
    place, slope = 0.0, 0.0
    if node > 0:
        place, slope = _crossing(
            (
                exercise[node - 1] - value[node - 1],
                exercise[node] - value[node],
                exercise[node + 1] - value[node + 1],
                exercise[node + 2] - value[node + 2],
            )
        )
    for j in range(n_nodes):
        value[j] = exercise[j] if value[j] < exercise[j] else value[j]  # noqa: FURB136 - NaN must pass
    if node > 0:
        _smooth(node, (place, smoothing * slope), grid)
    return node + place


@kernel
def _step_end(span: Span, even: float, number: int) -> float:
    """Return the time after a number of steps, of which `even` is spread evenly and the rest as squares."""
    share = number / span.n_steps
    return fma(fma(span.length - even, share, even), share, span.start)


@kernel
def _next_speed(
    span: Span, even: float, number: int, places: tuple[float, float], last: tuple[float, float]
) -> float:
    """Return twice the boundary's speed down, in nodes in a time of h².

    `places` are where it was before the step of this number and where it is; `last` is the speed so far and
    h². At first it moves like a root: as much a step, while steps grow longer.
    """
    (before, place), (speed, square) = places, last
    if before == 0.0 or place == 0.0:
        return -_RISE
    pace = fma(2.0 * (span.length - even), number / span.n_steps, even) / (span.n_steps * square)
    return min(max(0.5 * (speed + 2.0 * (before - place) / pace), -_RISE), _LEAP)


@kernel
def _march(cell: PutCell, of_strike: float, span: Span, grid: FloatArray, n_nodes: int) -> None:
    """Take the steps between two dividends, or expiry and the first."""
    step, time, place = 2.0 * REACH / (n_nodes - 1), span.start, span.kink
    speed = _LEAP if place > 0.0 else -_RISE
    # After a kink no step is so short that the scheme's weights alternate.
    even = min(span.length, _EVEN * step * step * span.n_steps) if of_strike == 0.0 else 0.0
    for number in range(1, span.n_steps + 1):
        end = _step_end(span, even, number)
        if time == 0.0:
            start_grid(cell, end, step, grid, n_nodes)
            fill_exercise(cell, of_strike, Level(end, span.paid), grid, n_nodes)
            place = _exercise(0.0, grid, n_nodes)
        else:
            fill_exercise(cell, of_strike, Level(end, span.paid), grid, n_nodes)
            stays = place if end - span.start < _FREE * step * step else 0.0
            before = place
            place = _advance(cell, end, ((end - time) / (step * step), speed, stays), grid, n_nodes)
            last = (speed, step * step)
            speed = _LEAP if stays > 0.0 else _next_speed(span, even, number, (before, place), last)
        time = end
    for j in range(n_nodes):
        grid[_VALUE, j] = grid[_EXERCISE, j] if j < place else grid[_VALUE, j]


@kernel
def _n_steps(length: float, fineness: int, most: float, square: float) -> int:
    """Return the steps of a span, `most` on the coarse grid for a span as long as the option."""
    count = fineness * (_LEAST_STEPS + math.ceil(most * length))
    return min(count, 2 + math.ceil(length / (_EVEN * square)))


@kernel
def dated_grid_value(cell: PutCell, payments: Payments, fineness: int, grid: FloatArray) -> float:
    """Return the value on one grid, `fineness` times as fine as the coarse one, in units of the strike."""
    n_payments, n_nodes = payments.time.shape[0], 2 * fineness * COARSE_NODES + 1
    of_strike, paid, start, kink = payments.of_strike, 0.0, 0.0, 1.0
    growth = cell.rate if of_strike == 1.0 else cell.dividend_yield
    most = _STEPS * max(1.0, max(abs(cell.rate), abs(cell.dividend_yield)) / (_RATIO_AT_EASE * cell.std_dev))
    step = 2.0 * REACH / (n_nodes - 1)
    for number in range(n_payments + 1):
        end = payments.time[number] if number < n_payments else 1.0
        count = _n_steps(end - start, fineness, most, step * step)
        _march(cell, of_strike, Span(start, end - start, count, paid, kink), grid, n_nodes)
        if number < n_payments:
            paid += payments.amount[number] * exp(growth * end)
        fill_exercise(cell, of_strike, Level(end, paid), grid, n_nodes)
        kink = _exercise(1.0, grid, n_nodes)
        start = end
    return float(grid[_VALUE, n_nodes // 2] * exp(-cell.rate))


@kernel
def extrapolated_value(cell: PutCell, payments: Payments, fineness: int, grid: FloatArray) -> float:
    """Return the value of an American option in units of the strike, extrapolated from two grids.

    Parameters
    ----------
    cell
        s > 0; ρ > 0 and κ = 0, or ρ = 0 and κ < 0.
    payments
        Dividends to come.
    fineness
        `USUAL` or `FINE`: nodes of the first grid over those of the coarse one; the second has twice as many.
    grid
        Scratch `(N_ROWS, MOST_NODES)`.
    """
    coarse, fine = 0.0, 0.0
    for times in range(1, 3):
        coarse, fine = fine, dated_grid_value(cell, payments, fineness * times, grid)
    return fine + (fine - coarse) / 3.0

"""American options on a grid: any number of exercise boundaries, and dividends on dates.

With U = e^{ρθ}·V and z = (ln(S/K) + b·θ)/s, b = ρ − κ − s²/2, the equation of Black and Scholes is that of
heat, U_θ = ½U_zz, whatever rate, yield and volatility are; exercise at θ is worth α(θ) − β(θ)·e^{sz}. Each
step solves the linear complementarity problem, A·U ≥ f, U ≥ g, one of them equal, exactly, by policy
iteration (C. Reisinger, J. H. Witte, SIAM Journal on Numerical Analysis 50 (2012) 595); so the exercise
region may have any number of boundaries. The steps are those of Crank–Nicolson with Crandall's fourth-order
weights in z, short near expiry and after a dividend; two grids, the finer with twice the nodes and steps, are
extrapolated.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.normal import normal_cdf

REACH = 6.5
"""Half width of the grid in standard deviations; what lies beyond matters less than 1e-10."""
COARSE_NODES, COARSE_STEPS = 240, 160
"""Nodes on each side of the spot and steps of the coarse grid."""
MOST_NODES = 16 * COARSE_NODES + 1
N_ROWS = 7
_LEAST_STEPS = 10
_MOST_POLICIES = 12
_VALUE, _SOLUTION, _RIGHT, _FACTOR, _GROWTH, _EXERCISE, _POLICY = 0, 1, 2, 3, 4, 5, 6
_TWELFTH = 1.0 / 12.0


class PutCell(NamedTuple):
    """A put on strike 1 with its time scaled to 1: ρ = r·T, κ = q·T, s = σ·√T, ln(S/K)."""

    rate: float
    dividend_yield: float
    std_dev: float
    moneyness: float


class Payments(NamedTuple):
    """Dividends to come, which the exercise value counts and the diffusing price does not.

    Attributes
    ----------
    time
        `(n_payments,)` share of the option's time from the payment to expiry, ascending, above 0 and below 1.
    amount
        `(n_payments,)` in units of the contract's strike.
    of_strike
        1 where they lower the put's strike (a put), 0 where its price (a call, seen as a put by symmetry).
    """

    time: FloatArray
    amount: FloatArray
    of_strike: float


class Segment(NamedTuple):
    """Times between two dividends: start and length, what is paid until expiry as in `Level`, steps."""

    start: float
    length: float
    paid: float
    n_steps: int


class Level(NamedTuple):
    """A time from expiry, and the dividends paid until then, each as e^{ρθ}·d or e^{κθ}·d at its own."""

    time: float
    paid: float


@kernel
def fill_exercise(cell: PutCell, of_strike: float, level: Level, grid: FloatArray, n_nodes: int) -> None:
    """Set the exercise value at each node, in units of U."""
    spread = exp(0.5 * cell.std_dev * cell.std_dev * level.time)
    strike = exp(cell.rate * level.time) - of_strike * level.paid
    price = spread * (exp(cell.dividend_yield * level.time) - (1.0 - of_strike) * level.paid)
    growth, exercise = grid[_GROWTH], grid[_EXERCISE]
    for i in range(n_nodes):
        exercise[i] = strike - price * growth[i]


@kernel
def start_grid(cell: PutCell, time: float, step: float, grid: FloatArray, n_nodes: int) -> None:
    """Set U to the European value at the first level, which has no kink, and e^{sz} at each node."""
    drift = cell.rate - cell.dividend_yield - 0.5 * cell.std_dev * cell.std_dev
    centre = (cell.moneyness + drift) / cell.std_dev
    root = math.sqrt(time)
    value, growth = grid[_VALUE], grid[_GROWTH]
    spread = exp(0.5 * cell.std_dev * cell.std_dev * time)
    for i in range(n_nodes):
        z = centre + step * (i - n_nodes // 2)
        growth[i] = exp(cell.std_dev * z)
        minus = z / root
        value[i] = normal_cdf(-minus) - spread * growth[i] * normal_cdf(-minus - cell.std_dev * root)


@kernel
def _take_larger(grid: FloatArray, n_nodes: int) -> None:
    value, exercise = grid[_VALUE], grid[_EXERCISE]
    for i in range(n_nodes):
        value[i] = exercise[i] if value[i] < exercise[i] else value[i]  # noqa: FURB136 - NaN must pass


@kernel
def _solve(off: float, grid: FloatArray, n_nodes: int) -> None:
    """Solve the tridiagonal system in which nodes of policy 1 have their exercise value (Thomas)."""
    policy = grid[_POLICY]
    solution, right, factor, exercise = grid[_SOLUTION], grid[_RIGHT], grid[_FACTOR], grid[_EXERCISE]
    diagonal = 1.0 - 2.0 * off
    last_factor, last = 0.0, right[0]
    solution[0] = last
    for i in range(1, n_nodes - 1):
        inverse = 1.0 / (diagonal - off * last_factor)
        is_free = policy[i] == 0.0
        last = (right[i] - off * last) * inverse if is_free else exercise[i]
        last_factor = off * inverse if is_free else 0.0
        factor[i], solution[i] = last_factor, last
    last = right[n_nodes - 1]
    solution[n_nodes - 1] = last
    for k in range(1, n_nodes - 1):
        i = n_nodes - 1 - k
        last = solution[i] - factor[i] * last
        solution[i] = last


@kernel
def _improve_policy(off: float, grid: FloatArray, n_nodes: int) -> int:
    """Exercise where the solution is below the exercise value, hold where holding gains; count changes."""
    policy = grid[_POLICY]
    solution, right, exercise = grid[_SOLUTION], grid[_RIGHT], grid[_EXERCISE]
    diagonal, changes = 1.0 - 2.0 * off, 0
    for i in range(1, n_nodes - 1):
        excess = fma(off, solution[i - 1] + solution[i + 1], diagonal * solution[i] - right[i])
        choice = 1.0 if solution[i] < exercise[i] else 0.0
        if policy[i] == 1.0:
            choice = 0.0 if excess < 0.0 else 1.0
        changes += 1 if choice != policy[i] else 0
        policy[i] = choice
    return changes


@kernel
def _advance(share: float, edge: float, grid: FloatArray, n_nodes: int) -> None:
    """Take one step of U; `share` is dt/h², `edge` the value of holding at the lowest node."""
    off, other = _TWELFTH - 0.25 * share, _TWELFTH + 0.25 * share
    value, right, exercise = grid[_VALUE], grid[_RIGHT], grid[_EXERCISE]
    top = n_nodes - 1
    for i in range(1, top):
        right[i] = fma(other, value[i - 1] + value[i + 1], (1.0 - 2.0 * other) * value[i])
    right[0] = max(exercise[0], edge)
    right[top] = max(exercise[top], 0.0)
    for _ in range(_MOST_POLICIES):
        _solve(off, grid, n_nodes)
        if _improve_policy(off, grid, n_nodes) == 0:
            break
    solution = grid[_SOLUTION]
    for i in range(n_nodes):
        value[i] = solution[i]


@kernel
def _step_end(start: float, length: float, share: float) -> float:
    """Return the time after a share of a segment's steps: short ones first, where the value bends most."""
    return fma(length, share * math.sqrt(share), start)


@kernel
def _segment(cell: PutCell, of_strike: float, levels: Segment, grid: FloatArray, n_nodes: int) -> None:
    """Take the steps between two dividends, or expiry and the first."""
    step = 2.0 * REACH / (n_nodes - 1)
    time, spread = levels.start, 0.5 * cell.std_dev * cell.std_dev
    for number in range(1, levels.n_steps + 1):
        end = _step_end(levels.start, levels.length, number / levels.n_steps)
        if time == 0.0:
            start_grid(cell, end, step, grid, n_nodes)
            fill_exercise(cell, of_strike, Level(end, levels.paid), grid, n_nodes)
            _take_larger(grid, n_nodes)
        else:
            fill_exercise(cell, of_strike, Level(end, levels.paid), grid, n_nodes)
            edge = 1.0 - grid[_GROWTH, 0] * exp(spread * end)
            _advance((end - time) / (step * step), edge, grid, n_nodes)
        time = end


@kernel
def _grid_value(cell: PutCell, payments: Payments, fineness: int, grid: FloatArray) -> float:
    """Return the value on one grid, `fineness` times as fine as the coarse one, in units of the strike."""
    n_payments, n_nodes = payments.time.shape[0], 2 * fineness * COARSE_NODES + 1
    of_strike, paid, start = payments.of_strike, 0.0, 0.0
    growth = cell.rate if of_strike == 1.0 else cell.dividend_yield
    policy = grid[_POLICY]
    for i in range(n_nodes):
        policy[i] = 0.0
    for number in range(n_payments + 1):
        end = payments.time[number] if number < n_payments else 1.0
        steps = fineness * max(_LEAST_STEPS, math.ceil(COARSE_STEPS * (end - start)))
        _segment(cell, of_strike, Segment(start, end - start, paid, steps), grid, n_nodes)
        if number < n_payments:
            paid += payments.amount[number] * exp(growth * end)
        fill_exercise(cell, of_strike, Level(end, paid), grid, n_nodes)
        _take_larger(grid, n_nodes)
        start = end
    return float(grid[_VALUE, n_nodes // 2] * exp(-cell.rate))


@kernel
def grid_value(cell: PutCell, payments: Payments, grid: FloatArray) -> float:
    """Return the value of an American option in units of the strike, extrapolated from two grids.

    Parameters
    ----------
    cell
        s > 0; any ρ and κ.
    payments
        Dividends to come; empty where there are none.
    grid
        Scratch `(N_ROWS, MOST_NODES)`.
    """
    coarse, fine = 0.0, 0.0
    for fineness in range(1, 3):
        coarse, fine = fine, _grid_value(cell, payments, fineness, grid)
    return fine + (fine - coarse) / 3.0

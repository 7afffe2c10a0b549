"""Bonds with rights of redemption on a trinomial lattice of the short rate, fitted to every column's curve.

r = x + φ(t) with dx = −a·x·dt + σ·dW: J. Hull and A. White, Numerical Procedures for Implementing Term
Structure Models I, Journal of Derivatives 2(1) (1994) 7, with the branches of D. Brigo and F. Mercurio,
Interest Rate Models, 2nd ed., appendix F: the node nearest to the expected x and its neighbours, at
probabilities that give mean and variance, nodes of a date v·√3 apart, v the standard deviation of the step
to it. In units of σ neither branches nor probabilities depend on the market.

Fitting takes no root: a lattice with φ = 0 prices one unit of money at t_i at Z_i(σ), which no curve moves,
so φ makes of D(t_i) ÷ Z_i what state prices lack. Values are therefore kept as U = V·D(t_i) ÷ Z_i, which goes
back through φ = 0, and only payments and exercise prices see the curve.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.dated_flows import DiscountColumns, spread_discount
from stresstest.kernels.derived import is_constant
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.exponential import exp

LANES = 128
"""Columns that go through a lattice together: three rows of nodes of a hundred steps stay in the cache."""
ROOT_3 = 1.7320508075688772


class TimeColumns(NamedTuple):
    """Dates of all lattices, valuation date first, lattice after lattice; each array `(n_times,)`.

    Attributes
    ----------
    amount
        Payment of one unit of face on the date.
    step_years, decay
        Time to the next date and e^{−a·Δt}; 0 on the last.
    spacing, std_dev
        Distance of neighbouring nodes, and the standard deviation of the step to the next date, of x ÷ σ.
    reach
        Nodes on each side of the middle.
    discount
        From the valuation date to each.
    exercise_offsets
        Date k has the exercises `exercise_offsets[k]` to `exercise_offsets[k + 1]` `(n_times + 1,)`.
    """

    amount: FloatArray
    step_years: FloatArray
    decay: FloatArray
    spacing: FloatArray
    std_dev: FloatArray
    reach: IntArray
    discount: DiscountColumns
    exercise_offsets: IntArray


class ClaimColumns(NamedTuple):
    """What an exercise leaves its holder with, payment after payment; each array `(n_claims,)`.

    Attributes
    ----------
    amount
        Money for one unit of face.
    stretch
        B(τ) = (1 − e^{−a·τ}) ÷ a of the notice τ from exercise to payment; 0 where it is paid at once.
    convexity
        ½·B(τ)·(B(t)² + B(τ)·Var(x_t) ÷ σ²), t the time of exercise: Brigo and Mercurio, equation 3.39.
    discount
        From the valuation date to the payment.
    """

    amount: FloatArray
    stretch: FloatArray
    convexity: FloatArray
    discount: DiscountColumns


class ExerciseColumns(NamedTuple):
    """Rights of redemption: 1 the issuer's to call, −1 the holder's to put, and the claims of each."""

    sign: FloatArray
    claim_offsets: IntArray


class LatticeColumns(NamedTuple):
    """Lattices of all instruments; instrument i has the dates `offsets[i]` to `offsets[i + 1]`."""

    offsets: IntArray
    times: TimeColumns
    exercises: ExerciseColumns
    claims: ClaimColumns


class Branch(NamedTuple):
    """Nodes that a node leads to, as rows of the next date, and their probabilities, lowest first."""

    rows: tuple[int, int, int]
    weights: tuple[float, float, float]


class RateRows(NamedTuple):
    """What a lattice reads: all factors, and by column the credit spread and the vol of the short rate."""

    factors: FloatArray
    spread: FloatArray
    vol: FloatArray


class Lanes(NamedTuple):
    """A block of neighbouring columns: all factors, the first column, spread and vol of the block."""

    factors: FloatArray
    start: int
    spread: FloatArray
    vol: FloatArray


class LatticeScratch(NamedTuple):
    """Overwritten: nodes of two dates and exercise values `(n_nodes, LANES)`, and rows by column.

    `unit` holds 1 ÷ Z_k of every date `(n_times, LANES)`.
    """

    value: FloatArray
    later: FloatArray
    strike: FloatArray
    unit: FloatArray
    power: FloatArray
    ratio: FloatArray
    flow: FloatArray


@kernel
def make_lattice_scratch(columns: LatticeColumns) -> LatticeScratch:
    """Return scratch that fits every lattice, allocated once a call."""
    n_nodes, n_times = 1, 1
    for k in range(columns.times.reach.shape[0]):
        n_nodes = max(n_nodes, 2 * columns.times.reach[k] + 1)
    for i in range(columns.offsets.shape[0] - 1):
        n_times = max(n_times, columns.offsets[i + 1] - columns.offsets[i])
    nodes, unit, rows = np.empty((3, n_nodes, LANES)), np.empty((n_times, LANES)), np.empty((3, LANES))
    return LatticeScratch(nodes[0], nodes[1], nodes[2], unit, rows[0], rows[1], rows[2])


@kernel
def node_discount(vol: float, spacing: float, step_years: float, nodes: float) -> float:
    """Return e^{−x·Δt} at a number of nodes above the middle, x = σ·spacing·nodes."""
    return exp(-vol * spacing * step_years * nodes)


@kernel
def branch(times: TimeColumns, k: int, node: int) -> Branch:
    """Return where `node`, counted from the middle, goes from date k; the last node in reach stands."""
    std_dev, spacing, reach = times.std_dev[k], times.spacing[k + 1], times.reach[k + 1]
    mean = node * times.spacing[k] * times.decay[k]
    middle = math.floor(mean / spacing + 0.5)
    excess = (mean - middle * spacing) / std_dev
    square, tilt = excess * excess, ROOT_3 * excess
    weights = ((1.0 + square - tilt) / 6.0, (2.0 - square) / 3.0, (1.0 + square + tilt) / 6.0)
    row = middle + reach
    rows = (_within(row - 1, 2 * reach), _within(row, 2 * reach), _within(row + 1, 2 * reach))
    return Branch(rows, weights)


@kernel
def _within(row: int, top: int) -> int:
    return max(0, min(row, top))


@kernel
def _start_powers(times: TimeColumns, k: int, vol: FloatArray, scratch: LatticeScratch) -> None:
    """Set the discount of the lowest node and the ratio between neighbours, by column."""
    spacing, years, reach = times.spacing[k], times.step_years[k], times.reach[k]
    power, ratio = scratch.power, scratch.ratio
    for j in range(vol.shape[0]):
        power[j] = node_discount(vol[j], spacing, years, -reach)
        ratio[j] = node_discount(vol[j], spacing, years, 1.0)


@kernel
def _scatter(weight: float, flow: FloatArray, target: FloatArray) -> None:
    for j in range(flow.shape[0]):
        target[j] = fma(weight, flow[j], target[j])


@kernel
def _forward(times: TimeColumns, k: int, vol: FloatArray, scratch: LatticeScratch) -> None:
    """Take state prices of φ = 0 from date k, in `value`, to the next, in `later`; sum them in `flow`."""
    width = vol.shape[0]
    _start_powers(times, k, vol, scratch)
    for row in range(2 * times.reach[k + 1] + 1):
        scratch.later[row, :] = 0.0
    scratch.flow[:] = 0.0
    power, ratio, total = scratch.power[:width], scratch.ratio[:width], scratch.flow[:width]
    moved = scratch.strike[0][:width]
    for row in range(2 * times.reach[k] + 1):
        step, price = branch(times, k, row - times.reach[k]), scratch.value[row]
        for j in range(width):
            moved[j] = price[j] * power[j]
            power[j] = power[j] * ratio[j]
            total[j] = total[j] + moved[j]
        for way in range(3):
            _scatter(step.weights[way], moved, scratch.later[step.rows[way]])


@kernel
def _copy(source: FloatArray, target: FloatArray, n_rows: int) -> None:
    for row in range(n_rows):
        target[row, :] = source[row, :]


@kernel
def _fill_units(times: TimeColumns, span: tuple[int, int], vol: FloatArray, scratch: LatticeScratch) -> None:
    """Write 1 ÷ Z_k of the dates of a lattice; of one column, where one vol holds for all of them."""
    first, last = span
    scratch.value[0, :] = 1.0
    scratch.unit[0, :] = 1.0
    for k in range(first, last - 1):
        price = scratch.flow
        unit = scratch.unit[k - first + 1]
        _forward(times, k, vol, scratch)
        for j in range(vol.shape[0]):
            unit[j] = 1.0 / price[j] if price[j] != 0.0 else np.nan
        _copy(scratch.later, scratch.value, 2 * times.reach[k + 1] + 1)


@kernel
def fill_discount(columns: DiscountColumns, k: int, lanes: Lanes, target: FloatArray) -> None:
    """Write the discount factor of payment k under rates and spread, by column."""
    lower, upper = lanes.factors[columns.lower_row[k]][lanes.start :], lanes.factors[columns.upper_row[k]]
    upper = upper[lanes.start :]
    lower_weight, upper_weight = columns.lower_weight_years[k], columns.upper_weight_years[k]
    years, spread = columns.spread_years[k], lanes.spread
    for j in range(spread.shape[0]):
        log_factor = log_discount(lower[j], upper[j], lower_weight, upper_weight)
        target[j] = spread_discount(log_factor, spread[j], years)


@kernel
def _step_back(times: TimeColumns, k: int, vol: FloatArray, scratch: LatticeScratch) -> None:
    """Take U from the date after k, in `later`, to date k, in `value`."""
    width = vol.shape[0]
    _start_powers(times, k, vol, scratch)
    power, ratio = scratch.power[:width], scratch.ratio[:width]
    for row in range(2 * times.reach[k] + 1):
        step = branch(times, k, row - times.reach[k])
        low, middle, high = step.weights
        below, same = scratch.later[step.rows[0]], scratch.later[step.rows[1]]
        above = scratch.later[step.rows[2]]
        value = scratch.value[row]
        for j in range(width):
            value[j] = power[j] * fma(low, below[j], fma(middle, same[j], high * above[j]))
            power[j] = power[j] * ratio[j]


@kernel
def _add_claim(columns: LatticeColumns, claim: int, k: int, lanes: Lanes, scratch: LatticeScratch) -> None:
    """Add to `strike` what a claim, in units of U, is worth at each node of date k."""
    claims, times = columns.claims, columns.times
    reach, spacing, stretch = times.reach[k], times.spacing[k], claims.stretch[claim]
    amount, convexity = claims.amount[claim], claims.convexity[claim]
    flow, power, ratio, vol = scratch.flow, scratch.power, scratch.ratio, lanes.vol
    for j in range(vol.shape[0]):
        own = flow[j] * amount * exp(-vol[j] * vol[j] * convexity)
        power[j] = own * node_discount(vol[j], spacing, stretch, -reach)
        ratio[j] = node_discount(vol[j], spacing, stretch, 1.0)
    for row in range(2 * reach + 1):
        strike = scratch.strike[row]
        for j in range(vol.shape[0]):
            strike[j] = strike[j] + power[j]
            power[j] = power[j] * ratio[j]


@kernel
def redeemed(sign: float, value: float, strike: float) -> float:
    """Return what is left of a value that the issuer (1) or the holder (−1) may replace by `strike`.

    Where either is not a number, neither is the result.
    """
    gain = sign * (value - strike)
    kept = value if gain <= 0.0 else gain
    return strike if gain > 0.0 else kept


@kernel
def _fill_scaled_discount(
    discount: DiscountColumns, payment: int, unit: FloatArray, lanes: Lanes, target: FloatArray
) -> None:
    """Write D ÷ Z_k of a payment, by column."""
    fill_discount(discount, payment, lanes, target)
    for j in range(lanes.vol.shape[0]):
        target[j] = target[j] * unit[j]


@kernel
def _exercise(columns: LatticeColumns, at: tuple[int, int], lanes: Lanes, scratch: LatticeScratch) -> None:
    """Let the rights of a date be exercised where it pays; `at` is the date and its row of `unit`."""
    k, row_of_unit = at
    times, exercises, width = columns.times, columns.exercises, lanes.vol.shape[0]
    n_rows, unit = 2 * times.reach[k] + 1, scratch.unit[row_of_unit]
    for right in range(times.exercise_offsets[k], times.exercise_offsets[k + 1]):
        for row in range(n_rows):
            scratch.strike[row, :] = 0.0
        for claim in range(exercises.claim_offsets[right], exercises.claim_offsets[right + 1]):
            _fill_scaled_discount(columns.claims.discount, claim, unit, lanes, scratch.flow)
            _add_claim(columns, claim, k, lanes, scratch)
        sign = exercises.sign[right]
        for row in range(n_rows):
            value, strike = scratch.value[row], scratch.strike[row]
            for j in range(width):
                value[j] = redeemed(sign, value[j], strike[j])


@kernel
def _pay(columns: LatticeColumns, at: tuple[int, int], lanes: Lanes, scratch: LatticeScratch) -> None:
    """Add the payment of a date, in units of U, at each of its nodes."""
    k, row_of_unit = at
    times, flow = columns.times, scratch.flow
    _fill_scaled_discount(times.discount, k, scratch.unit[row_of_unit], lanes, flow)
    amount = times.amount[k]
    for row in range(2 * times.reach[k] + 1):
        value = scratch.value[row]
        for j in range(lanes.vol.shape[0]):
            value[j] = fma(amount, flow[j], value[j])


@kernel
def _roll_back(columns: LatticeColumns, i: int, lanes: Lanes, scratch: LatticeScratch) -> None:
    """Leave the value of instrument i in the one node of the valuation date."""
    first, last = columns.offsets[i], columns.offsets[i + 1]
    for row in range(2 * columns.times.reach[last - 1] + 1):
        scratch.value[row, :] = 0.0
    for back in range(last - first):
        k = last - 1 - back
        if back > 0:
            _copy(scratch.value, scratch.later, 2 * columns.times.reach[k + 1] + 1)
            _step_back(columns.times, k, lanes.vol, scratch)
        _exercise(columns, (k, k - first), lanes, scratch)
        if columns.times.amount[k] != 0.0:
            _pay(columns, (k, k - first), lanes, scratch)


@kernel
def fill_lattice_values(
    columns: LatticeColumns, i: int, rows: RateRows, scratch: LatticeScratch, value: FloatArray
) -> None:
    """Write the value of one unit of face of instrument i, by column.

    Payments and exercise prices are discounted at zero rate and spread; on one date rights come before the
    payment, which their holder keeps, and calls before puts as they are listed.
    """
    span = (columns.offsets[i], columns.offsets[i + 1])
    one_vol = is_constant(rows.vol)
    for start in range(0, value.shape[0], LANES):
        end = min(start + LANES, value.shape[0])
        lanes = Lanes(rows.factors, start, rows.spread[start:end], rows.vol[start:end])
        if one_vol and start == 0:
            _fill_units(columns.times, span, lanes.vol[:1], scratch)
            for k in range(span[1] - span[0]):
                scratch.unit[k, :] = scratch.unit[k, 0]
        if not one_vol:
            _fill_units(columns.times, span, lanes.vol, scratch)
        _roll_back(columns, i, lanes, scratch)
        root = scratch.value[0]
        for j in range(end - start):
            value[start + j] = root[j]

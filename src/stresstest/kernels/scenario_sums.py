"""Sums over instruments and over scenarios of a P&L matrix, in a fixed order with fma."""

from __future__ import annotations

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel

BLOCK = 1_024
"""Scenarios summed at a time: their totals, 8 KiB, stay in the nearest cache over all instruments."""


@kernel
def _add_scaled(quantity: float, unit: FloatArray, total: FloatArray) -> None:
    for scenario in range(total.shape[0]):
        total[scenario] = fma(quantity, unit[scenario], total[scenario])


@kernel
def add_quantities(quantity: FloatArray, unit_pnl: FloatArray, total: FloatArray) -> None:
    """Add quantity · unit P&L to `total`, instrument after instrument; a quantity of 0 is passed over.

    Parameters
    ----------
    quantity
        `(n_instruments,)` units.
    unit_pnl
        `(n_instruments, n_scenarios)` P&L of one unit, finite.
    total
        `(n_scenarios,)`, written.
    """
    n_scenarios = total.shape[0]
    for first in range(0, n_scenarios, BLOCK):
        last = min(first + BLOCK, n_scenarios)
        for row in range(quantity.shape[0]):
            if quantity[row] != 0.0:
                _add_scaled(quantity[row], unit_pnl[row, first:last], total[first:last])


@kernel
def _weighted_sum(scenario: IntArray, weight: FloatArray, unit: FloatArray) -> float:
    """Return Σ weight · unit[scenario] as four interleaved sums: one alone would wait for each addition."""
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    whole = scenario.shape[0] // 4 * 4
    for place in range(0, whole, 4):
        first = fma(weight[place], unit[scenario[place]], first)
        second = fma(weight[place + 1], unit[scenario[place + 1]], second)
        third = fma(weight[place + 2], unit[scenario[place + 2]], third)
        fourth = fma(weight[place + 3], unit[scenario[place + 3]], fourth)
    for place in range(whole, scenario.shape[0]):
        first = fma(weight[place], unit[scenario[place]], first)
    return (first + second) + (third + fourth)


@kernel
def fill_weighted_sums(scenario: IntArray, weight: FloatArray, unit_pnl: FloatArray, out: FloatArray) -> None:
    """Fill `out` `(n_instruments,)` with the sum of weight · unit P&L over the scenarios that are named.

    Parameters
    ----------
    scenario, weight
        `(n_named,)` columns of `unit_pnl` and the weight of each.
    unit_pnl
        `(n_instruments, n_scenarios)`.
    """
    for row in range(out.shape[0]):
        out[row] = _weighted_sum(scenario, weight, unit_pnl[row])

"""A first answer to a tail program: the linear program of the scenarios in doubt, in few rounds.

Its dual is solved, with a row a variable and a column a scenario: 2 to 10 times faster than the primal one,
which has a row a scenario. The answer is near the optimum or at it, and proven by nothing: `cuts` does that.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm
from stresstest.hedging.tails.scaling import Scaling
from stresstest.hedging.tails.simplex import Columns, solve_columns
from stresstest.hedging.tails.split import Split
from stresstest.market.matrices import product

_MOST_ROUNDS = 8


class Start(NamedTuple):
    """Variables `(n_variables,)`, near their limits, and for each term tail shares `(n_scenarios,)`."""

    variables: FloatArray
    shares: tuple[FloatArray, ...]


def near_optimum(program: TailProgram, units: Scaling, point: FloatArray) -> Start | None:
    """Return a point near the optimum, looked for from `point` `(n_variables,)`; None where none was found.

    In each round the scenarios are split by the losses of the round before, until none is in a wrong place.
    """
    dual = _Dual(program, units)
    losses = _losses(program, point)
    splits = [Split.guess(term, loss) for term, loss in zip(program.terms, losses, strict=True)]
    start = None
    for _ in range(_MOST_ROUNDS):
        found = dual.solve(splits)
        if found is None:
            return start
        start = found
        losses = _losses(program, start.variables)
        placed = list(zip(splits, program.terms, losses, strict=True))
        if not any(split.misplaced(term, loss).any() for split, term, loss in placed):
            return start
        splits = [split.moved(term, loss) for split, term, loss in placed]
    return start


def _losses(program: TailProgram, variables: FloatArray) -> list[FloatArray]:
    quantities = program.quantities(variables)
    return [term.losses(quantities) for term in program.terms]


class _Dual:
    """The dual of a program over splits of its scenarios, in scaled numbers.

    Its unknowns are the tail's shares of the doubtful scenarios, up to their caps, and the prices of the ends
    of limits. Its rows say that no variable pays, one each, and that the shares of a term add to 1, one each.
    """

    def __init__(self, program: TailProgram, units: Scaling) -> None:
        self._program, self._units = program, units
        self._ends = _priced_ends(program.limits, units, len(program.terms))
        self._cost = program.cost * units.variable / units.objective

    def solve(self, splits: list[Split]) -> Start | None:
        """Return the answer for `splits`, one a term; None where the solver has none."""
        program, limits = self._program, self._program.limits
        parts = [self._shares(number, split) for number, split in enumerate(splits)]
        sure = [self._sure(number, split) for number, split in enumerate(splits)]
        ends = -np.sum(sure, axis=0)
        ends[: limits.n_variables] -= self._cost
        ends[limits.n_variables :] += 1.0
        found = solve_columns(Columns.joined([*parts, self._ends]), ends)
        if found is None:
            return None
        values, prices = found
        variables = -prices[: limits.n_variables] * self._units.variable
        places = np.split(values, np.cumsum([len(part.gain) for part in parts]))
        shares = [
            _filled(term, split, place)
            for term, split, place in zip(program.terms, splits, places, strict=False)
        ]
        return Start(frozen(np.clip(variables, limits.lower, limits.upper)), tuple(shares))

    def _shares(self, number: int, split: Split) -> Columns:
        """Return the columns of the doubtful scenarios of a term."""
        term, rows = self._program.terms[number], np.flatnonzero(split.doubtful)
        matrix = self._lines(number, np.take(term.unit_pnl, rows, axis=1).T)
        gain = -term.base_pnl[rows] * self._factor(number)
        return Columns(gain, np.zeros(len(rows)), term.weight_caps[rows], matrix)

    def _sure(self, number: int, split: Split) -> FloatArray:
        """Return the sum `(n_rows,)` of the columns inside, each at its cap."""
        term, rows = self._program.terms[number], np.flatnonzero(split.inside)
        caps = term.weight_caps[rows]
        pnl = (np.take(term.unit_pnl, rows, axis=1) * caps).sum(axis=1)
        line: FloatArray = self._lines(number, pnl[np.newaxis])[0]
        line[self._program.limits.n_variables + number] = caps.sum()
        return line

    def _lines(self, number: int, pnl: FloatArray) -> FloatArray:
        """Return the columns `(n, n_rows)` of unit P&L `(n, n_quantities)`: slopes of the loss, then a 1."""
        program, n_variables = self._program, self._program.limits.n_variables
        by_variable = pnl if program.exposure is None else product(pnl, program.exposure)
        lines = np.zeros((len(pnl), n_variables + len(program.terms)))
        lines[:, :n_variables] = -by_variable * (self._units.variable * self._factor(number))
        lines[:, n_variables + number] = 1.0
        return lines

    def _factor(self, number: int) -> float:
        return float(self._program.weights[number] / self._units.objective)


def _priced_ends(limits: LinearLimits, units: Scaling, n_terms: int) -> Columns:
    """Return the columns of the prices of every finite end; an equation's price has either sign."""
    rows = limits.matrix * units.variable / units.row[:, np.newaxis]
    matrix = np.vstack([rows, np.eye(limits.n_variables)])
    low = np.concatenate([limits.row_lower / units.row, limits.lower / units.variable])
    high = np.concatenate([limits.row_upper / units.row, limits.upper / units.variable])
    is_equation = low == high
    has_low, has_high = np.isfinite(low), np.isfinite(high) & ~is_equation
    gain = np.concatenate([low[has_low], -high[has_high]])
    lower = np.zeros(len(gain))
    lower[: int(has_low.sum())][is_equation[has_low]] = -np.inf
    lines = np.vstack([-matrix[has_low], matrix[has_high]])
    lines = np.hstack([lines, np.zeros((len(gain), n_terms))])
    return Columns(gain, lower, np.full(len(gain), np.inf), lines)


def _filled(term: TailTerm, split: Split, values: FloatArray) -> FloatArray:
    """Return the shares of all scenarios from those of the doubtful."""
    share = np.where(split.inside, term.weight_caps, 0.0)
    share[split.doubtful] = np.clip(values, 0.0, term.weight_caps[split.doubtful])
    return frozen(share / share.sum())

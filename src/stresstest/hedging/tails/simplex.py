"""Linear programs given to HiGHS: the master of the cuts, kept warm, and the dual of a tail partition.

The only module that imports the solver itself. One thread, so that the same program has the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import highspy
import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.tails.program import TailProgram
from stresstest.hedging.tails.rows import TailCut
from stresstest.hedging.tails.scaling import Scaling

FEASIBILITY = 1e-9
"""Largest breach of a row or a dual sign that the solver may leave, in scaled numbers."""

_COSTS = 64.0
"""Size of the scaled costs: the tolerance of reduced costs is absolute."""
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "presolve": "off",
    "parallel": "off",
    "solver": "simplex",
    "primal_feasibility_tolerance": FEASIBILITY,
    "dual_feasibility_tolerance": 1e-10,
    "small_matrix_value": 1e-12,
}

Found = highspy.HighsModelStatus


def _solver() -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    return solver


class Columns(NamedTuple):
    """Columns of a linear program, one a line.

    Attributes
    ----------
    gain, lower, upper
        `(n_columns,)` gain of one unit of each, and its bounds.
    matrix
        `(n_columns, n_rows)`.
    """

    gain: FloatArray
    lower: FloatArray
    upper: FloatArray
    matrix: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """Return the columns of `parts`, one after the other."""
        return cls(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def solve_columns(columns: Columns, ends: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return the amounts of most gain whose columns add to `ends`, and what one more of each end is worth.

    Returns
    -------
    tuple of array or None
        `(n_columns,)` and `(n_rows,)`; None where there is no optimum.
    """
    model: Any = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns.matrix.shape
    model.col_cost_ = -_COSTS * columns.gain
    model.col_lower_, model.col_upper_ = columns.lower, columns.upper
    model.row_lower_ = model.row_upper_ = ends
    numbers, rows = np.nonzero(columns.matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(numbers, np.arange(len(columns.gain) + 1)).astype(np.int32)
    model.a_matrix_.index_ = rows.astype(np.int32)
    model.a_matrix_.value_ = columns.matrix[numbers, rows]
    solver = _solver()
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != Found.kOptimal:
        return None
    solution = solver.getSolution()
    return frozen(solution.col_value), frozen(np.array(solution.row_dual) / -_COSTS)


class Master:
    """The linear program of the cuts, in scaled variables; kept warm."""

    def __init__(self, program: TailProgram, units: Scaling) -> None:
        self._program, self.units = program, units
        self._size, self._n_terms = program.limits.n_variables, len(program.terms)
        self._every = np.arange(self._size, dtype=np.int32)
        self._solver = solver = _solver()
        limits, open_ends = program.limits, np.full(self._n_terms, np.inf)
        lower = np.concatenate([limits.lower / units.variable, -open_ends])
        upper = np.concatenate([limits.upper / units.variable, open_ends])
        solver.addVars(len(lower), lower, upper)
        matrix = limits.matrix * units.variable / units.row[:, np.newaxis]
        for row, low, high in zip(
            matrix, limits.row_lower / units.row, limits.row_upper / units.row, strict=True
        ):
            used = np.flatnonzero(row).astype(np.int32)
            solver.addRow(low, high, len(used), used, row[used])

    def price(self) -> None:
        """Set the objective; until then any allowed point is as good."""
        program, units = self._program, self.units
        tails = np.array(program.weights) * units.loss
        cost = np.concatenate([program.cost * units.variable, tails]) * (_COSTS / units.objective)
        for column, value in enumerate(cost.tolist()):
            self._solver.changeColCost(column, value)

    def add(self, number: int, cut: TailCut) -> None:
        """Add a cut of term `number`."""
        size = float(self.units.loss[number])
        slope = self._program.by_variable(cut.slope) * self.units.variable / size
        places = np.append(self._every, np.int32(self._size + number))
        values = np.append(-slope, 1.0)
        self._solver.addRow(cut.intercept / size, np.inf, len(places), places, values)

    def solve(self) -> Found:
        """Solve from the basis before; return how it ended."""
        self._solver.run()
        status: Found = self._solver.getModelStatus()
        return status

    def point(self) -> tuple[FloatArray, float]:
        """Return the variables of the last solution, within their bounds, and its value."""
        limits = self._program.limits
        scaled = np.array(self._solver.getSolution().col_value)[: self._size]
        value = float(self._solver.getInfo().objective_function_value) * self.units.objective / _COSTS
        return frozen(np.clip(scaled * self.units.variable, limits.lower, limits.upper)), value

    def prices(self) -> tuple[FloatArray, FloatArray]:
        """Return the multipliers of the limits' rows, unscaled, and of the cuts, in the order added."""
        dual = np.array(self._solver.getSolution().row_dual)
        n_rows = len(self.units.row)
        return dual[:n_rows] * (self.units.objective / _COSTS) / self.units.row, dual[n_rows:]

    def infeasible_ray(self) -> FloatArray:
        """Return multipliers of the limits' rows that contradict one another; empty where none are known."""
        _, known, ray = self._solver.getDualRay()
        n_rows = len(self.units.row)
        return frozen(np.array(ray)[:n_rows] / self.units.row) if known else frozen([])

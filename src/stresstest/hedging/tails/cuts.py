"""Expected shortfall minimised by cutting planes: queries between the master's and the best point.

The master is a linear program over the variables and one number a term that lies above all of the term's
cuts. It has as many rows as cuts, not as many as scenarios, and each cut restarts the dual simplex method
from the basis before. Queries half way between the master's point and the best one known, and at the
master's point where that did not cut it off (W. Ben-Ameur, J. Neto, Networks 49 (2007) 3), need a small
part of the cuts of Kelley's method, which stalls at a gap of about 1e-7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.tails.certificate import (
    Certificate,
    Multipliers,
    certify,
    limit_breach,
    loss_size,
    proves_infeasible,
)
from stresstest.hedging.tails.directions import directions, is_improving_ray
from stresstest.hedging.tails.program import Status, TailProgram
from stresstest.hedging.tails.rows import TailCut, TailRows
from stresstest.hedging.tails.scaling import Scaling, scaling

FEASIBILITY = 1e-9
"""Largest breach of a row or a dual sign that the solver may leave, in scaled numbers."""

_SMALLEST_COEFFICIENT = 1e-12
_COSTS = 64.0
"""Size of the scaled costs: the tolerance of reduced costs is absolute."""

_BETWEEN = 0.5
_NOT_CUT = 1e-12
_CLOSED = 0.5
"""Share of the gap at which cutting ends: the solver's bound may lie a little above the proven one."""
_MOST_CUTS_A_RAY = 2_000
_Found = highspy.HighsModelStatus


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When to stop: at a relative `gap`, or after so many cuts."""

    gap: float = 1e-8
    most_cuts: int = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class TailAnswer:
    """What the search found.

    Attributes
    ----------
    status
        `OPTIMAL` only with a certificate that proves it within the gap asked for.
    variables, quantities
        `(n_variables,)` and `(n_quantities,)`; empty where there is no answer.
    certificate, multipliers
        The proof and what it rests on, or None.
    ray
        `(n_variables,)` direction in which the objective falls for ever, or `(n_rows,)` multipliers of the
        limits that contradict one another; else empty.
    n_cuts
        Cuts made.
    """

    status: Status
    variables: FloatArray
    quantities: FloatArray
    certificate: Certificate | None
    multipliers: Multipliers | None
    ray: FloatArray
    n_cuts: int


def minimise_shortfall(program: TailProgram, limits: SearchLimits | None = None) -> TailAnswer:
    """Return the variables of least cost plus weighted shortfalls, with proof.

    Where no trade at all is allowed and within the gap of the best, the answer is zeros. Deterministic: one
    thread, sums in fixed order.

    Examples
    --------
    >>> from stresstest.hedging.tails.program import LinearLimits, TailTerm
    >>> pnl = np.array([[-2.0, 1.0, 1.0, 1.0], [1.0, -2.0, 1.0, 1.0]])
    >>> budget = LinearLimits.of(np.zeros(2), np.ones(2), [(np.ones(2), 1.0, 1.0)])
    >>> answer = minimise_shortfall(TailProgram((TailTerm(np.zeros(4), pnl, 0.75),), budget, np.zeros(2)))
    >>> answer.status.value, answer.quantities.round(9).tolist()
    ('optimal', [0.5, 0.5])
    """
    return _Search(program, limits or SearchLimits()).answer()


_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "presolve": "off",
    "parallel": "off",
    "solver": "simplex",
    "primal_feasibility_tolerance": FEASIBILITY,
    "dual_feasibility_tolerance": 1e-10,
    "small_matrix_value": _SMALLEST_COEFFICIENT,
}


class _Master:
    """The linear program of the cuts, in scaled variables; kept warm."""

    def __init__(self, program: TailProgram, units: Scaling) -> None:
        self._program, self.units = program, units
        self._size, self._n_terms = program.limits.n_variables, len(program.terms)
        self._every = np.arange(self._size, dtype=np.int32)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver = self._solver
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
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

    def solve(self) -> highspy.HighsModelStatus:
        self._solver.run()
        status: highspy.HighsModelStatus = self._solver.getModelStatus()
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


class _Search:
    """A search for the best point: the master below, the best point above, cuts in between."""

    def __init__(self, program: TailProgram, limits: SearchLimits) -> None:
        self._program, self._limits = program, limits
        self._master = _Master(program, scaling(program))
        self._tails = [TailRows(term) for term in program.terms]
        self.cuts: list[tuple[int, TailCut]] = []
        self._best, self._upper = frozen([]), np.inf
        self._lower, self._size, self._at_rest = -np.inf, 0.0, np.inf

    def answer(self) -> TailAnswer:
        """Return the best point with its proof, or why there is none."""
        status = self._master.solve()
        if status != _Found.kOptimal:
            return self._without_point(status)
        self._query(self._master.point()[0])
        self._rest()
        self._master.price()
        if self._master.solve() != _Found.kOptimal:
            ray = self._close()
            if len(ray) or self._master.solve() != _Found.kOptimal:
                return self._ended(Status.UNBOUNDED if len(ray) else Status.STOPPED, ray)
        self._narrow()
        return self._certified()

    def _rest(self) -> None:
        """Query the point without any trade, where it is allowed: nothing worse is ever answered."""
        nothing = frozen(np.zeros(self._program.limits.n_variables))
        if limit_breach(self._program.limits, nothing) == 0.0:
            cuts = self._query(nothing)
            self._at_rest = self._objective(nothing, [cut.value for cut in cuts])

    def _narrow(self) -> None:
        """Cut until the best point is as good as the master's value, or cuts no longer tell."""
        while len(self.cuts) < self._limits.most_cuts and self._master.solve() == _Found.kOptimal:
            point, self._lower = self._master.point()
            if self._closed(self._upper):
                return
            middle = frozen(_BETWEEN * point + (1.0 - _BETWEEN) * self._best)
            if self._cuts_off(point, self._query(middle)):
                continue
            if not self._cuts_off(point, self._query(point)):
                return

    def _closed(self, upper: float) -> bool:
        size = max(abs(upper), self._size)
        return bool(np.isfinite(upper) and upper - self._lower <= _CLOSED * self._limits.gap * size)

    def _query(self, point: FloatArray) -> list[TailCut]:
        """Add the cut of each term at `point` `(n_variables,)`, which is kept where it is the best."""
        quantities = self._program.quantities(point)
        cuts = [tails.cut(quantities) for tails in self._tails]
        value = self._objective(point, [cut.value for cut in cuts])
        if value < self._upper:
            self._best, self._upper, self._size = point, value, loss_size(self._program, point)
        for number, cut in enumerate(cuts):
            self._add(number, cut)
        return cuts

    def _objective(self, point: FloatArray, shortfalls: list[float]) -> float:
        tails = sum(w * value for w, value in zip(self._program.weights, shortfalls, strict=True))
        return float((self._program.cost * point).sum() + tails)

    def _add(self, number: int, cut: TailCut) -> None:
        self.cuts.append((number, cut))
        self._master.add(number, cut)

    def _cuts_off(self, point: FloatArray, cuts: list[TailCut]) -> bool:
        quantities = self._program.quantities(point)
        values = [cut.intercept + float((cut.slope * quantities).sum()) for cut in cuts]
        return self._objective(point, values) > self._lower + _NOT_CUT * self._size

    def _without_point(self, status: highspy.HighsModelStatus) -> TailAnswer:
        """Return the answer where not even an allowed point was found."""
        ray = self._master.infeasible_ray() if status == _Found.kInfeasible else frozen([])
        is_proven = len(ray) and proves_infeasible(self._program.limits, ray)
        return self._ended(Status.INFEASIBLE if is_proven else Status.STOPPED, ray)

    def _close(self) -> FloatArray:
        """Return a direction in which the objective falls for ever, or take in cuts that show there is none.

        Directions are the points of the program without the book's own P&L and with each limit at 0, within a
        box. The scenarios of its cuts give cuts of this program too.
        """
        program = directions(self._program, self._master.units)
        search = _Search(program, SearchLimits(self._limits.gap, _MOST_CUTS_A_RAY))
        answer = search.answer()
        if len(answer.variables) and is_improving_ray(self._program, answer.variables):
            return answer.variables
        for number, cut in search.cuts:
            base = self._program.terms[number].base_pnl[cut.rows]
            self._add(number, cut._replace(intercept=-float((cut.share * base).sum())))
        return frozen([])

    def _certified(self) -> TailAnswer:
        """Return the best point with its proof from the last master."""
        self._master.solve()
        row_prices, cut_prices = self._master.prices()
        multipliers = Multipliers(self._shares(cut_prices), frozen(row_prices))
        if self._closed(self._at_rest):
            self._best = frozen(np.zeros(len(self._best)))
        certificate = certify(self._program, self._best, multipliers)
        status = Status.OPTIMAL if certificate.proves(self._limits.gap, FEASIBILITY) else Status.STOPPED
        quantities = self._program.quantities(self._best)
        return TailAnswer(
            status, self._best, quantities, certificate, multipliers, frozen([]), len(self.cuts)
        )

    def _shares(self, prices: FloatArray) -> tuple[FloatArray, ...]:
        """Return for each term the mean of its cuts' shares, weighted with the cuts' prices."""
        shares = [np.zeros(term.n_scenarios) for term in self._program.terms]
        for (number, cut), price in zip(self.cuts, prices.tolist(), strict=True):
            if price > 0.0:
                shares[number][cut.rows] += price * cut.share
        return tuple(frozen(share / share.sum()) for share in shares)

    def _ended(self, status: Status, ray: FloatArray) -> TailAnswer:
        return TailAnswer(status, frozen([]), frozen([]), None, None, ray, len(self.cuts))

"""Expected shortfall minimised by cutting planes: queries between the master's and the best point.

The master is a linear program over the variables and one number a term that lies above all of the term's
cuts. It has as many rows as cuts, not as many as scenarios, and each cut restarts the dual simplex method
from the basis before. Queries half way between the master's point and the best one known, and at the
master's point where that did not cut it off (W. Ben-Ameur, J. Neto, Networks 49 (2007) 3), need a small
part of the cuts of Kelley's method, which stalls at a gap of about 1e-7. They end at a gap of a per cent:
from there the dual program of the scenarios in doubt (`start`) is near the optimum in few solver calls, and
its answer with the tail shares of it are the last cuts, or nearly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
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
from stresstest.hedging.tails.scaling import scaling
from stresstest.hedging.tails.simplex import FEASIBILITY, Found, Master
from stresstest.hedging.tails.start import near_optimum
from stresstest.hedging.tails.thinning import thinned

_BETWEEN = 0.5
_NOT_CUT = 1e-12
_MOST_IDLE = 200
"""Cuts in a row that do not raise the bound: then rounding is what is cut."""
_COARSE = 1e-2
"""Gap at which the dual program of the scenarios in doubt takes over: 5e-3 and 2e-2 were slower."""
_FEW_SCENARIOS, _A_VARIABLE = 10_000, 4
"""Enough scenarios for a coarse answer; fewer send the next step astray."""
_CLOSED = 0.5
"""Share of the gap at which cutting ends: the solver's bound may lie a little above the proven one."""
_MOST_CUTS_A_RAY = 2_000


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


class _Search:
    """A search for the best point: the master below, the best point above, cuts in between."""

    def __init__(self, program: TailProgram, limits: SearchLimits) -> None:
        self._program, self._limits = program, limits
        self._master = Master(program, scaling(program))
        self._tails = [TailRows(term) for term in program.terms]
        self.cuts: list[tuple[int, TailCut]] = []
        self._best, self._upper = frozen([]), np.inf
        self._lower, self._size, self._at_rest = -np.inf, 0.0, np.inf

    def answer(self) -> TailAnswer:
        """Return the best point with its proof, or why there is none."""
        status = self._master.solve()
        if status != Found.kOptimal:
            return self._without_point(status)
        self._query(self._master.point()[0])
        self._rest()
        self._master.price()
        if self._master.solve() != Found.kOptimal:
            ray = self._close()
            if len(ray) or self._master.solve() != Found.kOptimal:
                return self._ended(Status.UNBOUNDED if len(ray) else Status.STOPPED, ray)
        if self._limits.gap < _COARSE:
            self._approach()
        self._narrow(self._limits.gap)
        return self._certified()

    def _rest(self) -> None:
        """Query the point without any trade, where it is allowed: nothing worse is ever answered."""
        nothing = frozen(np.zeros(self._program.limits.n_variables))
        if limit_breach(self._program.limits, nothing) == 0.0:
            cuts = self._query(nothing)
            self._at_rest = self._objective(nothing, [cut.value for cut in cuts])

    def _approach(self) -> None:
        """Take in point and tail shares of a first answer: nearly the last cuts, or the last."""
        self._coarse()
        found = near_optimum(self._program, self._master.units, self._best)
        if found is None:
            return
        quantities = self._program.quantities(found.variables)
        for number, (tails, share) in enumerate(zip(self._tails, found.shares, strict=True)):
            rows = frozen_int(np.flatnonzero(share))
            self._add(number, tails.cut_of(rows, frozen(share[rows]), quantities))
        if limit_breach(self._program.limits, found.variables) <= FEASIBILITY:
            self._query(found.variables)

    def _coarse(self) -> None:
        """Find a point within a per cent or so, over fewer scenarios where there are many."""
        few = _FEW_SCENARIOS + _A_VARIABLE * self._program.limits.n_variables
        if min(term.n_scenarios for term in self._program.terms) > 2 * few:
            terms = tuple(thinned(term, few) for term in self._program.terms)
            answer = _Search(replace(self._program, terms=terms), SearchLimits(_COARSE)).answer()
            if len(answer.variables):
                self._query(answer.variables)
                return
        self._narrow(_COARSE)

    def _narrow(self, gap: float) -> None:
        """Cut until the best point is within `gap` of the master's value, or cuts no longer tell."""
        idle, before = 0, -np.inf
        while len(self.cuts) < self._limits.most_cuts and self._master.solve() == Found.kOptimal:
            point, self._lower = self._master.point()
            idle, before = (idle + 1 if self._lower <= before else 0), max(before, self._lower)
            if self._closed(self._upper, gap) or idle > _MOST_IDLE:
                return
            middle = frozen(_BETWEEN * point + (1.0 - _BETWEEN) * self._best)
            if self._cuts_off(point, self._query(middle)):
                continue
            if not self._cuts_off(point, self._query(point)):
                return

    def _closed(self, upper: float, gap: float) -> bool:
        size = max(abs(upper), self._size)
        return bool(np.isfinite(upper) and upper - self._lower <= _CLOSED * gap * size)

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

    def _without_point(self, status: Found) -> TailAnswer:
        """Return the answer where not even an allowed point was found."""
        ray = self._master.infeasible_ray() if status == Found.kInfeasible else frozen([])
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
        if self._closed(self._at_rest, self._limits.gap):
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

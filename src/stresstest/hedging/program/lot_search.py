"""The search for the best lots: lines are proposed, sized, and then come in lots."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.program.lot_program import LotProgram
from stresstest.hedging.program.outer_program import CUT_TOLERANCE, OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.trade_counts import TRADED
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows
from stresstest.hedging.program.turning import solved_in_turns
from stresstest.hedging.tails.solvers import Attempt, SolverSettings

_NOT_FOUND = "not found"
_PROPOSAL_GAPS = (1e-3, *(0.0,) * 11)
"""Relative gap of each proposal: its bound holds all the same, and the next one has better cuts."""
_LOT_ROUNDS, _A_LOT_SEARCH = 8, 4
"""Rounds of cuts for lots, and the part of the nodes of a search that each of them may have."""
_REACHES = (2.0, 8.0, np.inf)
"""Lots on either side of the sizes without lots within which the best lots are looked for."""
_ROOM = 1e-7
"""Relative room for rounding above an objective that is to be beaten."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """Trades `(n_lines,)`, or None; the bound holds for every choice of lots and counts."""

    status: str
    trades: FloatArray | None
    lower_bound: float
    attempts: tuple[Attempt, ...]
    objective: float = np.inf


def best_lots(program: LotProgram, at: FloatArray, settings: SolverSettings, bound: float) -> LotAnswer:
    """Return trades in lots, whose objective is at least `bound`, from `at`, the trades without them.

    First the lines that are traded: a program with a switch a line and cuts for cones proposes them, and
    bounds the whole; the sizes of its lines are then worked out with the cones themselves, whose point cuts
    the next proposal (M. A. Duran, I. E. Grossmann, Mathematical Programming 36 (1986) 307). Proposals that
    are no better than what is known are cut off. Then come lots of the best lines near their sizes, and where
    the gap is still too wide one program for lines and lots together, which bounds them better.
    """
    return _Search(program, settings, bound).answer(at)


class _Search:
    """One search: the best trades so far, and the best bound."""

    def __init__(self, program: LotProgram, settings: SolverSettings, bound: float) -> None:
        self.program, self.settings, self.rows = program, settings, program.rows
        self.best = LotAnswer(_NOT_FOUND, None, bound, ())

    def answer(self, at: FloatArray) -> LotAnswer:
        """Return the best lots."""
        if self.program.keeps(at):
            self._better(at)
        else:
            self._search()
        if self.best.trades is not None:
            self._to_lots(self.best.trades)
        return self.best

    def _search(self) -> None:
        """Look for the best sizes of lines that keep to the counts."""
        program = self.program
        shape = Shape(counts=program.counts, is_relaxed=True)
        master = OuterProgram(self.rows, program.limits, shape, program.pool)
        for gap in _PROPOSAL_GAPS:
            quick = replace(self.settings, integer_gap=max(gap, self.settings.integer_gap), has_dives=False)
            master.useless = self._useless()
            answer = self._recorded(master.solve(quick, most_rounds=1))
            if not answer.is_found:
                self._conclude(answer)
                return
            self._raise_bound(answer.lower_bound)
            self._try(master)
            if self._is_good():
                return

    def _conclude(self, answer: OuterAnswer) -> None:
        """Conclude from a search without a proposal: there is none, none is better, or none was found."""
        if self.best.trades is None:
            self.best = replace(self.best, status=answer.status)
            self._raise_bound(answer.lower_bound)
        else:
            is_all = answer.status == cp.INFEASIBLE
            self._raise_bound(self.best.objective if is_all else answer.lower_bound)

    def _try(self, master: OuterProgram) -> None:
        """Work out the sizes of the lines proposed, and cut the next proposals there and here."""
        on, proposed = master.is_on(), master.found()
        limits = self.program.sized(on)
        sized = solved_in_turns(self.rows, limits, Shape(), self.program.pool, self.settings)
        if self._recorded(sized.answer).is_found:
            trades = sized.program.found()
            self._better(trades)
            master.cut_at(trades)
        else:
            master.forbid(on)
        master.cut_at(proposed)
        master.join(proposed)

    def _to_lots(self, sized: FloatArray) -> None:
        """Look for the best lots: of the same lines near their sizes, further off, then of any lines."""
        program = self.program
        self.best = replace(self.best, status=_NOT_FOUND, trades=None, objective=np.inf)
        rows, on = self.rows.turned(sized), program.sized(sized > TRADED)
        for reach in _REACHES:
            self._round(rows, program.around(sized, on, reach), Shape(lots=program.sizes))
            if self.best.trades is not None:
                break
        if not self._is_good():
            self._round(rows, program.limits, Shape(lots=program.sizes, counts=program.counts))

    def _round(self, rows: TradeRows, limits: TradeLimits, shape: Shape) -> None:
        """Take the best lots within limits if they are better than those known."""
        nodes = self.settings.most_nodes
        settings = replace(
            self.settings, most_nodes=None if nodes is None else max(nodes // _A_LOT_SEARCH, 1)
        )
        lots = OuterProgram(rows, limits, shape, self.program.pool)
        lots.useless = self._useless()
        answer = self._recorded(lots.solve(settings, most_rounds=_LOT_ROUNDS))
        if shape.counts is not None:
            self._conclude_lots(answer, is_bound=not lots.is_turnable)
        if answer.is_found and self.rows.breach(lots.found()) <= CUT_TOLERANCE:
            self._better(lots.found())

    def _conclude_lots(self, answer: OuterAnswer, *, is_bound: bool) -> None:
        """Conclude from a search for lots of any lines; a bound is one where no cone only implied a rule."""
        if is_bound and answer.status != cp.INFEASIBLE:
            self._raise_bound(answer.lower_bound)
        elif is_bound and self.best.trades is not None:
            self._raise_bound(self.best.objective)
        elif is_bound:
            self.best = replace(self.best, status=answer.status)

    def _better(self, trades: FloatArray) -> None:
        objective = self.rows.objective(trades)
        if objective < self.best.objective:
            self.best = replace(self.best, status=cp.OPTIMAL, trades=trades, objective=objective)

    def _useless(self) -> float:
        return self.best.objective * (1.0 + float(np.sign(self.best.objective)) * _ROOM)

    def _raise_bound(self, bound: float) -> None:
        if np.isfinite(bound):
            self.best = replace(self.best, lower_bound=max(self.best.lower_bound, bound))

    def _recorded(self, answer: OuterAnswer) -> OuterAnswer:
        self.best = replace(self.best, attempts=self.best.attempts + answer.attempts)
        return answer

    def _is_good(self) -> bool:
        size = max(abs(self.best.objective), 1e-12)
        gap = abs(self.best.objective - self.best.lower_bound)
        return self.best.trades is not None and gap <= self.settings.integer_gap * size

"""The search for the best lots: lines are proposed, sized, and then come in lots."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.program.lot_program import LotProgram
from stresstest.hedging.program.outer_program import CUT_TOLERANCE, OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.trade_counts import TRADED
from stresstest.hedging.program.trade_rows import TradeRows
from stresstest.hedging.program.turning import solved_in_turns
from stresstest.hedging.tails.solvers import Attempt, SolverSettings

_NOT_FOUND = "not found"
_PROPOSAL_GAPS = (1e-3, *(0.0,) * 11)
"""Relative gap of each proposal: its bound holds all the same, and the next one has better cuts."""
_PROPOSED = 0.5
"""Part of the gap asked for that a proposal may have at least: its lots need the rest."""
_LOT_ROUNDS, _A_LOT_SEARCH = 8, 4
"""Rounds of cuts for lots, and the part of the nodes of a search that each of them may have."""
_REACHES = ((2.0, 2e-6), (8.0, 0.0), (np.inf, 0.0))
"""Lots on either side of the sizes without lots within which the best lots are looked for, and the room given
to cones there: cuts at those sizes miss them by the square of a lot, which another search would mend."""
_ROOM = 1e-6
"""Relative room for rounding above an objective that is to be beaten."""
_WIDE = 1e-6
"""By how much rows may be broken where lines are proposed and bounds are proved."""
_ROUNDING = 1e-12
"""Relative excess of a bound over the objective that is rounding of the solver's scaled numbers."""


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
    """One search: the best trades so far, and the best bound.

    Lines whose sizes no solver could work out are left out unproved: from then on nothing raises the bound.
    """

    def __init__(self, program: LotProgram, settings: SolverSettings, bound: float) -> None:
        self.program, self.settings, self.rows = program, settings, program.rows
        self.best = LotAnswer(_NOT_FOUND, None, bound, ())
        self._is_bounded = True
        self._at_rest = abs(self.rows.objective(np.zeros(self.rows.inputs.n_lines)))

    def answer(self, at: FloatArray) -> LotAnswer:
        """Return the best lots."""
        if self.program.keeps(at):
            self._better(at)
        else:
            self._search()
        if self.best.trades is not None:
            self._to_lots(self.best.trades)
        if 0.0 < self.best.lower_bound - self.best.objective <= _ROUNDING * abs(self.best.objective):
            self.best = replace(self.best, lower_bound=self.best.objective)
        return self.best

    def _search(self) -> None:
        """Look for the best sizes of lines that keep to the counts."""
        program = self.program
        shape = Shape(counts=program.counts, is_relaxed=True)
        master = OuterProgram(self.rows, program.limits, shape, program.pool)
        for gap in _PROPOSAL_GAPS:
            wanted = max(gap, _PROPOSED * self.settings.integer_gap)
            quick = replace(self.settings, integer_gap=wanted, has_dives=False, feasibility=_WIDE)
            master.useless = self._useless()
            answer = self._solved(master, quick, 1)
            self._conclude(answer)
            if not answer.is_found:
                return
            self._try(master)
            if self._is_good():
                return

    def _conclude(self, answer: OuterAnswer) -> None:
        """Conclude from a search for any lines: its bound, or that there is nothing.

        What is known keeps to the program, so that `infeasible` beside it is an error of the solver and says
        nothing.
        """
        if answer.status != cp.INFEASIBLE:
            self._raise_bound(answer.lower_bound)
        if not answer.is_found and self.best.trades is None:
            self.best = replace(self.best, status=answer.status)

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
            self._is_bounded = self._is_bounded and sized.answer.status == cp.INFEASIBLE
            master.forbid(on)
        master.cut_at(proposed)
        master.join(proposed)

    def _to_lots(self, sized: FloatArray) -> None:
        """Look for the best lots: of the same lines near their sizes, further off, then of any lines."""
        self.best = replace(self.best, status=_NOT_FOUND, trades=None, objective=np.inf)
        rows = self.rows.turned(sized)
        for reach, margin in _REACHES:
            self._near(rows, sized, reach, margin)
            if self.best.trades is not None:
                break
        if not self._is_good():
            self._of_any_lines(rows)

    def _near(self, rows: TradeRows, sized: FloatArray, reach: float, margin: float) -> None:
        """Take the best lots of the lines of `sized` within `reach` of it if they are better than known."""
        program = self.program
        limits = program.around(sized, program.sized(sized > TRADED), reach)
        lots = OuterProgram(rows, limits, Shape(lots=program.sizes, margin=margin), program.pool)
        self._take(lots, _LOT_ROUNDS, self.settings.feasibility)

    def _of_any_lines(self, rows: TradeRows) -> None:
        """Bound lots of any lines, round by round of cuts, each of which proposes lots to look near.

        What ends a search as good enough within its wide rows may not be in numbers: then the next goes on.
        One that ends without a bound that is near enough is followed by one with tight rows.
        """
        program = self.program
        shape = Shape(lots=program.sizes, counts=program.counts)
        lots = OuterProgram(rows, program.limits, shape, program.pool)
        aims, feasibility = True, _WIDE
        for _ in range(_LOT_ROUNDS):
            answer = self._take(lots, 1, feasibility, aims=aims)
            aims = answer.status != cp.USER_LIMIT
            feasibility = self.settings.feasibility if aims else feasibility
            if not lots.is_turnable:
                self._conclude(answer)
            if lots.is_settled or self._is_good():
                return
            self._near(rows, lots.found(), *_REACHES[0])
            if self._is_good():
                return

    def _take(
        self, lots: OuterProgram, most_rounds: int, feasibility: float, *, aims: bool = True
    ) -> OuterAnswer:
        """Solve for lots that are better than those known, and take what keeps to the rules."""
        nodes = self.settings.most_nodes
        fewer = None if nodes is None else max(nodes // _A_LOT_SEARCH, 1)
        settings = replace(self.settings, most_nodes=fewer, feasibility=feasibility)
        lots.useless = self._useless()
        lots.enough = self.best.lower_bound + self._allowed() if aims else -np.inf
        answer = self._solved(lots, settings, most_rounds)
        if answer.is_found and self.rows.breach(lots.found()) <= CUT_TOLERANCE:
            self._better(lots.found())
        return answer

    def _solved(self, program: OuterProgram, settings: SolverSettings, most_rounds: int) -> OuterAnswer:
        """Solve; where a program that holds what is known is called infeasible, again without presolve.

        Then without the row that cuts off what is of no use, on which HiGHS 1.15 may fail either way.
        """
        answer = self._recorded(program.solve(settings, most_rounds))
        holds_known = program.shape.counts is not None and self.best.trades is not None
        plain = replace(settings, has_presolve=False)
        for other, useless in (plain, program.useless), (settings, np.inf):
            if answer.status != cp.INFEASIBLE or not holds_known:
                break
            program.useless = useless
            answer = self._recorded(program.solve(other, most_rounds))
        return answer

    def _better(self, trades: FloatArray) -> None:
        objective = self.rows.objective(trades)
        if objective < self.best.objective:
            self.best = replace(self.best, status=cp.OPTIMAL, trades=trades, objective=objective)

    def _useless(self) -> float:
        return self.best.objective * (1.0 + float(np.sign(self.best.objective)) * _ROOM)

    def _raise_bound(self, bound: float) -> None:
        if np.isfinite(bound) and self._is_bounded:
            self.best = replace(self.best, lower_bound=max(self.best.lower_bound, bound))

    def _recorded(self, answer: OuterAnswer) -> OuterAnswer:
        self.best = replace(self.best, attempts=self.best.attempts + answer.attempts)
        return answer

    def _is_good(self) -> bool:
        gap = abs(self.best.objective - self.best.lower_bound)
        return self.best.trades is not None and gap <= self._allowed()

    def _allowed(self) -> float:
        """Return the gap asked for, measured as that of the plan: by what is lost without any trade."""
        known = abs(self.best.objective) if self.best.trades is not None else abs(self.best.lower_bound)
        return self.settings.integer_gap * max(known, self._at_rest, 1e-12)

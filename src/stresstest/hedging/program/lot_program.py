"""Trades in lots: which lines are traded at all, then how many lots of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.program.cone_cuts import CutPool
from stresstest.hedging.program.cvxpy_atoms import times, total
from stresstest.hedging.program.objective_terms import ObjectiveTerms
from stresstest.hedging.program.outer_program import OuterAnswer, OuterProgram
from stresstest.hedging.program.trade_counts import ROUNDING, TRADED, Counts, LotSizes
from stresstest.hedging.program.trade_model import TradeCaps, TradeModel
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.tails.solvers import Attempt, SolverSettings

_NOT_FOUND = "not found"
_PROPOSAL_GAPS = (2e-3, 2e-3, 2e-4, 0.0)
"""Relative gap of each proposal: its bound holds all the same, and the next one has better cuts."""
_DUST = 1e-7
"""Share of the base value that an interior point leaves on both sides of a line that it sells or buys."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """Trades in lots `(n_lines,)`, or None; the bound holds for every choice of lots and counts."""

    status: str
    trades: FloatArray | None
    lower_bound: float
    attempts: tuple[Attempt, ...]
    objective: float = np.inf


class LotProgram:
    """The rules, with lots and counts.

    Parameters
    ----------
    amounts
        Of the rules that count.
    pool
        Where cones and impact were cut before.
    """

    def __init__(
        self,
        terms: ObjectiveTerms,
        rules: Sequence[BuiltRule],
        amounts: Mapping[str, float],
        caps: TradeCaps,
        pool: CutPool,
    ) -> None:
        self.inputs, self.terms, self.rules, self.amounts = terms.inputs, terms, rules, amounts
        self.caps, self.pool = caps.finite(terms.inputs), pool
        self.counts = Counts.of(self.inputs, self.caps, amounts)
        self.sizes = LotSizes.of(self.inputs, self.caps)

    def solve(self, at: FloatArray, settings: SolverSettings, bound: float) -> LotAnswer:
        """Return trades in lots from `at`, the trades without them, whose objective is at least `bound`.

        First the lines that are traded: a program with a switch a line and cuts for cones proposes them, and
        bounds the whole; the sizes of its lines are then worked out with the cones themselves, whose point
        cuts the next proposal (M. A. Duran, I. E. Grossmann, Mathematical Programming 36 (1986) 307). Then
        lots of the best lines found.
        """
        best = LotAnswer(_NOT_FOUND, at if self.keeps(at) else None, bound, ())
        is_searched = best.trades is None
        if best.trades is None:
            best = self._searched(at, settings, best)
        if best.trades is None:
            return best if best.status == cp.INFEASIBLE else self._all_at_once(at, settings, best)
        found, answer = self._lots_of(best.trades, best.trades > TRADED, settings)
        best = replace(best, attempts=best.attempts + answer.attempts)
        if found is None:
            return self._all_at_once(at, settings, best)
        best = replace(best, status=cp.OPTIMAL, trades=found, objective=answer.objective)
        if is_searched or self._is_good(best, settings):
            return best
        other = self._all_at_once(at, settings, best)
        if other.trades is not None and other.objective < best.objective:
            return other
        return replace(best, lower_bound=other.lower_bound, attempts=other.attempts)

    def _searched(self, at: FloatArray, settings: SolverSettings, best: LotAnswer) -> LotAnswer:
        """Return the best sizes of lines that keep to the counts, with the bound of the last proposal."""
        master = self.counted(at)
        master.is_proposal = True
        for gap in _PROPOSAL_GAPS:
            quick = replace(settings, integer_gap=max(gap, settings.integer_gap))
            answer = master.solve(quick, most_rounds=1)
            best = replace(best, attempts=best.attempts + answer.attempts)
            if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT):
                return replace(best, status=answer.status if best.trades is None else best.status)
            best = replace(best, lower_bound=max(best.lower_bound, answer.lower_bound))
            best = self._tried(master, settings, best)
            if self._is_good(best, settings):
                break
        return best

    def _tried(self, master: OuterProgram, settings: SolverSettings, best: LotAnswer) -> LotAnswer:
        """Return the better of `best` and the best sizes of the lines proposed; these cut the next ones."""
        sized = self._sized(master.model.trades() > TRADED)
        found = sized.solve(settings)
        best = replace(best, attempts=best.attempts + found.attempts)
        if found.status != cp.OPTIMAL:
            return best
        master.cut_at_latest()
        if found.objective >= best.objective:
            return best
        return replace(best, trades=sized.model.trades(), objective=found.objective)

    def _sized(self, kept: BoolArray) -> OuterProgram:
        """Return the program of the sizes of the lines in `kept`, each at least its least trade."""
        held = self.inputs.n_held
        least = np.where(kept, np.minimum(self.counts.least, self.traded_caps()), 0.0)
        most = np.where(kept, self.traded_caps(), 0.0)
        sell = cp.Variable(held, bounds=[least[:held], most[:held]], name="sell")
        buy = cp.Variable(len(most) - held, bounds=[least[held:], most[held:]], name="buy")
        model = TradeModel(self.inputs, sell, buy, TradeCaps(most[:held], most[held:]))
        return self._program(model, None)

    def _is_good(self, answer: LotAnswer, settings: SolverSettings) -> bool:
        gap = abs(answer.objective - answer.lower_bound) / max(abs(answer.objective), 1e-12)
        return answer.trades is not None and gap <= settings.integer_gap

    def _all_at_once(self, at: FloatArray, settings: SolverSettings, best: LotAnswer) -> LotAnswer:
        """Return the best lots of any lines, in one search."""
        found, answer = self._lots_of(at, None, settings)
        bound = max(best.lower_bound, answer.lower_bound) if found is not None else best.lower_bound
        attempts = best.attempts + answer.attempts
        return LotAnswer(answer.status, found, bound, attempts, answer.objective)

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether trades keep to the counts, and sell and buy nothing at once."""
        both = [min(trades[sold], trades[bought]) > _DUST for sold, bought in self._pairs()]
        return self.counts.keeps(trades) and not any(both)

    def counted(self, at: FloatArray | None = None, *, fewest: bool = False) -> OuterProgram:
        """Return the program with a switch for each line; under `fewest` it minimises their number."""
        used = self._used()
        trades = cp.Variable(len(used), bounds=[0.0, self.traded_caps()[used]], name="trades")
        is_traded = cp.Variable(len(used), boolean=True, name="traded")
        model = self._model(_on_lines(used, self.inputs.n_lines, trades), at)
        model.constraints += self._switches(used, trades, is_traded, limited=not fewest)
        return self._program(model, total(is_traded) if fewest else None)

    def _switches(self, used: Any, trades: Any, is_traded: Any, *, limited: bool) -> list[cp.Constraint]:
        caps, least = self.traded_caps()[used], self.counts.least[used]
        rows = [
            trades <= times(caps, is_traded),
            trades >= times(np.minimum(least, caps), is_traded),
        ]
        if limited and self.counts.most_trades is not None:
            rows.append(total(is_traded) <= self.counts.most_trades)
        place = {line: row for row, line in enumerate(used.tolist())}
        return rows + [
            is_traded[place[sold]] + is_traded[place[bought]] <= 1
            for sold, bought in self._pairs()
            if sold in place and bought in place
        ]

    def _lots_of(
        self, at: FloatArray, active: BoolArray | None, settings: SolverSettings
    ) -> tuple[FloatArray | None, OuterAnswer]:
        """Return the best lots of the `active` lines, each at its least trade or more; None: of all lines."""
        used = self._used() if active is None else np.flatnonzero(active & (self.traded_caps() > 0.0))
        lots = _LotVariables(self, used, active)
        rows = list(lots.rows)
        if active is None:
            is_traded = cp.Variable(len(used), boolean=True, name="traded")
            rows += self._switches(used, lots.trades, is_traded, limited=True)
        model = self._model(_on_lines(used, self.inputs.n_lines, lots.trades), at)
        model.constraints += rows
        program = self._program(model, None)
        program.is_proposal = active is not None
        answer = program.solve(settings)
        if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT):
            return None, answer
        found = np.zeros(self.inputs.n_lines)
        found[used] = lots.found()
        return found, answer

    def _model(self, trades: cp.Expression, at: FloatArray | None) -> TradeModel:
        held = self.inputs.n_held
        model = TradeModel(self.inputs, trades[:held], trades[held:], self.caps, is_integer=True)
        if at is not None and model.impact is not None:
            model.add_tangents(at)
        return model

    def _program(self, model: TradeModel, objective: cp.Expression | None) -> OuterProgram:
        amounts = {rule.name: self.amounts[rule.name] for rule in self.rules}
        if objective is not None:
            return OuterProgram(model, self.rules, amounts, objective, pool=self.pool)
        least, extra, tails = self.terms.modelled(model.state)
        return OuterProgram(model, self.rules, amounts, least, extra, tails, self.pool)

    def traded_caps(self) -> FloatArray:
        """Return `(n_lines,)` largest trades."""
        return np.concatenate([self.caps.sell, self.caps.buy])

    def _used(self) -> Any:
        return np.flatnonzero(self.traded_caps() > 0.0)

    def _pairs(self) -> list[tuple[int, int]]:
        """Return held line and candidate of each thing that could be both sold and bought."""
        held = {line.legs: place for place, line in enumerate(self.inputs.held)}
        by_row = {legs[0].row: place for legs, place in held.items()}
        first = self.inputs.n_held
        return [
            (by_row[line.legs[0].row], first + place)
            for place, line in enumerate(self.inputs.candidates)
            if len(line.legs) == 1 and line.legs[0].row in by_row
        ]


class _LotVariables:
    """Lots of some lines, and whether the last sale takes what is less than a lot as well.

    Attributes
    ----------
    trades
        Affine, `(n_used,)` shares of the base value.
    rows
        That what is less than a lot goes last.
    """

    def __init__(self, program: LotProgram, used: Any, active: BoolArray | None) -> None:
        self._share, self._rest = program.sizes.share[used], program.sizes.rest[used]
        most = np.floor(program.traded_caps()[used] / self._share + ROUNDING)
        least = np.zeros(len(used))
        if active is not None:
            least = np.ceil((program.counts.least[used] - self._rest) / self._share - ROUNDING)
        bounds = [np.clip(least, 0.0, most), most]
        self._lots = cp.Variable(len(used), integer=True, bounds=bounds, name="lots")
        self.trades: cp.Expression = times(self._share, self._lots)
        self.rows: list[cp.Constraint] = []
        self._odd = np.flatnonzero(self._rest > 0.0)
        if len(self._odd):
            self._whole = cp.Variable(len(self._odd), boolean=True, name="whole")
            last = times(self._rest[self._odd], self._whole)
            self.trades = self.trades + _on_lines(self._odd, len(used), last)
            self.rows.append(self._lots[self._odd] >= times(most[self._odd], self._whole))

    def found(self) -> FloatArray:
        """Return the trades found, in whole lots."""
        trades: FloatArray = self._share * np.round(np.asarray(self._lots.value))
        if len(self._odd):
            trades[self._odd] += self._rest[self._odd] * np.round(np.asarray(self._whole.value))
        return trades


def _placed(rows: Any, count: int) -> FloatArray:
    """Return `(count, n)` matrix that puts `n` numbers into `rows`."""
    matrix = np.zeros((count, len(rows)))
    matrix[rows, np.arange(len(rows))] = 1.0
    return matrix


def _on_lines(rows: Any, count: int, trades: Any) -> cp.Expression:
    """Return trades of some lines as trades of all."""
    expression: cp.Expression = _placed(rows, count) @ trades
    return expression

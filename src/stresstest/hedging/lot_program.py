"""Trades in lots: which lines are traded at all, then how many lots of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.hedging.inputs import HedgeInputs
from stresstest.hedging.objective_terms import ObjectiveTerms
from stresstest.hedging.outer_program import OuterAnswer, OuterProgram
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.tails.solvers import Attempt, SolverSettings
from stresstest.hedging.trade_model import TradeCaps, TradeModel

TRADED = 1e-9
"""Trades below this share of the base value are none."""

_ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Counts:
    """Rules on single trades.

    Attributes
    ----------
    least
        `(n_lines,)` least trade, as a share of the base value; a whole position may be less.
    most_trades
        Most instruments traded; None: any number.
    """

    least: FloatArray
    most_trades: int | None

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether `(n_lines,)` trades keep to both."""
        is_traded = trades > TRADED
        small = is_traded & (trades < self.least - TRADED)
        return not small.any() and (self.most_trades is None or int(is_traded.sum()) <= self.most_trades)

    @classmethod
    def of(cls, inputs: HedgeInputs, caps: TradeCaps, amounts: Mapping[str, float]) -> Counts:
        """Return the counts of the policy's rules that are in `amounts`."""
        value = np.abs(inputs.value_per_scale)
        least, most = np.zeros(inputs.n_lines), None
        for rule in inputs.policy.rules:
            if rule.name not in amounts:
                continue
            if rule.measure == "max_trades":
                stated = int(amounts[rule.name])
                most = stated if most is None else min(most, stated)
            elif rule.measure == "min_trade":
                taken = [
                    rule.terms.select is None or rule.terms.select.matches(line.traits)
                    for line in inputs.lines
                ]
                size = np.where(value > 0.0, amounts[rule.name] / np.where(value > 0.0, value, 1.0), 0.0)
                least = np.where(taken, np.maximum(least, size), least)
        least[: inputs.n_held] = np.minimum(least[: inputs.n_held], caps.sell)
        return cls(frozen(least), most)


@dataclass(frozen=True, eq=False)
class LotSizes:
    """Lots of every line.

    Attributes
    ----------
    share
        `(n_lines,)` value of a lot on its scale, as a share of the base value.
    rest
        `(n_lines,)` what the last sale of a whole position adds to its full lots, as a share.
    """

    share: FloatArray
    rest: FloatArray

    @classmethod
    def of(cls, inputs: HedgeInputs, caps: TradeCaps) -> LotSizes:
        """Return the lots that the policy states by type."""
        sizes = [
            inputs.policy.costs.lot_size(line.type) if line.is_held else line.lot_size
            for line in inputs.lines
        ]
        share = np.array(sizes) * inputs.scale / inputs.nav
        whole = np.floor(caps.sell / share[: inputs.n_held] + _ROUNDING) * share[: inputs.n_held]
        rest = np.zeros(inputs.n_lines)
        rest[: inputs.n_held] = np.where(
            caps.sell - whole > _ROUNDING * share[: inputs.n_held], caps.sell - whole, 0.0
        )
        return cls(frozen(share), frozen(rest))


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """Trades in lots `(n_lines,)`, or None; the bound holds for every choice of lots and counts."""

    status: str
    trades: FloatArray | None
    lower_bound: float
    attempts: tuple[Attempt, ...]


class LotProgram:
    """The rules, with lots and counts.

    Parameters
    ----------
    at
        `(n_lines,)` trades of the program without lots: where impact is bounded from below first.
    """

    def __init__(
        self,
        inputs: HedgeInputs,
        rules: Sequence[BuiltRule],
        amounts: Mapping[str, float],
        terms: ObjectiveTerms,
        caps: TradeCaps,
    ) -> None:
        self.inputs, self.rules, self.amounts, self.terms = inputs, rules, amounts, terms
        self.caps = caps.finite(inputs)
        self.counts = Counts.of(inputs, self.caps, amounts)
        self.sizes = LotSizes.of(inputs, self.caps)

    def solve(self, at: FloatArray, settings: SolverSettings, bound: float) -> LotAnswer:
        """Return trades in lots from `at`, the trades without them, whose objective is at least `bound`.

        First the lines that are traded, with sizes still continuous; then lots of these lines. Where their
        gap is too large, both at once.
        """
        attempts: tuple[Attempt, ...] = ()
        if not self.keeps(at):
            counted = self.counted(at)
            answer = counted.solve(settings)
            attempts += answer.attempts
            if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT):
                return LotAnswer(answer.status, None, bound, attempts)
            at, bound = counted.model.trades(), max(bound, answer.lower_bound)
        found, answer = self._lots_of(at, at > TRADED, settings)
        attempts += answer.attempts
        if found is not None and self._gap(answer.objective, bound) <= settings.integer_gap:
            return LotAnswer(cp.OPTIMAL, found, bound, attempts)
        second, other = self._lots_of(at, None, settings)
        attempts += other.attempts
        better = second is not None and (found is None or other.objective < answer.objective)
        bound = max(bound, other.lower_bound) if other.status in (cp.OPTIMAL, cp.USER_LIMIT) else bound
        trades = second if better else found
        status = cp.OPTIMAL if trades is not None else other.status
        return LotAnswer(status, trades, bound, attempts)

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether trades keep to the counts, and sell and buy nothing at once."""
        both = [trades[sold] > TRADED and trades[bought] > TRADED for sold, bought in self._pairs()]
        return self.counts.keeps(trades) and not any(both)

    def counted(self, at: FloatArray | None = None, *, fewest: bool = False) -> OuterProgram:
        """Return the program with a switch for each line; under `fewest` it minimises their number."""
        used = self._used()
        trades = cp.Variable(len(used), bounds=[0.0, self._caps()[used]], name="trades")
        is_traded = cp.Variable(len(used), boolean=True, name="traded")
        model = self._model(_placed(used, self.inputs.n_lines) @ trades, at)
        model.constraints += self._switches(used, trades, is_traded, limited=not fewest)
        return self._program(model, cp.sum(is_traded) if fewest else None)

    def _switches(self, used: Any, trades: Any, is_traded: Any, *, limited: bool) -> list[cp.Constraint]:
        caps, least = self._caps()[used], self.counts.least[used]
        rows = [
            trades <= cp.multiply(caps, is_traded),
            trades >= cp.multiply(np.minimum(least, caps), is_traded),
        ]
        if limited and self.counts.most_trades is not None:
            rows.append(cp.sum(is_traded) <= self.counts.most_trades)
        place = {line: row for row, line in enumerate(used.tolist())}
        return rows + [
            is_traded[place[sold]] + is_traded[place[bought]] <= 1
            for sold, bought in self._pairs()
            if sold in place and bought in place
        ]

    def _lots_of(
        self, at: FloatArray, active: BoolArray | None, settings: SolverSettings
    ) -> tuple[FloatArray | None, OuterAnswer]:
        """Return the best lots of the `active` lines, each at least its least trade; of all lines for None."""
        used = self._used() if active is None else np.flatnonzero(active & (self._caps() > 0.0))
        share, rest, caps = self.sizes.share[used], self.sizes.rest[used], self._caps()[used]
        most = np.floor(caps / share + _ROUNDING)
        least = (
            np.zeros(len(used))
            if active is None
            else np.ceil((self.counts.least[used] - rest) / share - _ROUNDING)
        )
        lots = cp.Variable(len(used), integer=True, bounds=[np.clip(least, 0.0, most), most], name="lots")
        trades = cp.multiply(share, lots)
        rows: list[cp.Constraint] = []
        odd = np.flatnonzero(rest > 0.0)
        if len(odd):
            is_whole = cp.Variable(len(odd), boolean=True, name="whole")
            trades = trades + _placed(odd, len(used)) @ cp.multiply(rest[odd], is_whole)
            rows.append(lots[odd] >= cp.multiply(most[odd], is_whole))
        if active is None:
            is_traded = cp.Variable(len(used), boolean=True, name="traded")
            rows += self._switches(used, trades, is_traded, limited=True)
        model = self._model(_placed(used, self.inputs.n_lines) @ trades, at)
        model.constraints += rows
        program = self._program(model, None)
        answer = program.solve(settings)
        if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT):
            return None, answer
        whole = np.zeros(len(used))
        if len(odd):
            whole[odd] = np.round(np.asarray(is_whole.value))
        found = np.zeros(self.inputs.n_lines)
        found[used] = share * np.round(np.asarray(lots.value)) + rest * whole
        return found, answer

    def _model(self, trades: cp.Expression, at: FloatArray | None) -> TradeModel:
        held = self.inputs.n_held
        model = TradeModel(self.inputs, trades[:held], trades[held:], self.caps)
        if at is not None and model.impact is not None:
            model.add_tangents(at)
        return model

    def _program(self, model: TradeModel, objective: cp.Expression | None) -> OuterProgram:
        amounts = {rule.name: self.amounts[rule.name] for rule in self.rules}
        if objective is not None:
            return OuterProgram(model, self.rules, amounts, objective)
        least, extra, tails = self.terms.modelled(model.state)
        return OuterProgram(model, self.rules, amounts, least, extra, tails)

    def _caps(self) -> FloatArray:
        return np.concatenate([self.caps.sell, self.caps.buy])

    def _used(self) -> Any:
        return np.flatnonzero(self._caps() > 0.0)

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

    @staticmethod
    def _gap(objective: float, bound: float) -> float:
        return abs(objective - bound) / max(abs(objective), 1e-12)


def _placed(rows: Any, count: int) -> FloatArray:
    """Return `(count, n)` matrix that puts `n` numbers into `rows`."""
    matrix = np.zeros((count, len(rows)))
    matrix[rows, np.arange(len(rows))] = 1.0
    return matrix

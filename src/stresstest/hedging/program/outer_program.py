"""A program solved from outside: cones and impact by cuts, added until all hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.cone_cuts import ConeCuts, CutPool
from stresstest.hedging.program.objective_terms import ObjectiveTerms
from stresstest.hedging.program.trade_model import TradeModel
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.solvers import Attempt, Solved, SolverSettings, solve
from stresstest.hedging.tails.split import Split

CUT_TOLERANCE = 1e-9
"""Largest breach of a cone or of impact, as a share of the base value, that needs no further cut."""

TAIL_TOLERANCE = 1e-9
"""Largest relative excess of a shortfall over all draws above that of the draws in doubt."""

_MOST_ROUNDS = 60
_PARAMETER_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class OuterAnswer:
    """How the rounds of cuts ended: cvxpy's status, objective and bound of the last."""

    status: str
    objective: float
    lower_bound: float
    attempts: tuple[Attempt, ...]


@dataclass(eq=False)
class OuterProgram:
    """An objective over a trade model and rules, in a form that takes cuts.

    Attributes
    ----------
    amounts
        Parameter of each rule; a variable for one that is freed.
    pool
        Points that were cut before.
    is_proposal
        Whether tails are planes alone: a quick bound, whose choice of lines is worked out by another program.
    """

    model: TradeModel
    rules: Sequence[BuiltRule]
    amounts: Mapping[str, Any]
    objective: cp.Expression
    extra: list[cp.Constraint] = field(default_factory=list)
    tails: list[ModelledTail] = field(default_factory=list)
    pool: CutPool = field(default_factory=CutPool)
    is_proposal: bool = False

    def __post_init__(self) -> None:
        self._rows: dict[str, list[cp.Constraint]] = {rule.name: [] for rule in self.rules}
        self._cones: list[tuple[str, ConeCuts]] = []
        for rule in self.rules:
            amount = self.amounts[rule.name]
            self._rows[rule.name] += [row <= 0.0 for row in rule.linear(self.model.state, amount)]
            self._cones += [
                (rule.name, ConeCuts((rule.name, place), cone, self.pool, whole=not self.model.is_integer))
                for place, cone in enumerate(rule.cones(self.model.state, amount))
                if cone.vector.shape[0]
            ]
        for trades in self.pool.trades:
            self.model.add_tangents(trades)
        self._problem: cp.Problem | None = None
        self._size = -1

    @property
    def inputs(self) -> HedgeInputs:
        """Inputs of the hedge."""
        return self.model.inputs

    def solve(self, settings: SolverSettings, most_rounds: int = _MOST_ROUNDS) -> OuterAnswer:
        """Solve with more and more cuts until nothing is cut off; the bound of any round holds."""
        attempts: list[Attempt] = []
        for _ in range(most_rounds):
            answer = self._round(settings)
            attempts += answer.attempts
            if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT) or not self._cut():
                break
        if answer.status == cp.OPTIMAL and not self.model.is_integer:
            self.pool.add_trades(self.model.trades())
            for _, cuts in self._cones:
                cuts.remember()
            for place, tail in enumerate(self.tails):
                self.pool.add_tail(place, tail)
        return OuterAnswer(answer.status, answer.objective, answer.lower_bound, tuple(attempts))

    def cut_at_latest(self) -> None:
        """Cut where another program over the same rules ended last."""
        self.model.add_tangents(self.pool.trades[-1])
        for _, cuts in self._cones:
            cuts.cut_at_latest()

    def _round(self, settings: SolverSettings) -> OuterAnswer:
        found = self._solved(self._current(), settings)
        # An interior point method that stops short of its tolerance is judged by its multipliers' bound.
        status = cp.OPTIMAL if found.status == cp.OPTIMAL_INACCURATE else found.status
        return OuterAnswer(status, found.value, found.lower_bound, found.attempts)

    def _solved(self, problem: cp.Problem, settings: SolverSettings) -> Solved:
        """Solve with rows for a part of the draws, or planes below the tails: either bounds the whole."""
        size = max((tail.size for tail in self.tails), default=1.0)
        found = solve(problem, self._tail_rows(), size, settings)
        if found.status == cp.UNBOUNDED and self.tails:
            for place, tail in enumerate(self.tails):
                self.pool.splits[place] = Split.whole(tail.term)
            found = solve(problem, self._tail_rows(), size, settings)
        return found

    def _tail_rows(self) -> list[cp.Constraint]:
        rows: list[cp.Constraint] = []
        for place, tail in enumerate(self.tails):
            if self.is_proposal and place in self.pool.tails:
                cuts = self.pool.tails[place]
                planes = np.array([cut.slope for cut in cuts]) @ tail.quantities
                rows.append(tail.shortfall >= planes + np.array([cut.intercept for cut in cuts]))
                continue
            if place not in self.pool.splits:
                self.pool.splits[place] = Split.guess(tail.term, tail.losses())
            rows += tail.rows(self.pool.splits[place])
        return rows

    def _corrected(self) -> bool:
        """Give shortfalls their values over all draws; tell whether draws were in a wrong place.

        Where none was, what a shortfall lacks is the solver's accuracy, which solving again does not mend.
        """
        is_wrong = False
        for place, tail in enumerate(self.tails):
            losses = tail.losses()
            if self.is_proposal:
                self.pool.add_tail(place, tail)
            elif tail.correct() > TAIL_TOLERANCE:
                before = self.pool.splits[place]
                self.pool.splits[place] = before.moved(tail.term, losses)
                is_wrong = is_wrong or bool(before.misplaced(tail.term, losses).any())
        return is_wrong

    def _current(self) -> cp.Problem:
        """Return the problem, the same object as long as no cut was added: parameters alone change fast."""
        rows = [row for name in self._rows for row in self._all_rows(name)]
        constraints = [*self.model.constraints, *self.extra, *rows]
        if self._problem is None or len(constraints) != self._size:
            self._problem, self._size = cp.Problem(cp.Minimize(self.objective), constraints), len(constraints)
        return self._problem

    def _cut(self) -> bool:
        """Add cuts where the point found breaks a cone or underrates impact; tell whether any was needed."""
        is_cut = self._corrected()
        if self.model.impact_gap() > CUT_TOLERANCE:
            self.model.add_tangents(self.model.trades())
            self.pool.add_trades(self.model.trades())
            is_cut = True
        for _, cuts in self._cones:
            is_cut = cuts.cut(CUT_TOLERANCE) or is_cut
        return is_cut

    def _all_rows(self, name: str) -> list[cp.Constraint]:
        """Return the constraints of a rule, cuts included."""
        return self._rows[name] + [row for owner, cuts in self._cones if owner == name for row in cuts.rows]

    def shadow_price(self, name: str) -> float:
        """Return the change of the objective per unit of a rule's amount, from the multipliers found.

        By the envelope theorem Σ multiplier · ∂row/∂amount; rows are affine in the amount, or smooth.
        """
        parameter, total = self.amounts[name], 0.0
        rows = [row for row in self._all_rows(name) if row.dual_value is not None and np.any(row.dual_value)]
        if not isinstance(parameter, cp.Parameter) or not rows:
            return 0.0
        amount, step = float(np.asarray(parameter.value)), _PARAMETER_STEP
        sides = []
        for side in (step, -step):
            parameter.value = amount + side
            sides.append([np.asarray(row.expr.value, dtype=np.float64).copy() for row in rows])
        parameter.value = amount
        for row, above, below in zip(rows, *sides, strict=True):
            total += float((np.asarray(row.dual_value) * (above - below)).sum()) / (2.0 * step)
        return total


def modelled_objective(
    terms: ObjectiveTerms, model: TradeModel
) -> tuple[cp.Expression, list[cp.Constraint], list[ModelledTail]]:
    """Return the policy's objective over `model`."""
    return terms.modelled(model.state)

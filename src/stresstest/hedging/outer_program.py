"""A program solved from outside: cones and impact by cuts, added until all hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.hedging.cone_cuts import ConeCuts
from stresstest.hedging.inputs import HedgeInputs
from stresstest.hedging.objective_terms import ObjectiveTerms
from stresstest.hedging.rules.built import BuiltRule
from stresstest.hedging.tails.modelled import ModelledTail
from stresstest.hedging.tails.partition import solve_modelled
from stresstest.hedging.tails.program import Status
from stresstest.hedging.tails.solvers import Attempt, SolverSettings
from stresstest.hedging.trade_model import TradeModel

CUT_TOLERANCE = 1e-9
"""Largest breach of a cone or of impact, as a share of the base value, that needs no further cut."""

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
    """

    model: TradeModel
    rules: Sequence[BuiltRule]
    amounts: Mapping[str, Any]
    objective: cp.Expression
    extra: list[cp.Constraint] = field(default_factory=list)
    tails: list[ModelledTail] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rows: dict[str, list[cp.Constraint]] = {rule.name: [] for rule in self.rules}
        self._cones: list[tuple[str, ConeCuts]] = []
        for rule in self.rules:
            amount = self.amounts[rule.name]
            self._rows[rule.name] += [row <= 0.0 for row in rule.linear(self.model.state, amount)]
            self._cones += [
                (rule.name, ConeCuts(cone))
                for cone in rule.cones(self.model.state, amount)
                if cone.vector.shape[0]
            ]
        self._problem: cp.Problem | None = None
        self._size = -1

    @property
    def inputs(self) -> HedgeInputs:
        """Inputs of the hedge."""
        return self.model.inputs

    def solve(self, settings: SolverSettings) -> OuterAnswer:
        """Solve with more and more cuts until nothing is cut off; the bound of any round holds."""
        attempts: list[Attempt] = []
        for _ in range(_MOST_ROUNDS):
            answer = self._round(settings)
            attempts += answer.attempts
            if answer.status not in (cp.OPTIMAL, cp.USER_LIMIT) or not self._cut():
                break
        return OuterAnswer(answer.status, answer.objective, answer.lower_bound, tuple(attempts))

    def _round(self, settings: SolverSettings) -> OuterAnswer:
        found = solve_modelled(self._current(), self.tails, settings)
        status = {
            Status.OPTIMAL: cp.OPTIMAL,
            Status.INFEASIBLE: cp.INFEASIBLE,
            Status.UNBOUNDED: cp.UNBOUNDED,
        }
        stopped = cp.USER_LIMIT if np.isfinite(found.value) else cp.SOLVER_ERROR
        return OuterAnswer(status.get(found.status, stopped), found.value, found.lower_bound, found.attempts)

    def _current(self) -> cp.Problem:
        """Return the problem, the same object as long as no cut was added: parameters alone change fast."""
        rows = [row for name in self._rows for row in self._all_rows(name)]
        constraints = [*self.model.constraints, *self.extra, *rows]
        if self._problem is None or len(constraints) != self._size:
            self._problem, self._size = cp.Problem(cp.Minimize(self.objective), constraints), len(constraints)
        return self._problem

    def _cut(self) -> bool:
        """Add cuts where the point found breaks a cone or underrates impact; tell whether any was needed."""
        is_cut = False
        if self.model.impact_gap() > CUT_TOLERANCE:
            self.model.add_tangents(self.model.trades())
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
        amount, step = float(parameter.value), _PARAMETER_STEP
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

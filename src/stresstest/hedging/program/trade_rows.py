"""A hedge as numbers: rules, costs and objective as matrices over the trades and what they cost.

Rules are written over a state. All are affine in the trades and the cost, so that their values at no trade
and at one unit of each line are their matrices. A program made of them is one constraint instead of dozens,
which is built in milliseconds for any amounts, and whether trades keep to all rules is a matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.objective_terms import ObjectiveTerms, traded
from stresstest.hedging.program.trade_state import TradeState, pnl_after, state_of
from stresstest.hedging.program.written_calls import coverage
from stresstest.hedging.rules.built import BuiltRule, Cone
from stresstest.hedging.tails.program import TailTerm

_STEP = 1e-6
_ROUNDING = 1e-14
"""Coefficients below this are differences of numbers near 1 that should be alike."""


class AffineMap(NamedTuple):
    """`matrix` `(m, n_lines + 1)` and `offset` `(m,)`: over the trades, and the cost of trading last."""

    matrix: FloatArray
    offset: FloatArray

    def at(self, trades: FloatArray, cost: float) -> FloatArray:
        """Return the values `(m,)` at trades `(n_lines,)`."""
        found: FloatArray = self.matrix[:, :-1] @ trades + self.matrix[:, -1] * cost + self.offset
        return found


class ConeRows(NamedTuple):
    """A cone of a rule: that the length of `vector` is at most the one row of `bound`.

    Attributes
    ----------
    shape
        The rule's own, for its power and for where it holds though the cone does not.
    """

    rule: str
    vector: AffineMap
    bound: AffineMap
    shape: Cone

    @property
    def is_sufficient(self) -> bool:
        """Whether the rule may hold where the cone does not."""
        return self.shape.is_kept is not None

    def breach(self, trades: FloatArray, cost: float) -> float:
        """Return by how much the trades break the rule."""
        return self.shape.breach(self.vector.at(trades, cost), float(self.bound.at(trades, cost)[0]))

    def turned(self, trades: FloatArray, cost: float) -> ConeRows:
        """Return the cone turned to where the trades are; itself where it cannot be turned."""
        if self.shape.turned is None:
            return self
        row = self.shape.turned(self.vector.at(trades, cost))
        bound = AffineMap(frozen((row @ self.vector.matrix)[np.newaxis]), frozen([row @ self.vector.offset]))
        return self._replace(bound=bound)


@dataclass(frozen=True, eq=False)
class TradeRows:
    """Rules and objective of a hedge at stated amounts.

    Attributes
    ----------
    rules, amounts
        What they are made of.
    limits
        Rules, cash, and shares under written calls: at most 0.
    owners
        Rule of each row of `limits`; empty for what holds by its nature.
    cones
        Of the rules.
    worst
        Factor and losses of each worst loss of the objective.
    tails
        Factor, term and quantities of each of its shortfalls.
    linear
        The rest of the objective, one row.
    """

    inputs: HedgeInputs
    rules: tuple[BuiltRule, ...]
    amounts: Mapping[str, float]
    limits: AffineMap
    owners: tuple[str, ...]
    cones: tuple[ConeRows, ...]
    worst: tuple[tuple[float, AffineMap], ...]
    tails: tuple[tuple[float, TailTerm, AffineMap], ...]
    linear: AffineMap

    @classmethod
    def of(cls, terms: ObjectiveTerms, rules: Sequence[BuiltRule], amounts: Mapping[str, float]) -> TradeRows:
        """Return the rows of `rules` at `amounts` and of the objective `terms`."""
        return RowMaker(terms).rows(rules, amounts)

    def cost(self, trades: FloatArray) -> float:
        """Return the cost of `(n_lines,)` trades without rolls, exactly."""
        held = self.inputs.n_held
        return self.inputs.costs.of(trades[:held], trades[held:]).trading

    def objective(self, trades: FloatArray) -> float:
        """Return the objective, each shortfall over all its draws."""
        cost = self.cost(trades)
        total = float(self.linear.at(trades, cost)[0])
        for factor, losses in self.worst:
            total += factor * max(0.0, float(losses.at(trades, cost).max()))
        for factor, term, quantities in self.tails:
            total += factor * term.shortfall(frozen(quantities.at(trades, cost)))
        return total

    def breach(self, trades: FloatArray) -> float:
        """Return by how much the trades break the worst of the rules; 0 or less where they keep to all."""
        cost = self.cost(trades)
        worst = float(self.limits.at(trades, cost).max(initial=-np.inf))
        return max([worst, *(cone.breach(trades, cost) for cone in self.cones)])

    def turned(self, trades: FloatArray) -> TradeRows:
        """Return the same with the cones that may be turned towards the trades."""
        cost = self.cost(trades)
        return replace(self, cones=tuple(cone.turned(trades, cost) for cone in self.cones))

    def slopes(self, rule: BuiltRule, trades: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the change of a rule's rows, and of the bounds of its cones, per unit of its amount.

        Rows that a rule has found since these were made are left out.
        """
        held, amount = self.inputs.n_held, self.amounts[rule.name]
        state = state_of(self.inputs, trades[:held], trades[held:], self.cost(trades))
        sides = [(_stacked(rule, state, at), _bounds(rule, state, at)) for at in _around(amount)]
        rows, bounds = ((above - below) / (2.0 * _STEP) for above, below in zip(*sides, strict=True))
        return rows[: self.owners.count(rule.name)], bounds


def _around(amount: float) -> tuple[float, float]:
    return amount + _STEP, amount - _STEP


def _stacked(rule: BuiltRule, state: TradeState, amount: float) -> FloatArray:
    parts = [np.atleast_1d(np.asarray(row, dtype=np.float64)) for row in rule.linear(state, amount)]
    return np.concatenate([np.zeros(0), *parts])


def _vector(rule: BuiltRule, amount: float, place: int, state: TradeState) -> Any:
    return rule.cones(state, amount)[place].vector


def _bound(rule: BuiltRule, amount: float, place: int, state: TradeState) -> Any:
    return rule.cones(state, amount)[place].bound


def _bounds(rule: BuiltRule, state: TradeState, amount: float) -> FloatArray:
    return np.array([float(cone.bound) for cone in rule.cones(state, amount) if np.size(cone.vector)])


class RowMaker:
    """Makes rows of rules at any amounts; those of a rule at one amount, and of the objective, are made once.

    Parameters
    ----------
    terms
        The objective, over the inputs that the rules are built for.
    """

    def __init__(self, terms: ObjectiveTerms) -> None:
        self.terms = terms
        self.inputs, held = terms.inputs, terms.inputs.n_held
        units = np.eye(self.inputs.n_lines)
        self._rest = state_of(self.inputs, np.zeros(held), np.zeros(len(units) - held), 0.0)
        # The book without trades, with a unit of each line traded, and with a unit of cost.
        self._states = [state_of(self.inputs, unit[:held], unit[held:], 0.0) for unit in units]
        self._states.append(self._rest._replace(cost=1.0))
        self._made: dict[tuple[str, float], tuple[AffineMap, tuple[ConeRows, ...]]] = {}

    def rows(self, rules: Sequence[BuiltRule], amounts: Mapping[str, float]) -> TradeRows:
        """Return the rows of `rules`, each name standing for one rule, at `amounts` and of the objective."""
        made = [self._of_rule(rule, amounts[rule.name]) for rule in rules]
        names = [*(rule.name for rule in rules), ""]
        parts = [*(part for part, _ in made), self._natural]
        limits = AffineMap(
            frozen(np.vstack([part.matrix for part in parts])),
            frozen(np.concatenate([part.offset for part in parts])),
        )
        return TradeRows(
            *(self.inputs, tuple(rules), amounts, limits),
            owners=tuple(name for name, part in zip(names, parts, strict=True) for _ in part.offset),
            cones=tuple(cone for _, cones in made for cone in cones),
            worst=self._worst,
            tails=self._tails,
            linear=self._objective,
        )

    def guides(self, rule: BuiltRule, amount: float) -> tuple[ConeRows, ...]:
        """Return the cones that lead to where a rule with rows without end holds, as they are now."""
        return tuple(self._cones(replace(rule, cones=rule.guides), amount))

    def forget(self, names: Collection[str]) -> None:
        """Make the rows of rules anew when they are next asked for: there are more of them now."""
        self._made = {key: made for key, made in self._made.items() if key[0] not in names}

    @cached_property
    def _natural(self) -> AffineMap:
        return self._map(self._by_nature)

    @cached_property
    def _worst(self) -> tuple[tuple[float, AffineMap], ...]:
        return tuple((factor, self._map(self._losses(columns))) for factor, columns in self.terms.worst)

    @cached_property
    def _tails(self) -> tuple[tuple[float, TailTerm, AffineMap], ...]:
        return tuple((part.factor, part.term, self._map(self._quantities)) for part in self.terms.tails)

    @cached_property
    def _objective(self) -> AffineMap:
        return self._map(lambda state: _linear(self.terms, state))

    def _of_rule(self, rule: BuiltRule, amount: float) -> tuple[AffineMap, tuple[ConeRows, ...]]:
        key = rule.name, amount
        if key not in self._made:
            rows = self._map(partial(_stacked, rule, amount=amount))
            self._made[key] = rows, tuple(self._cones(rule, amount))
        return self._made[key]

    def _map(self, function: Callable[[TradeState], Any]) -> AffineMap:
        offset = np.atleast_1d(np.asarray(function(self._rest), dtype=np.float64))
        columns = [np.atleast_1d(function(state)) - offset for state in self._states]
        matrix = np.array(columns).reshape(len(columns), len(offset)).T
        return AffineMap(frozen(np.where(np.abs(matrix) > _ROUNDING, matrix, 0.0)), frozen(offset))

    def _by_nature(self, state: TradeState) -> FloatArray:
        """Return that nothing is bought on credit, and that no written call becomes naked."""
        uncovered = [-row for row in coverage(self.inputs, state.after)]
        return np.array([min(0.0, self.inputs.cash_share) - state.free_cash, *uncovered])

    def _cones(self, rule: BuiltRule, amount: float) -> list[ConeRows]:
        found = []
        for place, shape in enumerate(rule.cones(self._rest, amount)):
            if np.size(shape.vector):
                vector = self._map(partial(_vector, rule, amount, place))
                bound = self._map(partial(_bound, rule, amount, place))
                found.append(ConeRows(rule.name, vector, bound, shape))
        return found

    def _losses(self, columns: Sequence[int]) -> Callable[[TradeState], FloatArray]:
        def losses(state: TradeState) -> FloatArray:
            found: FloatArray = -pnl_after(self.inputs, self.inputs.scenarios, state, columns)
            return found

        return losses

    def _quantities(self, state: TradeState) -> FloatArray:
        return np.append(state.after - self.inputs.held_shares, state.cost + state.rolls)


def _linear(terms: ObjectiveTerms, state: TradeState) -> float:
    return float(terms.cost * (state.cost + state.rolls) + terms.turnover * traded(terms.inputs, state))

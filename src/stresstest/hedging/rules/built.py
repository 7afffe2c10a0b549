"""What a family of rules makes of one rule: convex constraints, and the measured value from numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.measure_keys import Sense
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState


class Cone(NamedTuple):
    """That a length of `vector` is at most `bound`; both affine in the state.

    Attributes
    ----------
    power
        The length is (Σ|vector|^power)^(1/power): 2 or 4.
    is_kept
        Tells of a vector of numbers whether the rule holds there though the cone may not, where the cone only
        implies the rule; None where they are one.
    turned
        Of a cone that only implies its rule: `vector of numbers → (n_components,)` row whose product with the
        vector is a bound as well, and the largest that holds where the rule does at these numbers.
    """

    vector: Any
    bound: Any
    power: int = 2
    is_kept: Callable[[FloatArray], bool] | None = None
    turned: Callable[[FloatArray], FloatArray] | None = None

    def breach(self, vector: FloatArray, bound: float) -> float:
        """Return by how much numbers break the cone; −inf where the rule holds all the same."""
        if self.is_kept is not None and self.is_kept(vector):
            return -np.inf
        return self.length(vector) - bound

    def length(self, vector: FloatArray) -> float:
        """Return the length of numbers."""
        size = float(np.abs(vector).max(initial=0.0))
        return (
            size * float((np.abs(vector / size) ** self.power).sum()) ** (1.0 / self.power) if size else 0.0
        )

    def constraints(self) -> list[Any]:
        """Return the cone as constraints of cvxpy, second-order cones alone."""
        import cvxpy as cp

        from stresstest.hedging.program.cvxpy_atoms import length, stacked

        if self.power == 2:
            return [length(self.vector) <= self.bound]
        squares = cp.Variable(self.vector.shape[0], nonneg=True)
        sides = stacked([2.0 * self.vector, squares - self.bound])
        return [length(sides, axis=0) <= squares + self.bound, length(squares) <= self.bound]


ROOM = 4e-9
"""Breach of a row, as a share of the base value, that needs no further row."""

Linear = Callable[[TradeState, Any], list[Any]]
Cones = Callable[[TradeState, Any], list[Cone]]


def _no_rows(state: TradeState, amount: Any) -> list[Any]:
    del state, amount
    return []


@dataclass(frozen=True, slots=True)
class BuiltRule:
    """A rule over the inputs of a hedge.

    Attributes
    ----------
    linear
        `(state, amount) → values that must be 0 or less`, affine in the state.
    cones
        `(state, amount) → cones`.
    measured
        `state → value` that compares with the amount, recomputed from numbers.
    forbidden
        `amount → (n_lines,)` lines of which nothing may be held (bought candidates, positions left over).
    steps
        Amounts at which `forbidden` changes; empty for rules that are continuous in their amount.
    is_affine
        Whether the constraints are affine in the amount and the state together, so that the amount itself
        can be a variable.
    silence
        Why the rule asks nothing of this book; empty where it asks something.
    sharpened
        `(state, amount, room) → whether rows were added`: of a rule with rows without end, of which `linear`
        gives those found so far. Adds some that a state of numbers breaks by more than `room`; none where it
        breaks none. With a room below 0 the row of the worst near those known is added, broken or not.
    guides
        `(state, amount) → cones` close to such a rule where it was last seen to be broken: no constraints of
        the rule, but what leads to trades that keep it.
    """

    rule: Rule
    measured: Callable[[TradeState], float]
    linear: Linear = _no_rows
    cones: Cones = _no_rows
    forbidden: Callable[[float], BoolArray] | None = None
    steps: tuple[float, ...] = ()
    is_affine: bool = True
    silence: str = ""
    sharpened: Callable[[TradeState, float, float], bool] | None = None
    guides: Cones = _no_rows

    @property
    def name(self) -> str:
        """Name of the rule."""
        return self.rule.name

    @property
    def loosens(self) -> float:
        """1 where a larger amount allows more, −1 where a smaller one does."""
        return 1.0 if self.rule.sense is Sense.AT_MOST else -1.0

    def breach(self, state: TradeState, amount: float) -> float:
        """Return by how much a state of numbers breaks the rule at `amount`; 0 or less where it keeps it."""
        if self.sharpened is not None:
            self.sharpened(state, amount, ROOM)
        rows = [float(np.max(row)) for row in self.linear(state, amount) if np.size(row)]
        rows += [cone.breach(cone.vector, float(cone.bound)) for cone in self.cones(state, amount)]
        if self.forbidden is not None:
            left = np.abs(state.after)[self.forbidden(amount)]
            rows.append(float(left.max(initial=0.0)))
        return max(rows, default=-np.inf)


Builder = Callable[[Rule, HedgeInputs], BuiltRule]


def value_rows(inputs: HedgeInputs, members: FloatArray) -> FloatArray:
    """Return `(n_groups, n_lines)` market value per unit of scale, times each line's part in each group."""
    rows: FloatArray = members.reshape(len(members), inputs.n_lines) * inputs.value_per_scale
    return rows


def chosen(inputs: HedgeInputs, rule: Rule) -> BoolArray:
    """Return `(n_lines,)` whether the rule's selection takes a line; all without one."""
    select = rule.terms.select
    return np.array([select is None or select.matches(line.traits) for line in inputs.lines], np.bool_)


@dataclass(frozen=True, slots=True)
class Denominator:
    """What a share is a share of: |base value|, or cash and what is held of all with a price in the market.

    What is owed, sold short or borrowed is taken off neither, so that no book has less than nothing.

    Attributes
    ----------
    row
        `(n_lines,)` market value per unit of scale of what counts; None: the base value is the denominator.
    debit
        Cash owed before, as a share of the base value: it counts as none, and what repays it as cash.
    """

    row: FloatArray | None
    debit: float = 0.0

    @classmethod
    def of(cls, rule: Rule, inputs: HedgeInputs) -> Denominator:
        """Return the denominator that a rule names."""
        if rule.terms.of != "cash_and_listed":
            return cls(None)
        value = inputs.value_per_scale
        is_owed = np.where(inputs.held_shares != 0.0, inputs.held_shares, 1.0) * value < 0.0
        proxied = [inputs.book.instruments[line.legs[0].row].proxied is not None for line in inputs.lines]
        return cls(np.where(proxied | is_owed, 0.0, value), max(0.0, -inputs.cash_share))

    @property
    def is_base(self) -> bool:
        """Whether it is the base value, which no trade moves."""
        return self.row is None

    def at(self, state: TradeState, cash: Any) -> Any:
        """Return the denominator as a share of the base value, with `cash` for that of the state."""
        return 1.0 if self.row is None else cash + self.debit + self.row @ state.after

    def share(self, value: Any, state: TradeState) -> FloatArray:
        """Return numbers as shares of the denominator at a state of numbers; 0 where there is none of it."""
        whole = float(self.at(state, state.cash))
        found: FloatArray = np.asarray(value) / whole if whole > 0.0 else np.zeros_like(value)
        return found

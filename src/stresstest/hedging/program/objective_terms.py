"""What a policy minimises, over the state of a book after trades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.effects import Effects
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Objective
from stresstest.hedging.policies.scenario_names import ScenarioUse, resolved
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.hedging.tails.program import TailTerm

_ALL_OF_IT = 1.0 - 1e-12


@dataclass(frozen=True, slots=True)
class TailPart:
    """A shortfall and its factor in the objective."""

    factor: float
    term: TailTerm


@dataclass(frozen=True, eq=False)
class ObjectiveTerms:
    """The terms of an objective with the numbers that they are over.

    Attributes
    ----------
    worst
        Factor and columns of `inputs.scenarios` of each worst loss, 0 where no scenario loses: a book that
        cannot lose needs no hedge, and none to gain from.
    tails
        Shortfalls over `(change of each line, costs paid)` in shares of the base value.
    cost, turnover
        Factors of trading cost with rolls, and of the value traded.
    """

    inputs: HedgeInputs
    worst: tuple[tuple[float, list[int]], ...]
    tails: tuple[TailPart, ...]
    cost: float
    turnover: float

    def value(self, state: TradeState) -> float:
        """Return the objective at a state of numbers, each shortfall over all its draws."""
        total = self.cost * float(state.cost + state.rolls) + self.turnover * float(
            traded(self.inputs, state)
        )
        for factor, columns in self.worst:
            pnl = pnl_after(self.inputs, self.inputs.scenarios, state, columns)
            total += factor * max(0.0, float(-pnl.min()))
        quantities = np.append(state.after - self.inputs.held_shares, state.cost + state.rolls)
        return total + sum(part.factor * part.term.shortfall(frozen(quantities)) for part in self.tails)


def traded(inputs: HedgeInputs, state: TradeState) -> Any:
    """Return the value bought and sold as a share of the base value, swaps by their notional."""
    size = inputs.costs.size
    return size[: inputs.n_held] @ state.sell + size[inputs.n_held :] @ state.buy


def objective_terms(inputs: HedgeInputs) -> ObjectiveTerms:
    """Return the terms of the policy's objective over `inputs`."""
    worst: list[tuple[float, list[int]]] = []
    tails: list[TailPart] = []
    factors = {"cost": 0.0, "turnover": 0.0}
    for place, term in enumerate(inputs.policy.objective):
        if term.minimise == "worst_loss":
            worst.append((term.weight, _columns(inputs, term)))
        elif term.minimise in factors:
            factors[term.minimise] += term.weight
        else:
            tails += _parts(term, _sample_arrays(inputs, inputs.samples[place]))
    return ObjectiveTerms(inputs, tuple(worst), tuple(tails), **factors)


def _columns(inputs: HedgeInputs, term: Objective) -> list[int]:
    names = [one for name in term.scenarios for one in resolved(name, inputs.of_horizon(), inputs.worst)]
    return inputs.columns(
        [
            ScenarioUse(name, severity).column_name
            for name in dict.fromkeys(names)
            for severity in term.severities
        ]
    )


def _sample_arrays(inputs: HedgeInputs, sample: Effects) -> tuple[FloatArray, FloatArray]:
    """Return P&L of the book, and of lines and costs per share of the base value, for a tail term."""
    unit = np.vstack([inputs.per_scale(sample.unit), -np.ones(len(sample.before))])
    return frozen(sample.before / inputs.nav), frozen(unit)


def _parts(term: Objective, arrays: tuple[FloatArray, FloatArray]) -> Iterator[TailPart]:
    """Yield the shortfalls that a term is, at the worst probabilities within its distance of the draws'.

    Among all distributions within total variation r, the worst for a shortfall at level b has moved r from
    the best draws to the worst: r/(1 − b) · worst loss + (1 − r/(1 − b)) · shortfall at level b + r. A mean
    is the shortfall at level 0.
    """
    level = term.confidence_level if term.minimise == "expected_shortfall" else 0.0
    moved = term.ambiguity / (1.0 - level) if level < 1.0 else 1.0
    if moved < _ALL_OF_IT:
        yield TailPart(term.weight * (1.0 - moved), TailTerm(*arrays, max(level + term.ambiguity, 1e-15)))
    if moved > 0.0:
        yield TailPart(term.weight * min(moved, 1.0), TailTerm(*arrays, 1.0))

"""An expected shortfall as a variable of a cvxpy problem, and its rows for a part of the scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.hedging.tails.program import TailTerm

_ROUNDING = 1e-12
_SURE = 0.5
"""Share of the tail on either side of the quantile that is uncertain at first."""
_SCENARIOS_A_QUANTITY = 4
_FEWEST = 100


@dataclass(frozen=True, eq=False)
class ModelledTail:
    """A term over affine expressions of a problem.

    Attributes
    ----------
    quantities
        Affine, `(n_quantities,)`.
    term
        The shortfall as a function of them.
    shortfall
        A variable that stands for it wherever less is better: in the objective with a positive factor, on the
        smaller side of `<=`.
    """

    quantities: cp.Expression
    term: TailTerm
    shortfall: cp.Variable

    @classmethod
    def of(cls, quantities: cp.Expression, term: TailTerm) -> ModelledTail:
        """Return the shortfall of `term` at `quantities`, with a variable of its own.

        Raises
        ------
        ValueError
            When the quantities are not affine or not as many as the term has.
        """
        if not quantities.is_affine() or quantities.shape != (term.n_quantities,):
            raise ValueError(
                f"quantities {quantities.shape} for a term of {term.n_quantities}, or not affine"
            )
        return cls(quantities, term, cp.Variable(name="shortfall"))


@dataclass(frozen=True, eq=False)
class Partition:
    """Scenarios surely in the tail, which count as one; uncertain ones, of a row each; the rest is out.

    Any such partition gives less than the shortfall or as much, and exactly it where each scenario is where
    it belongs: `inside` with a loss of the quantile or more, those left out with no more. `kept` are those
    of `uncertain` that once were in a wrong place.
    """

    inside: BoolArray
    uncertain: BoolArray
    kept: BoolArray

    @classmethod
    def guess(cls, term: TailTerm, losses: FloatArray) -> Partition:
        """Return the partition by the order of `losses` `(n_scenarios,)`, with room around the quantile."""
        order, reached = _ranked(term, losses)
        inside, uncertain = np.zeros(len(losses), np.bool_), np.zeros(len(losses), np.bool_)
        low, high = _band(term, reached)
        inside[order[:low]] = term.tail_size > 0.0
        uncertain[order[low:high]] = True
        return cls(inside, uncertain, np.zeros(len(losses), np.bool_))

    @classmethod
    def whole(cls, term: TailTerm) -> Partition:
        """Return the partition with a row for every scenario that has a probability."""
        none = np.zeros(term.n_scenarios, np.bool_)
        return cls(none, term.weight_caps > 0.0, none)

    def moved(self, term: TailTerm, losses: FloatArray) -> Partition:
        """Return the partition by `losses`, with rows for ever for the scenarios that were in a wrong place.

        These become more from round to round or there are none, which ends the rounds.
        """
        order, reached = _ranked(term, losses)
        belongs = np.zeros(len(losses), np.bool_)
        belongs[order[: int(np.searchsorted(reached, 1.0 - _ROUNDING)) + 1]] = True
        is_out = ~self.inside & ~self.uncertain
        kept = self.kept | (self.inside & ~belongs) | (is_out & belongs)
        anew = Partition.guess(term, losses)
        return Partition(anew.inside & ~kept, anew.uncertain | kept, kept)

    def rows(self, tail: ModelledTail) -> list[cp.Constraint]:
        """Return the constraints that hold `tail.shortfall` above the shortfall of this partition."""
        term, quantities = tail.term, tail.quantities
        caps = term.weight_caps
        size = _size(term)
        loss = -(term.base_pnl[self.uncertain] + term.unit_pnl[:, self.uncertain].T @ quantities) / size
        if term.tail_size == 0.0:
            return [tail.shortfall / size >= loss]
        sure = caps[self.inside]
        constant = float((sure * term.base_pnl[self.inside]).sum()) / size
        slope = (term.unit_pnl[:, self.inside] * sure).sum(axis=1) / size
        quantile, excess = cp.Variable(), cp.Variable(int(self.uncertain.sum()), nonneg=True)
        inside = -constant - slope @ quantities
        beyond = (1.0 - float(sure.sum())) * quantile + caps[self.uncertain] @ excess
        return [excess + quantile >= loss, tail.shortfall / size >= inside + beyond]


def _size(term: TailTerm) -> float:
    """Return the size of the losses that rows are divided by."""
    size = float(np.abs(term.base_pnl).mean()) or float(np.abs(term.unit_pnl).mean())
    return size or 1.0


def _ranked(term: TailTerm, losses: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return scenarios by falling loss, and how much of the tail is filled up to each."""
    possible = np.flatnonzero(term.weight_caps > 0.0)
    order = possible[np.argsort(-losses[possible], kind="stable")]
    return order, np.cumsum(term.weight_caps[order])


def _band(term: TailTerm, reached: FloatArray) -> tuple[int, int]:
    """Return first and last place of the scenarios around the quantile that are uncertain."""
    room = int(max(_FEWEST, _SCENARIOS_A_QUANTITY * term.n_quantities))
    middle = int(np.searchsorted(reached, 1.0 - _ROUNDING))
    if term.tail_size == 0.0:
        return 0, min(len(reached), room)
    low = min(int(np.searchsorted(reached, 1.0 - _SURE)), middle - room)
    high = max(int(np.searchsorted(reached, 1.0 + _SURE)) + 1, middle + room)
    return max(low, 0), min(high, len(reached))

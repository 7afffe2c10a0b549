"""An expected shortfall as a variable of a cvxpy problem, and its rows for a part of the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.tails.program import TailTerm
from stresstest.hedging.tails.split import Split

_SMALLEST = 1e-300


@dataclass(frozen=True, eq=False)
class ModelledTail:
    """A term over affine expressions of a problem.

    Attributes
    ----------
    quantities
        Affine, `(n_quantities,)`.
    term
        The shortfall as a function of them.
    multiple
        The variable behind it: the shortfall in multiples of the size of the losses, near 1 for a solver.
    """

    quantities: cp.Expression
    term: TailTerm
    multiple: cp.Variable

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

    @property
    def size(self) -> float:
        """The size of the losses: a mean absolute P&L, of the book or else of one unit."""
        size = float(np.abs(self.term.base_pnl).mean()) or float(np.abs(self.term.unit_pnl).mean())
        return size or 1.0

    @property
    def shortfall(self) -> cp.Expression:
        """What stands for the shortfall wherever less is better.

        That is in the objective with a positive factor, and on the smaller side of `<=`.
        """
        shortfall: cp.Expression = self.multiple * self.size
        return shortfall

    def rows(self, split: Split) -> list[cp.Constraint]:
        """Return the constraints that hold the variable above the shortfall of `split`."""
        term, caps, size = self.term, self.term.weight_caps, self.size
        doubtful, inside = np.flatnonzero(split.doubtful), np.flatnonzero(split.inside)
        unit_pnl = np.take(term.unit_pnl, doubtful, axis=1).T
        loss = -(term.base_pnl[doubtful] + unit_pnl @ self.quantities) / size
        if term.tail_size == 0.0:
            return [self.multiple >= loss]
        constant = float((caps[inside] * term.base_pnl[inside]).sum()) / size
        slope = (np.take(term.unit_pnl, inside, axis=1) * caps[inside]).sum(axis=1) / size
        quantile, excess = cp.Variable(), cp.Variable(len(doubtful), nonneg=True)
        beyond = (1.0 - float(caps[inside].sum())) * quantile + caps[doubtful] @ excess
        sure = -constant - slope @ self.quantities
        return [excess + quantile >= loss, self.multiple >= sure + beyond]

    def losses(self) -> FloatArray:
        """Return the losses `(n_scenarios,)` at the values of the quantities, at zeros without such."""
        return self.term.losses(self._values())

    def correct(self) -> float:
        """Give the variable the shortfall over all scenarios; return how much, relatively, it was too low."""
        true = self.term.shortfall(self._values())
        modelled = float(np.asarray(self.shortfall.value))
        self.multiple.value = np.float64(true / self.size)
        return (true - modelled) / max(abs(true), _SMALLEST)

    @contextmanager
    def raised(self) -> Iterator[None]:
        """Raise the value of the variable by one size of the losses while the block runs."""
        value = self.multiple.value
        self.multiple.value = np.asarray(value) + 1.0
        yield
        self.multiple.value = value

    def _values(self) -> FloatArray:
        value = self.quantities.value
        return np.zeros(self.term.n_quantities) if value is None else np.asarray(value, dtype=np.float64)

"""What is minimised: expected shortfalls that are linear in quantities, linear costs, linear limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.scenario_sums import add_quantities
from stresstest.measures.tail import expected_shortfall, worst_loss

_SUM_TOLERANCE = 1e-9


class Status(Enum):
    """How a search ended; only `OPTIMAL` is one that the certificate confirmed."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, eq=False)
class TailTerm:
    """Expected shortfall of a book as a function of the quantities added to it.

    In scenario s the loss is −(base_pnl[s] + Σ quantity[i] · unit_pnl[i, s]), positive for a loss.

    Attributes
    ----------
    base_pnl
        `(n_scenarios,)` P&L of the book as it is, a gain positive; zeros for an allocation from nothing.
    unit_pnl
        `(n_quantities, n_scenarios)` P&L of one unit of each candidate, in the same currency.
    confidence_level
        In (0, 1]; at 1 the term is the worst loss among scenarios of positive probability.
    probability
        `(n_scenarios,)`, at least 0, sum 1; None: all alike.

    Raises
    ------
    ValueError
        For shapes that do not fit, numbers that are not finite, levels and probabilities outside the above.
    """

    base_pnl: FloatArray
    unit_pnl: FloatArray
    confidence_level: float
    probability: FloatArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_pnl", frozen(self.base_pnl))
        object.__setattr__(self, "unit_pnl", _frozen_once(self.unit_pnl))
        if self.base_pnl.ndim != 1 or self.unit_pnl.ndim != 2 or self.n_scenarios == 0:
            raise ValueError("P&L is (n_scenarios,) of the book and (n_quantities, n_scenarios) of one unit")
        if self.unit_pnl.shape[1] != self.n_scenarios:
            raise ValueError(
                f"{self.unit_pnl.shape[1]} scenarios of the units, {self.n_scenarios} of the book"
            )
        if not (np.isfinite(self.base_pnl).all() and np.isfinite(self.unit_pnl).all()):
            raise ValueError("a P&L is not finite: leave such a scenario or candidate out")
        if not 0.0 < self.confidence_level <= 1.0:
            raise ValueError(f"confidence level {self.confidence_level!r} is not in (0, 1]")
        if self.probability is not None:
            object.__setattr__(self, "probability", _checked(frozen(self.probability), self.n_scenarios))

    @property
    def n_scenarios(self) -> int:
        """Number of scenarios."""
        return len(self.base_pnl)

    @property
    def n_quantities(self) -> int:
        """Number of candidates."""
        return len(self.unit_pnl)

    @property
    def tail_size(self) -> float:
        """Probability of the tail, 1 − confidence level; 0 for the worst loss."""
        return 1.0 - self.confidence_level

    @property
    def weight_caps(self) -> FloatArray:
        """`(n_scenarios,)` largest share of the tail that each scenario can be: probability ÷ tail size.

        The shortfall is the largest Σ share · loss over shares that add to 1 and keep to these caps
        (R. T. Rockafellar, S. Uryasev, S. Zabarankin, Finance and Stochastics 10 (2006) 51, example 3).
        """
        chance = np.full(self.n_scenarios, 1.0 / self.n_scenarios)
        if self.probability is not None:
            chance = self.probability
        if self.tail_size == 0.0:
            return np.where(chance > 0.0, 1.0, 0.0)
        return np.minimum(chance / self.tail_size, 1.0)

    def losses(self, quantities: FloatArray) -> FloatArray:
        """Return the loss in each scenario `(n_scenarios,)` with `quantities` `(n_quantities,)`."""
        total = self.base_pnl.copy()
        add_quantities(frozen(quantities), self.unit_pnl, total)
        return -total

    def shortfall(self, quantities: FloatArray) -> float:
        """Return the expected shortfall, or worst loss at level 1, with `quantities`."""
        losses = self.losses(quantities)
        if self.tail_size == 0.0:
            return worst_loss(losses, self.probability)
        return expected_shortfall(losses, self.confidence_level, self.probability)


@dataclass(frozen=True, slots=True, eq=False)
class LinearLimits:
    """Bounds of the variables, and rows `row_lower <= matrix · variables <= row_upper`.

    Attributes
    ----------
    lower, upper
        `(n_variables,)`, −inf and inf where there is none.
    matrix
        `(n_rows, n_variables)`.
    row_lower, row_upper
        `(n_rows,)`; equal for an equation.
    """

    lower: FloatArray
    upper: FloatArray
    matrix: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray

    def __post_init__(self) -> None:
        for name in ("lower", "upper", "matrix", "row_lower", "row_upper"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        shape = (len(self.row_lower), len(self.lower))
        if self.upper.shape != self.lower.shape or self.row_upper.shape != self.row_lower.shape:
            raise ValueError("lower and upper limits differ in number")
        if self.matrix.shape != shape:
            raise ValueError(f"a matrix {self.matrix.shape} for {shape[0]} rows of {shape[1]} variables")
        ends = (self.lower, self.upper, self.row_lower, self.row_upper)
        if any(np.isnan(end).any() for end in ends) or not np.isfinite(self.matrix).all():
            raise ValueError("a limit is not a number")

    @property
    def n_variables(self) -> int:
        """Number of variables."""
        return len(self.lower)

    @classmethod
    def of(
        cls, lower: FloatArray, upper: FloatArray, rows: Sequence[tuple[FloatArray, float, float]] = ()
    ) -> LinearLimits:
        """Return the limits of bounds and `rows` of (coefficients, lower, upper).

        Examples
        --------
        >>> budget = (np.ones(3), 1.0, 1.0)
        >>> LinearLimits.of(np.zeros(3), np.ones(3), [budget]).matrix.shape
        (1, 3)
        """
        matrix = np.array([row for row, _, _ in rows]).reshape(len(rows), len(lower))
        row_lower = np.array([low for _, low, _ in rows], dtype=np.float64)
        row_upper = np.array([high for _, _, high in rows], dtype=np.float64)
        return cls(lower, upper, matrix, row_lower, row_upper)


@dataclass(frozen=True, slots=True, eq=False)
class TailProgram:
    """Minimise cost · variables + Σ weight · shortfall(quantities) within limits.

    Attributes
    ----------
    terms
        The shortfalls, over the same quantities: of one scenario set at several levels, of several sets.
    limits
        What the variables must keep to.
    cost
        `(n_variables,)` cost of one unit of each variable, in the currency of the losses.
    weights
        `(n_terms,)` above 0; empty: all 1.
    exposure
        `(n_quantities, n_variables)`, quantities = exposure · variables, such as `[I, −I]` for amounts
        bought and sold at different cost; None: the variables are the quantities.

    Raises
    ------
    ValueError
        For shapes that do not fit, numbers that are not finite, weights of 0 or below.
    """

    terms: tuple[TailTerm, ...]
    limits: LinearLimits
    cost: FloatArray
    weights: tuple[float, ...] = ()
    exposure: FloatArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "cost", frozen(self.cost))
        object.__setattr__(self, "weights", tuple(self.weights) or (1.0,) * len(self.terms))
        if self.exposure is not None:
            object.__setattr__(self, "exposure", frozen(self.exposure))
        n_variables = self.limits.n_variables
        if not self.terms or len(self.weights) != len(self.terms):
            raise ValueError("a tail program has one term or more, and a weight for each")
        if not all(np.isfinite(weight) and weight > 0.0 for weight in self.weights):
            raise ValueError("weights of shortfalls are above 0: leave a term out, below 0 it is concave")
        if self.cost.shape != (n_variables,) or not np.isfinite(self.cost).all():
            raise ValueError("costs are finite, one a variable")
        shapes = {(term.n_quantities, n_variables) for term in self.terms}
        if self.exposure is None:
            shapes |= {(n_variables, n_variables)}
        elif not np.isfinite(self.exposure).all():
            raise ValueError("an exposure is not finite")
        else:
            shapes |= {self.exposure.shape}
        if len(shapes) > 1:
            raise ValueError("terms, exposure and variables differ in number")

    def quantities(self, variables: FloatArray) -> FloatArray:
        """Return the quantities `(n_quantities,)` of `variables` `(n_variables,)`, summed in fixed order."""
        if self.exposure is None:
            return frozen(variables)
        return frozen((self.exposure * variables).sum(axis=1))

    def by_variable(self, by_quantity: FloatArray) -> FloatArray:
        """Return a gradient `(n_quantities,)` in quantities as one `(n_variables,)` in variables."""
        if self.exposure is None:
            return by_quantity
        gradient: FloatArray = (self.exposure * by_quantity[:, np.newaxis]).sum(axis=0)
        return gradient

    def size_by_variable(self, by_quantity: FloatArray) -> FloatArray:
        """Return what sizes `(n_quantities,)` of a gradient's parts add to in variables `(n_variables,)`."""
        if self.exposure is None:
            return by_quantity
        size: FloatArray = (np.abs(self.exposure) * by_quantity[:, np.newaxis]).sum(axis=0)
        return size

    def objective(self, variables: FloatArray) -> float:
        """Return cost plus weighted shortfalls at `variables`."""
        quantities = self.quantities(variables)
        shortfalls = (term.shortfall(quantities) for term in self.terms)
        tails = sum(weight * value for weight, value in zip(self.weights, shortfalls, strict=True))
        return float((self.cost * variables).sum() + tails)


def _frozen_once(matrix: FloatArray) -> FloatArray:
    """Return `matrix` frozen, without a copy where it already is and owns its numbers: it can be large."""
    is_frozen = isinstance(matrix, np.ndarray) and matrix.dtype == np.float64 and not matrix.flags.writeable
    if is_frozen and matrix.flags.c_contiguous and matrix.base is None:
        return matrix
    return frozen(matrix)


def _checked(probability: FloatArray, n_scenarios: int) -> FloatArray:
    if probability.shape != (n_scenarios,) or not (probability >= 0.0).all():
        raise ValueError("probabilities are one a scenario and at least 0")
    if abs(float(probability.sum()) - 1.0) > _SUM_TOLERANCE:
        raise ValueError(f"probabilities add to {float(probability.sum())!r}, not 1")
    return probability

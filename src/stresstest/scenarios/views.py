"""Views on a sample: means, ranks and probabilities that a reweighting is to have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.errors import Problem

Relation = Literal["==", ">=", "<="]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A linear constraint on probabilities p of columns: Σ pⱼ·valuesⱼ `relation` target.

    Attributes
    ----------
    name
        What problems call it.
    values
        `(n_columns,)` of a sample without the base column.
    relation
        `==`, `>=` or `<=`.
    target
        In the unit of `values`.
    """

    name: str
    values: FloatArray
    relation: Relation
    target: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen(self.values))
        if self.relation not in ("==", ">=", "<="):
            raise ValueError(f"relation {self.relation!r} is none of ==, >=, <=")

    @property
    def text(self) -> str:
        """The view in words."""
        return f"{self.name} {self.relation} {self.target:g}"

    @property
    def gap(self) -> FloatArray:
        """Return `(n_columns,)` values − target, for `<=` the negative: an inequality asks for 0 or more."""
        return self.target - self.values if self.relation == "<=" else self.values - self.target

    def problem(self, n_columns: int) -> Problem | None:
        """Return what is wrong with the view on `n_columns` columns, or None."""
        if self.values.shape != (n_columns,):
            got = f"view {self.name!r} on {self.values.size:,} columns"
            return Problem("ST346", got, f"one number for each of the {n_columns:,} columns of the sample")
        if not np.isfinite(self.values).all() or not np.isfinite(self.target):
            return Problem("ST346", f"view {self.name!r} with numbers that are not finite", "finite numbers")
        low, high = float(self.values.min()), float(self.values.max())
        too_high = self.target > high and self.relation != "<="
        too_low = self.target < low and self.relation != ">="
        if too_high or too_low:
            expected = f"a value within the sample, {low:g} to {high:g}"
            return Problem("ST347", f"view {self.text!r}, which no reweighting reaches", expected)
        return None


def mean_view(name: str, values: FloatArray, relation: Relation, target: float) -> View:
    """Return the view that the mean of `values` `(n_columns,)` is equal to, at least or at most `target`."""
    return View(name, values, relation, target)


def probability_view(name: str, event: BoolArray, relation: Relation, target: float) -> View:
    """Return the view that the probability of `event` `(n_columns,)` is as `relation` says to `target`."""
    return View(name, event.astype(np.float64), relation, target)


def rank_view(name: str, higher: FloatArray, lower: FloatArray) -> View:
    """Return the view that `higher` has a mean of at least that of `lower`; both `(n_columns,)`."""
    return View(name, frozen(higher) - frozen(lower), ">=", 0.0)

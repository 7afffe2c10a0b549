"""Cones within a program: as they are, or bounded from outside component by component.

A length (Σ|v|^p)^(1/p) ≤ b is Σ t ≤ b with t_i ≥ |v_i|^p ÷ b^(p−1). Each of these is bounded from below by
tangents: at the ratio r = v_i ÷ b it is t_i ≥ p·r^(p−1)·v_i − (p−1)·r^p·b. Cuts of single components come to
the border in a few rounds where cuts of the whole cone need hundreds (J. P. Vielma, I. Dunning, J. Huchette,
M. Lubin, Extended formulations in mixed integer conic quadratic programming, Math. Prog. Comp. 9 (2017) 369).
A tangent holds for any bound, so that those of one program serve every other over the same rules.
"""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.program.cvxpy_atoms import times, total
from stresstest.hedging.program.trade_rows import ConeRows
from stresstest.hedging.rules.built import Cone

_GRID = 0.05
_LARGEST = 0.75
"""Ratios of components to the bound at which a program with switches is cut from the start: its choices of
lines are far from each other, and a component of one may be 0 in the next."""
_TIGHT = 0.1
"""Part of the bound within which a cone is tight, so that other choices of lines may break it."""
_SMALLEST_BOUND = 1e-6
_SMALLEST_RATIO = 1e-5
"""Part of the bound that a component is cut at: of a smaller one not even the power matters."""


class ModelledCone:
    """One cone of a rule in a program.

    Attributes
    ----------
    bound
        Variable at most the rule's bound, by `border`, whose multiplier is the price of that.
    is_active
        Whether the cone takes part; one that only implies its rule does where the rule would break.
    """

    def __init__(self, rows: ConeRows, point: cp.Expression, slope: Any = 0.0, *, whole: bool) -> None:
        self.rows, self._whole = rows, whole
        self.is_active = not rows.is_sufficient
        count = len(rows.vector.offset)
        self.bound = cp.Variable(nonneg=True, name="bound")
        self._vector = cp.Variable(count, name="components")
        self._parts = cp.Variable(count, nonneg=True, name="parts")
        self.border = self.bound <= rows.bound.matrix[0] @ point + rows.bound.offset[0] + slope
        self._rows = [self._vector == rows.vector.matrix @ point + rows.vector.offset]
        shape = Cone(self._vector, self.bound, rows.shape.power)
        self._rows += shape.constraints() if whole else [total(self._parts) <= self.bound]
        self._cuts: list[tuple[Any, FloatArray, FloatArray]] = []

    def constraints(self) -> list[cp.Constraint]:
        """Return the cone as it stands; nothing while it takes no part."""
        if not self.is_active:
            return []
        if self._whole or not self._cuts:
            return [self.border, *self._rows]
        place, slope, offset = (np.concatenate(parts) for parts in zip(*self._cuts, strict=True))
        cuts = self._parts[place] >= times(slope, self._vector[place]) - offset * self.bound
        return [self.border, *self._rows, cuts]

    def breach(self, trades: FloatArray, cost: float) -> float:
        """Return by how much the trades break the rule."""
        return self.rows.breach(trades, cost)

    def spread_cuts(self, trades: FloatArray, cost: float, most: FloatArray) -> None:
        """Cut at ratios all over the reach of each component where the cone is tight; else leave it out.

        Parameters
        ----------
        trades
            Where it is tight or not.
        most
            `(n_lines,)` largest trades.
        """
        vector, bound = self._near(trades, cost)
        if self.rows.shape.length(vector) < (1.0 - _TIGHT) * bound:
            self.is_active = False
            return
        offset = self.rows.vector.offset
        ends = self.rows.vector.matrix[:, :-1] * most
        high, low = offset + np.maximum(ends, 0.0).max(axis=1), offset + np.minimum(ends, 0.0).min(axis=1)
        for ratio in np.arange(_GRID, _LARGEST, _GRID):
            for sign, reach in ((1.0, high), (-1.0, -low)):
                rows = np.flatnonzero(reach / bound > ratio - _GRID)
                self._add(rows, np.full(len(rows), sign * ratio))

    def cut_at(self, trades: FloatArray, cost: float) -> None:
        """Cut where trades are, those of another program or of this one."""
        if self._whole:
            return
        vector, bound = self._near(trades, cost)
        ratios = _within(vector / bound)
        rows = np.flatnonzero(np.abs(ratios) > _SMALLEST_RATIO)
        self._add(rows, ratios[rows])

    def _near(self, trades: FloatArray, cost: float) -> tuple[FloatArray, float]:
        """Return the vector, and the bound as a number that may be divided by."""
        vector, bound = self.rows.vector.at(trades, cost), float(self.rows.bound.at(trades, cost)[0])
        return vector, max(bound, self.rows.shape.length(vector) * _SMALLEST_BOUND, 1e-12)

    def _add(self, rows: Any, ratios: FloatArray) -> None:
        power, size = self.rows.shape.power, np.abs(ratios)
        self._cuts.append((rows, power * np.sign(ratios) * size ** (power - 1), (power - 1) * size**power))


def _within(ratios: FloatArray) -> FloatArray:
    """Return `ratios` of a component to the bound, none beyond ±1.

    No component of the cone is longer than its bound, so the tangent at 1 cuts off all that is beyond; one
    where the bound was nearly 0 has coefficients that no solver can add up.
    """
    return np.clip(ratios, -1.0, 1.0)

"""Cones bounded from outside, component by component.

A length (Σ|v|^p)^(1/p) ≤ b is Σ t ≤ b with t_i ≥ |v_i|^p ÷ b^(p−1). Each of these is bounded from below by
tangents: at the ratio r = v_i ÷ b it is t_i ≥ p·r^(p−1)·v_i − (p−1)·r^p·b. Cuts of single components come to
the border in a few rounds where cuts of the whole cone need hundreds (J. P. Vielma, I. Dunning, J. Huchette,
M. Lubin, Extended formulations in mixed integer conic quadratic programming, Math. Prog. Comp. 9 (2017) 369).
"""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.rules.built import Cone


class ConeCuts:
    """One cone of a rule within a linear program.

    Attributes
    ----------
    rows
        Constraints so far.
    """

    def __init__(self, cone: Cone) -> None:
        self.cone = cone
        self._vector = cp.Variable(cone.vector.shape[0], name="components")
        self._parts = cp.Variable(cone.vector.shape[0], nonneg=True, name="parts")
        self.rows: list[cp.Constraint] = [self._vector == cone.vector, cp.sum(self._parts) <= cone.bound]

    def cut(self, tolerance: float) -> bool:
        """Add tangents where the point found breaks the cone by more than `tolerance`; tell whether it did."""
        vector = np.asarray(self.cone.vector.value)
        bound = float(getattr(self.cone.bound, "value", self.cone.bound))
        if self.cone.breach(vector, bound) <= tolerance:
            return False
        bound = max(bound, self.cone.length(vector) * 1e-6)
        ratio = vector / bound
        short = np.abs(ratio) ** self.cone.power * bound - np.asarray(self._parts.value)
        self._add(ratio, short > 0.1 * tolerance / len(vector))
        return True

    def _add(self, ratio: FloatArray, chosen: Any) -> None:
        power, rows = self.cone.power, np.flatnonzero(chosen)
        slope = power * np.sign(ratio[rows]) * np.abs(ratio[rows]) ** (power - 1)
        offset = (power - 1) * np.abs(ratio[rows]) ** power
        self.rows.append(
            self._parts[rows] >= cp.multiply(slope, self._vector[rows]) - offset * self.cone.bound
        )

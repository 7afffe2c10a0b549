"""Joint moves of chosen risk factors over a horizon: covariance, distance, and what may move freely."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.matrices import lower_factor, product, solved, solved_lower, weighted_gram


@dataclass(frozen=True, slots=True, eq=False)
class MoveSpace:
    """Moves x of n risk factors in their change spaces, Gaussian with covariance S = h·(G Gᵀ + D).

    Attributes
    ----------
    keys
        `(n,)`, all of the model.
    loadings
        G = B L, `(n, n_factors)`, with L Lᵀ the covariance of the systematic factors a year.
    own_variance
        Diagonal of D, `(n,)`, a year.
    years
        Horizon h.
    """

    keys: tuple[RiskFactorKey, ...]
    loadings: FloatArray
    own_variance: FloatArray
    years: float

    @classmethod
    def of(cls, model: FactorModel, regime: str, keys: Sequence[RiskFactorKey], years: float) -> MoveSpace:
        """Return the space of some factors of a model in a regime."""
        rows = frozen_int([model.rows[key] for key in keys])
        root = lower_factor(model.covariance[regime])
        own = model.idiosyncratic_vol[regime][rows]
        return cls(tuple(keys), frozen(product(model.exposures[rows], root)), frozen(own * own), years)

    @property
    def deviations(self) -> FloatArray:
        """`(n,)` standard deviation of each move over the horizon."""
        return frozen(np.sqrt(self.years * ((self.loadings**2).sum(axis=1) + self.own_variance)))

    def covariance_times(self, gradient: FloatArray) -> FloatArray:
        """Return S g for g `(n,)`."""
        common = self.loadings @ (self.loadings.T @ gradient)
        return self.years * (common + self.own_variance * gradient)

    def distance(self, move: FloatArray) -> float:
        """Return √(xᵀ S⁻¹ x) by Woodbury: as many equations as there are systematic factors."""
        precision = frozen(1.0 / self.own_variance)
        lower = lower_factor(
            weighted_gram(self.loadings, precision, self.loadings) + np.eye(self.loadings.shape[1])
        )
        pull = weighted_gram(self.loadings, precision, move.reshape(-1, 1))
        explained = solved_lower(lower, pull)
        squared = float((move * move * precision).sum()) - float((explained * explained).sum())
        return sqrt(max(squared, 0.0) / self.years)

    def cosine(self, one: FloatArray, other: FloatArray) -> float:
        """Return the cosine of the angle between two moves in the metric S⁻¹."""
        lengths = self.distance(one), self.distance(other)
        if not min(lengths) > 0.0:
            return 1.0
        both = self.distance(one + other)
        return (both**2 - lengths[0] ** 2 - lengths[1] ** 2) / (2.0 * lengths[0] * lengths[1])

    def holding(self, held: Collection[RiskFactorKey]) -> MoveSpace:
        """Return the space of the factors that are left where those of `held` do not move: S given x_h = 0.

        S_ff − S_fh S_hh⁻¹ S_hf keeps the form: the systematic factors' covariance given what is held at 0.
        """
        kept = [place for place, key in enumerate(self.keys) if key not in held]
        still = [place for place, key in enumerate(self.keys) if key in held]
        if not still:
            return self
        fixed, precision = self.loadings[still], frozen(1.0 / self.own_variance[still])
        lower = lower_factor(weighted_gram(fixed, precision, fixed) + np.eye(fixed.shape[1]))
        free = solved(lower, np.eye(fixed.shape[1]))
        root = lower_factor(frozen((free + free.T) / 2.0))
        keys = tuple(self.keys[place] for place in kept)
        return MoveSpace(keys, frozen(self.loadings[kept] @ root), frozen(self.own_variance[kept]), self.years)

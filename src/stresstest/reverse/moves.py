"""Joint moves of chosen risk factors over a horizon: what drives them, how far they go, what stands still."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.matrices import lower_factor, product, solved, solved_lower, weighted_gram

OWN = "own moves of "
"""Begins the name of a driver that is what a group's factors do apart from all systematic ones."""


@dataclass(frozen=True, eq=False)
class MoveSpace:
    """Moves x = B f + e of n risk factors, Gaussian: f of covariance h·C, e independent of f and each other.

    A move has coordinates z: independent standard normals that make up f, then those that make up e; its
    length |z| is the distance of f and e together, and of all z of one x the least is √(xᵀ S⁻¹ x) with
    S = h·(B C Bᵀ + D). Where drivers are held, z lacks them: f given that they are 0.

    Attributes
    ----------
    keys
        `(n,)`, all of the model.
    factors, exposures, covariance
        Names of the k systematic factors, B `(n, k)`, C `(k, k)` a year.
    own_deviation
        `(n,)` of e per square root of a year, positive: S is never singular.
    groups
        `(n,)` group of each factor: its own move is part of the driver `OWN` + group.
    years
        Horizon h.
    held
        Drivers that stand still.
    """

    keys: tuple[RiskFactorKey, ...]
    factors: tuple[str, ...]
    exposures: FloatArray
    covariance: FloatArray
    own_deviation: FloatArray
    groups: tuple[str, ...]
    years: float
    held: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, model: FactorModel, regime: str, groups: Mapping[RiskFactorKey, str], years: float
    ) -> MoveSpace:
        """Return the space of some factors of a model, each with its group, in a regime."""
        keys = tuple(groups)
        rows = frozen_int([model.rows[key] for key in keys])
        exposures, own = model.exposures[rows], model.idiosyncratic_vol[regime][rows]
        names = tuple(groups.values())
        return cls(
            keys, model.factors, frozen(exposures), model.covariance[regime], frozen(own), names, years
        )

    def holding(self, drivers: Collection[str]) -> MoveSpace:
        """Return the space in which `drivers` stand still too."""
        return replace(self, held=self.held | frozenset(drivers))

    @property
    def drivers(self) -> tuple[str, ...]:
        """Names of what may move: systematic factors, then the own moves of each group."""
        every = (*self.factors, *(OWN + group for group in dict.fromkeys(self.groups)))
        return tuple(driver for driver in every if driver not in self.held)

    @property
    def deviations(self) -> FloatArray:
        """`(n,)` standard deviation of each move over the horizon, nothing held."""
        systematic = (product(self.exposures, self.covariance) * self.exposures).sum(axis=1)
        return frozen(np.sqrt(self.years * (systematic + self.own_deviation**2)))

    def move(self, coordinates: FloatArray) -> FloatArray:
        """Return the moves `(…, n)` of coordinates `(…, m + n)`, m the number of free systematic factors."""
        n_systematic = self._loadings.shape[1]
        own = coordinates[..., n_systematic:] * self._own
        return coordinates[..., :n_systematic] @ self._loadings.T + own

    def pull(self, gradient: FloatArray) -> FloatArray:
        """Return `(m + n,)` the gradient in coordinates of a gradient in moves `(n,)`."""
        return np.concatenate([gradient @ self._loadings, gradient * self._own])

    def parts(self, coordinates: FloatArray, gradient: FloatArray) -> dict[str, float]:
        """Return by driver gradient times its part of the move; they add up to gradient times move."""
        n_systematic = self._loadings.shape[1]
        shifts = self._root @ coordinates[:n_systematic]
        systematic = (gradient @ self.exposures[:, self._free]) * shifts
        parts = dict(zip((self.factors[place] for place in self._free), systematic.tolist(), strict=True))
        own = gradient * self._own * coordinates[n_systematic:]
        for group, part in zip(self.groups, own.tolist(), strict=True):
            if OWN + group not in self.held:
                parts[OWN + group] = parts.get(OWN + group, 0.0) + part
        return parts

    def shifts(self, coordinates: FloatArray) -> dict[str, float]:
        """Return how far each systematic factor moves, in its standard deviations over the horizon."""
        moved = self._root @ coordinates[: self._loadings.shape[1]]
        sizes = np.sqrt(self.years * np.diag(self.covariance))
        return {
            self.factors[place]: float(shift / sizes[place])
            for place, shift in zip(self._free, moved, strict=True)
        }

    def distance(self, move: FloatArray) -> float:
        """Return √(xᵀ S⁻¹ x), nothing held, by Woodbury: one equation a systematic factor."""
        precision, loadings, lower = self._woodbury
        pull = weighted_gram(loadings, precision, move.reshape(-1, 1))
        explained = solved_lower(lower, pull)
        squared = float((move * move * precision).sum()) - float((explained * explained).sum())
        return sqrt(max(squared, 0.0) / self.years)

    def weighed(self, moves: FloatArray) -> FloatArray:
        """Return S⁻¹ x `(n, k)` of moves x `(n, k)`, nothing held, by Woodbury."""
        precision, loadings, lower = self._woodbury
        pulled = solved(lower, weighted_gram(loadings, precision, moves))
        return frozen(precision[:, np.newaxis] * (moves - product(loadings, pulled)) / self.years)

    def cosine(self, one: FloatArray, other: FloatArray) -> float:
        """Return the cosine of the angle between two moves in the metric S⁻¹; 1 where one of them is 0."""
        lengths = self.distance(one), self.distance(other)
        if not min(lengths) > 0.0:
            return 1.0
        both = self.distance(one + other)
        return (both**2 - lengths[0] ** 2 - lengths[1] ** 2) / (2.0 * lengths[0] * lengths[1])

    @cached_property
    def _woodbury(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        loadings = product(self.exposures, lower_factor(self.covariance))
        precision = frozen(1.0 / self.own_deviation**2)
        gram = weighted_gram(loadings, precision, loadings)
        return precision, loadings, lower_factor(frozen(gram + np.eye(len(self.factors))))

    @cached_property
    def _free(self) -> list[int]:
        return [place for place, name in enumerate(self.factors) if name not in self.held]

    @cached_property
    def _root(self) -> FloatArray:
        """`(m, m)` root of the covariance over the horizon of free factors given that the others are 0."""
        still = [place for place, name in enumerate(self.factors) if name in self.held]
        given = self.covariance[np.ix_(self._free, self._free)]
        if still and self._free:
            lower = lower_factor(frozen(self.covariance[np.ix_(still, still)]))
            explained = solved_lower(lower, frozen(self.covariance[np.ix_(still, self._free)]))
            given = given - explained.T @ explained
        return frozen(sqrt(self.years) * lower_factor(frozen(given))) if self._free else frozen(given)

    @cached_property
    def _loadings(self) -> FloatArray:
        return product(frozen(self.exposures[:, self._free]), self._root)

    @cached_property
    def _own(self) -> FloatArray:
        moves = np.array([OWN + group not in self.held for group in self.groups])
        return frozen(sqrt(self.years) * self.own_deviation * moves)

"""Conditional mean of the factors that nobody moved, given those that somebody did: propagation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import InputError, Problem, nearest
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.matrices import (
    NotDefiniteError,
    lower_factor,
    product,
    solved,
    solved_lower,
    weighted_gram,
)

_LEAST_LEFT = 1e-6
"""Part of a combination's variance that earlier ones must leave, for it to count as said anew."""


class Combination(NamedTuple):
    """A stated change of something that is made of risk factors: an index of its constituents.

    `change` = Σ coefficient · change of the factor, all in the factors' change spaces.
    """

    change: float
    terms: tuple[tuple[RiskFactorKey, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class FactorPosterior:
    """Systematic factors given the changes of some risk factors.

    Attributes
    ----------
    mean
        `(n_factors,)` conditional mean.
    root
        R, `(n_factors, n_factors)`: the conditional covariance is Rᵀ R per year.
    """

    mean: FloatArray
    root: FloatArray


class Surprise(NamedTuple):
    """How far stated changes are from what a regime expects.

    Attributes
    ----------
    squared
        Squared Mahalanobis distance xᵀ S⁻¹ x over one year; divided by the years it is that of a horizon.
    n_statements
        Changes that count in it.
    systematic
        fᵀ F⁻¹ f at the mean f of the systematic factors given the changes.
    """

    squared: float
    n_statements: int
    systematic: float


def condition_factors(
    model: FactorModel, regime: str, shocked: Mapping[RiskFactorKey, float]
) -> FactorPosterior:
    """Return the systematic factors given that the keys of `shocked` changed as stated.

    With F = L Lᵀ, G = B_s L and M = I + Gᵀ D_s⁻¹ G the mean is L M⁻¹ Gᵀ D_s⁻¹ x_s and the covariance
    L M⁻¹ Lᵀ: the Woodbury form of F B_sᵀ (B_s F B_sᵀ + D_s)⁻¹ x_s. It takes as many equations as there are
    systematic factors, however many factors are shocked.

    Parameters
    ----------
    shocked
        Change of each key in its change space; every key is one of the model's.
    """
    system = FactorSystem.of(model, regime, shocked)
    mean = product(system.root, solved(system.lower, system.pull))
    return FactorPosterior(frozen(mean[:, 0]), solved_lower(system.lower, system.root.T))


class FactorSystem(NamedTuple):
    """Equations of the systematic factors, in the notation of `condition_factors`.

    Attributes
    ----------
    root, lower
        L and the Cholesky factor of M, `(n_factors, n_factors)`.
    loadings, precision
        G `(n_shocked, n_factors)` and D⁻¹ `(n_shocked,)`.
    pull
        Gᵀ D⁻¹ x, `(n_factors, 1)`.
    own_squares
        Σ x² ÷ d.
    """

    root: FloatArray
    lower: FloatArray
    loadings: FloatArray
    precision: FloatArray
    pull: FloatArray
    own_squares: float

    @classmethod
    def of(cls, model: FactorModel, regime: str, shocked: Mapping[RiskFactorKey, float]) -> FactorSystem:
        """Return the equations given the changes of `shocked`."""
        rows = frozen_int([model.rows[key] for key in shocked])
        root = lower_factor(model.covariance[regime])
        own = model.idiosyncratic_vol[regime][rows]
        precision = frozen(1.0 / (own * own))
        changes = np.array(list(shocked.values()), dtype=np.float64)
        loadings = product(model.exposures[rows], root)
        lower = lower_factor(weighted_gram(loadings, precision, loadings) + np.eye(len(model.factors)))
        pull = weighted_gram(loadings, precision, changes.reshape(-1, 1))
        return cls(root, lower, loadings, precision, pull, float((changes * changes * precision).sum()))


def conditional_mean(
    model: FactorModel,
    regime: str,
    shocked: Mapping[RiskFactorKey, float],
    targets: Iterable[RiskFactorKey],
    combinations: Sequence[Combination] = (),
) -> dict[RiskFactorKey, float]:
    """Return the mean change of `targets` given the shocked factors: S_us S_ss⁻¹ x_s with S = B F Bᵀ + D.

    Time does not enter: mean and shocks are over one horizon, and covariances grow with it alike.

    Parameters
    ----------
    regime
        Name of the regime whose covariance is used.
    shocked
        Stated changes, each in its kind's change space.
    targets
        Factors to move; those that are shocked or unknown to the model are left out of the result.
    combinations
        Stated changes of link targets. One whose terms are all shocked says nothing more and is left out.

    Returns
    -------
    dict
        Change of each target in its change space; all exactly 0 where every stated change is 0.

    Raises
    ------
    InputError
        ST326 where the model has no such regime.

    References
    ----------
    Kupiec, "Stress Testing in a Value at Risk Framework", Journal of Derivatives 6(1), 1998, eq. 5.
    """
    if regime not in model.regimes:
        raise InputError([unknown_regime(model, regime)])
    known = {key: change for key, change in shocked.items() if key in model.rows}
    free = [key for key in targets if key in model.rows and key not in known]
    posterior = condition_factors(model, regime, known)
    shift = _Shift(model, regime, known, posterior).given(combinations)
    rows = frozen_int([model.rows[key] for key in free])
    means = product(model.exposures[rows], shift.factors.reshape(-1, 1))[:, 0]
    return {key: float(mean) + shift.own.get(key, 0.0) for key, mean in zip(free, means, strict=True)}


def surprise(
    model: FactorModel,
    regime: str,
    shocked: Mapping[RiskFactorKey, float],
    combinations: Sequence[Combination] = (),
) -> Surprise:
    """Return the Mahalanobis distance of stated changes, squared; arguments as in `conditional_mean`.

    xᵀ S⁻¹ x = Σ x² ÷ d − |M^(−½) Gᵀ D⁻¹ x|² in the notation of `condition_factors`; a combination adds the
    distance of its change from its mean given the rest.
    """
    known = {key: change for key, change in shocked.items() if key in model.rows}
    system = FactorSystem.of(model, regime, known)
    explained = solved_lower(system.lower, system.pull)
    squared = system.own_squares - float((explained * explained).sum())
    shift = _Shift(model, regime, known, condition_factors(model, regime, known))
    more, n_more = shift.surprise(combinations)
    factors = shift.given(combinations).factors.reshape(-1, 1)
    scaled = solved_lower(system.root, factors)
    systematic = float((scaled * scaled).sum())
    return Surprise(max(squared, 0.0) + more, len(known) + n_more, systematic)


def unknown_regime(model: FactorModel, regime: str) -> Problem:
    """Return the problem with a regime that the model does not carry."""
    expected = "one of " + ", ".join(model.regimes)
    return Problem("ST326", f"regime {regime!r}", expected, suggestion=nearest(regime, model.regimes))


class _Means(NamedTuple):
    """Conditional means of the systematic factors, and of the own parts that are not 0."""

    factors: FloatArray
    own: Mapping[RiskFactorKey, float]


class _News(NamedTuple):
    """What stated combinations say beyond the shocked factors.

    Attributes
    ----------
    keys, variance
        Free members of the combinations and the variances of their own parts, `(n_members,)`.
    mixing, loadings
        `(n, n_members)` coefficients, `(n, n_factors)` loadings on the posterior's independent factors.
    lower, unexpected
        Cholesky factor `(n, n)` of their covariance; `(n, 1)` stated less expected change.
    """

    keys: list[RiskFactorKey]
    variance: FloatArray
    mixing: FloatArray
    loadings: FloatArray
    lower: FloatArray
    unexpected: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Shift:
    """Adds what stated changes of combinations say to what is known already.

    Given the shocked factors the others are independent but for the posterior of the systematic ones: a
    combination c of them has covariance H Hᵀ + A D Aᵀ with H = A B Rᵀ, as in `condition_factors`.
    """

    model: FactorModel
    regime: str
    shocked: Mapping[RiskFactorKey, float]
    posterior: FactorPosterior

    def given(self, combinations: Sequence[Combination]) -> _Means:
        """Return the means given the shocked factors and `combinations`."""
        news = self._news(combinations)
        if news is None:
            return _Means(self.posterior.mean, {})
        weight = solved(news.lower, news.unexpected)
        moved = product(self.posterior.root.T, product(news.loadings.T, weight))
        own_moves = news.variance * product(news.mixing.T, weight)[:, 0]
        means = dict(zip(news.keys, own_moves.tolist(), strict=True))
        return _Means(frozen(self.posterior.mean + moved[:, 0]), means)

    def surprise(self, combinations: Sequence[Combination]) -> tuple[float, int]:
        """Return the squared distance of the combinations from their means, and how many say anything."""
        news = self._news(combinations)
        if news is None:
            return 0.0, 0
        scaled = solved_lower(news.lower, news.unexpected)
        return float((scaled * scaled).sum()), len(scaled)

    def _news(self, combinations: Sequence[Combination]) -> _News | None:
        """Return what the combinations say beyond the shocked factors, None where that is nothing."""
        open_ones = [combination for combination in combinations if self._free_terms(combination)]
        if not open_ones:
            return None
        terms = [self._free_terms(combination) for combination in open_ones]
        keys = list(dict.fromkeys(key for row in terms for key, _ in row))
        place = {key: column for column, key in enumerate(keys)}
        mixing = np.zeros((len(open_ones), len(keys)))
        for row, of_row in enumerate(terms):
            for key, coefficient in of_row:
                mixing[row, place[key]] += coefficient
        return self._independent_news(mixing, keys, np.array([self._known_part(c) for c in open_ones]))

    def _free_terms(self, combination: Combination) -> list[tuple[RiskFactorKey, float]]:
        rows = self.model.rows
        return [(key, c) for key, c in combination.terms if key in rows and key not in self.shocked]

    def _known_part(self, combination: Combination) -> float:
        """Return the change that the shocked terms leave to the others."""
        return combination.change - sum(c * self.shocked.get(key, 0.0) for key, c in combination.terms)

    def _independent_news(self, mixing: FloatArray, keys: list[RiskFactorKey], wanted: FloatArray) -> _News:
        rows = frozen_int([self.model.rows[key] for key in keys])
        own = self.model.idiosyncratic_vol[self.regime][rows]
        variance = own * own
        exposures = product(mixing, self.model.exposures[rows])
        loadings = product(exposures, self.posterior.root.T)
        covariance = product(loadings, loadings.T) + weighted_gram(mixing.T, variance, mixing.T)
        kept = independent_rows(covariance)
        expected = product(exposures[kept], self.posterior.mean.reshape(-1, 1))
        lower = lower_factor(covariance[np.ix_(kept, kept)])
        return _News(
            keys, variance, mixing[kept], loadings[kept], lower, wanted[kept].reshape(-1, 1) - expected
        )


def independent_rows(covariance: FloatArray) -> list[int]:
    """Return the rows of a covariance that the rows before them leave some variance of, the first ones first.

    An index and its copy say the same twice; of the second too little is left to divide by.
    """
    kept: list[int] = []
    for row in range(covariance.shape[0]):
        trial = [*kept, row]
        try:
            pivot = float(lower_factor(covariance[np.ix_(trial, trial)])[-1, -1])
        except NotDefiniteError:
            continue
        if pivot * pivot > _LEAST_LEFT * covariance[row, row]:
            kept = trial
    return kept

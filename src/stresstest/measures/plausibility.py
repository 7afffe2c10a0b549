"""How plausible a scenario is beside history: sizes in standard deviations, distance, signs, extrapolation.

A percentile of a Gaussian compares scenarios with one another and with a regime; it does not predict. Real
moves have heavier tails: what it calls impossible has happened several times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.matrices import product, solved
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.chi_square import chi_square_cdf
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import LineEffect
from stresstest.scenarios.propagated import change_of, statements
from stresstest.scenarios.propagation import FactorSystem, Surprise, surprise

CONTRADICTION = 2.0
"""Conditional standard deviations from the mean at which a change of the other sign is contradicted."""


@dataclass(frozen=True, slots=True)
class ShockPlausibility:
    """One stated change beside history.

    Attributes
    ----------
    change
        In the kind's change space.
    deviations
        Change ÷ standard deviation over the horizon, by regime.
    expected
        Mean given all other stated changes, by regime.
    contradicted_by
        Regimes in which that mean has the other sign and is `CONTRADICTION` conditional deviations away.
    extrapolation
        |change| ÷ largest move seen over such a horizon; NaN without a history.
    """

    factor: RiskFactorKey
    change: float
    deviations: Mapping[str, float]
    expected: Mapping[str, float]
    contradicted_by: tuple[str, ...]
    extrapolation: float


@dataclass(frozen=True, slots=True)
class RegimeDistance:
    """Mahalanobis distance of all stated changes together from one regime.

    Attributes
    ----------
    distance
        √(xᵀ S⁻¹ x) with S the covariance over the horizon.
    n_statements
        Degrees of freedom.
    percentile
        Probability in [0, 1] that a Gaussian of the regime stays nearer. Small where hundreds of lines leave
        the own parts of names at rest: history is rarely so tidy.
    systematic_distance, systematic_percentile
        The same of the systematic factors alone, at their mean given all stated changes: how far the story is
        from the regime, whatever it leaves to single names.
    """

    regime: str
    distance: float
    n_statements: int
    percentile: float
    systematic_distance: float
    systematic_percentile: float


@dataclass(frozen=True, slots=True)
class Plausibility:
    """A scenario beside history.

    Attributes
    ----------
    shocks
        Stated changes that the model knows, the largest in standard deviations first.
    distances
        One a regime.
    without_data
        Stated factors that the model knows nothing of.
    """

    scenario: str
    horizon_years: float
    shocks: tuple[ShockPlausibility, ...]
    distances: tuple[RegimeDistance, ...]
    without_data: tuple[RiskFactorKey, ...]

    @property
    def contradictions(self) -> tuple[ShockPlausibility, ...]:
        """Stated changes whose sign some regime contradicts."""
        return tuple(shock for shock in self.shocks if shock.contradicted_by)

    @property
    def extrapolated(self) -> tuple[ShockPlausibility, ...]:
        """Stated changes beyond the largest move seen, the farthest first."""
        beyond = [shock for shock in self.shocks if shock.extrapolation > 1.0]
        return tuple(sorted(beyond, key=lambda shock: -shock.extrapolation))


def stated_levels(effects: Iterable[LineEffect]) -> dict[str, dict[RiskFactorKey, float]]:
    """Return the levels that lines give, by scenario and factor; moves through links are left out."""
    found: dict[str, dict[RiskFactorKey, float]] = {}
    for effect in effects:
        if effect.line > 0:
            found.setdefault(effect.scenario, {})[effect.factor] = effect.level
    return found


def plausibility(
    scenario: str, horizon_years: float, stated: Mapping[RiskFactorKey, float], market: MarketSnapshot
) -> Plausibility | None:
    """Return how plausible stated levels are, or None where the market has no factor model.

    Parameters
    ----------
    horizon_years
        Time over which the changes happen, positive: covariances grow with it.
    stated
        Levels by factor. A link target, an index, counts through its members.
    """
    model = market.factor_model
    if model is None:
        return None
    links = {link.target: link for link in FactorDirectory(market).links}
    known, unknown = _changes(stated, market)
    shocked, combinations = statements(known, links)
    shocked = {key: change for key, change in shocked.items() if key in model.rows}
    distances = [
        _distance(model, name, surprise(model, name, shocked, combinations), horizon_years)
        for name in model.regimes
    ]
    shocks = _shocks(model, shocked, horizon_years)
    without = tuple(key for key in (*known, *unknown) if key not in model.rows and key not in links)
    return Plausibility(scenario, horizon_years, shocks, tuple(distances), without)


def _distance(model: FactorModel, regime: str, found: Surprise, years: float) -> RegimeDistance:
    squared, systematic = found.squared / years, found.systematic / years
    percentile = chi_square_cdf(squared, found.n_statements) if found.n_statements else 0.0
    of_factors = chi_square_cdf(systematic, len(model.factors))
    return RegimeDistance(
        *(regime, sqrt(squared), found.n_statements, percentile),
        systematic_distance=sqrt(systematic),
        systematic_percentile=of_factors,
    )


def _changes(
    stated: Mapping[RiskFactorKey, float], market: MarketSnapshot
) -> tuple[dict[RiskFactorKey, float], list[RiskFactorKey]]:
    """Return changes in change space of public factors, and the factors that have none there (at 0)."""
    known: dict[RiskFactorKey, float] = {}
    unknown = []
    for key, level in stated.items():
        if "#" in key.name:
            continue
        change = change_of(key, market.levels[key], level)
        if change is None:
            unknown.append(key)
        else:
            known[key] = change
    return known, unknown


def _shocks(
    model: FactorModel, shocked: Mapping[RiskFactorKey, float], years: float
) -> tuple[ShockPlausibility, ...]:
    keys, regimes = list(shocked), tuple(model.regimes)
    if not keys or not regimes:
        return tuple(ShockPlausibility(key, change, {}, {}, (), nan) for key, change in shocked.items())
    changes = np.array(list(shocked.values()))
    sizes = np.array([changes / (_deviations(model, name, keys) * sqrt(years)) for name in regimes])
    given = [_given_others(model, name, shocked) for name in regimes]
    means, spreads = (np.array([found[part] for found in given]) for part in (0, 1))
    far = np.abs(changes - means) >= CONTRADICTION * spreads * sqrt(years)
    against = ((means * changes < 0.0) & far).T.tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = (np.abs(changes) / model.largest_seen(keys, years)).tolist()
    by_regime = [
        [dict(zip(regimes, row, strict=True)) for row in values.T.tolist()] for values in (sizes, means)
    ]
    signs = (tuple(name for name, contrary in zip(regimes, row, strict=True) if contrary) for row in against)
    rows = zip(keys, changes.tolist(), *by_regime, signs, beyond, strict=True)
    found = [ShockPlausibility(*row) for row in rows]
    return tuple(found[row] for row in np.argsort(-np.abs(sizes).max(axis=0), kind="stable").tolist())


def _deviations(model: FactorModel, regime: str, keys: list[RiskFactorKey]) -> FloatArray:
    """Return `(n,)` standard deviations of `keys` per square root of a year."""
    rows = [model.rows[key] for key in keys]
    exposures = model.exposures[rows]
    systematic = (product(exposures, model.covariance[regime]) * exposures).sum(axis=1)
    own = model.idiosyncratic_vol[regime][rows]
    result: FloatArray = np.sqrt(systematic + own * own)
    return result


def _given_others(
    model: FactorModel, regime: str, shocked: Mapping[RiskFactorKey, float]
) -> tuple[FloatArray, FloatArray]:
    """Return `(n,)` mean and deviation, per square root of a year, of each change given all the others.

    With K = S⁻¹ = D⁻¹ − D⁻¹ G M⁻¹ Gᵀ D⁻¹ the mean is x − (K x) ÷ diag K and the variance 1 ÷ diag K.
    """
    system = FactorSystem.of(model, regime, shocked)
    changes = np.array(list(shocked.values()))
    scaled = system.precision[:, np.newaxis] * system.loadings
    answered = solved(system.lower, scaled.T).T
    diagonal = system.precision - (scaled * answered).sum(axis=1)
    pulled = system.precision * changes - product(answered, system.pull)[:, 0]
    return changes - pulled / diagonal, np.sqrt(1.0 / diagonal)

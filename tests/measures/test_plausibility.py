"""Plausibility against the full covariance: sizes, distances, signs, extrapolation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.special import chdtr
from tests.fixtures.random_models import full_covariance, random_model
from tests.oracle.propagation import mahalanobis

from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink, Issuer, MarketSnapshot
from stresstest.measures.plausibility import Plausibility, plausibility, stated_levels
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

N_KEYS = 12
MODEL = random_model(N_KEYS, 3)
KEYS = MODEL.keys
INDEX, OTHER = RiskFactorKey("spot", "INDEX"), RiskFactorKey("rental_rate", "H100")
WEIGHTS = np.full(5, 0.2)


def market(model: FactorModel | None = MODEL) -> MarketSnapshot:
    return MarketSnapshot(
        "made up",
        date(2025, 10, 3),
        "USD",
        {**dict.fromkeys(KEYS, 100.0), INDEX: 100.0, OTHER: 2.0},
        {factor.name: Issuer(factor.name, factor.name, "equity", "USD") for factor in (*KEYS, INDEX)},
        {},
        {},
        {},
        (FactorLink(INDEX, weights=tuple(zip(KEYS[:5], WEIGHTS.tolist(), strict=True))),),
        {},
        factor_model_source=None if model is None else lambda: model,
    )


def measured(changes: dict[RiskFactorKey, float], years: float = 0.25) -> Plausibility:
    levels = {factor: market().levels[factor] * float(np.exp(change)) for factor, change in changes.items()}
    found = plausibility("s", years, levels, market())
    assert found is not None
    return found


@pytest.mark.parametrize("n_stated", [1, 3, 12])
@pytest.mark.parametrize("years", [1 / 252, 1.0])
def test_distance_is_that_of_the_full_covariance(n_stated: int, years: float) -> None:
    values = np.random.default_rng(n_stated).normal(size=n_stated) * 0.2
    changes = dict(zip(KEYS, values.tolist(), strict=False))
    found = measured(changes, years)
    for distance in found.distances:
        covariance = full_covariance(MODEL, distance.regime)[:n_stated, :n_stated] * years
        expected = mahalanobis(covariance, np.array(list(changes.values())))
        assert distance.distance == pytest.approx(expected, rel=1e-9)
        assert distance.n_statements == n_stated
        assert distance.percentile == pytest.approx(chdtr(n_stated, expected**2), rel=1e-9, abs=1e-12)


def test_systematic_distance_is_that_of_the_expected_factors() -> None:
    changes = np.array([-0.3, 0.1, -0.2])
    found = measured(dict(zip(KEYS, changes.tolist(), strict=False)), 1.0)
    for distance in found.distances:
        covariance = MODEL.covariance[distance.regime]
        gain = covariance @ MODEL.exposures[:3].T
        factors = gain @ np.linalg.solve(full_covariance(MODEL, distance.regime)[:3, :3], changes)
        assert distance.systematic_distance == pytest.approx(mahalanobis(covariance, factors), rel=1e-9)


def test_a_stated_index_counts_through_its_members() -> None:
    found = measured({KEYS[7]: -0.2, INDEX: -0.1}, 1.0)
    statements = np.zeros((2, N_KEYS))
    statements[0, 7], statements[1, :5] = 1.0, WEIGHTS
    for distance in found.distances:
        covariance = statements @ full_covariance(MODEL, distance.regime) @ statements.T
        assert distance.distance == pytest.approx(mahalanobis(covariance, np.array([-0.2, -0.1])), rel=1e-9)
        assert distance.n_statements == 2


def test_sizes_are_in_standard_deviations_of_the_horizon() -> None:
    (shock,) = measured({KEYS[4]: -0.3}, 0.25).shocks
    for name, size in shock.deviations.items():
        deviation = np.sqrt(full_covariance(MODEL, name)[4, 4] * 0.25)
        assert size == pytest.approx(-0.3 / deviation, rel=1e-12)
    assert shock.expected == pytest.approx({"calm": 0.0, "stressed": 0.0}, abs=1e-12)


def test_expected_is_the_mean_given_the_others() -> None:
    changes = {KEYS[0]: -0.3, KEYS[1]: 0.2, KEYS[2]: -0.1}
    values = np.array(list(changes.values()))
    for shock in measured(changes).shocks:
        place = KEYS.index(shock.factor)
        others = [row for row in range(3) if row != place]
        for name, expected in shock.expected.items():
            covariance = full_covariance(MODEL, name)
            weights = np.linalg.solve(covariance[np.ix_(others, others)], covariance[others, place])
            assert expected == pytest.approx(weights @ values[others], abs=1e-11)


def test_a_sign_that_history_contradicts_is_named() -> None:
    twins = replace(
        random_model(3, 1),
        exposures=np.ones((3, 1)),
        idiosyncratic_vol={name: [0.02, 0.02, 0.02] for name in ("calm", "stressed")},
    )
    levels = {KEYS[0]: 70.0, KEYS[1]: 72.0, KEYS[2]: 120.0}
    found = plausibility("s", 1.0, levels, market(twins))
    assert found is not None
    (shock,) = found.contradictions
    assert shock.factor == KEYS[2]
    assert shock.contradicted_by == ("calm", "stressed")
    with_the_rest = plausibility("s", 1.0, {**levels, KEYS[2]: 71.0}, market(twins))
    assert with_the_rest is not None
    assert with_the_rest.contradictions == ()


def test_extrapolation_is_beside_the_largest_move_of_the_horizon() -> None:
    largest = MODEL.largest_moves[:, 2]
    found = measured({KEYS[0]: 2.0 * largest[0], KEYS[1]: -0.5 * largest[1]}, 0.25)
    assert {shock.factor: shock.extrapolation for shock in found.shocks} == pytest.approx(
        {KEYS[0]: 2.0, KEYS[1]: 0.5}
    )
    assert [shock.factor for shock in found.extrapolated] == [KEYS[0]]


def test_factors_without_data_are_listed() -> None:
    found = measured({KEYS[0]: -0.1, OTHER: -0.4})
    assert found.without_data == (OTHER,)
    assert [shock.factor for shock in found.shocks] == [KEYS[0]]


def test_nothing_that_the_model_knows_has_no_distance() -> None:
    found = measured({OTHER: -0.4})
    assert found.shocks == ()
    assert [distance.distance for distance in found.distances] == [0.0, 0.0]
    assert [distance.percentile for distance in found.distances] == [0.0, 0.0]


def test_a_market_without_a_model_has_no_card() -> None:
    assert plausibility("s", 1.0, {KEYS[0]: 90.0}, market(None)) is None


def test_stated_levels_are_those_of_the_lines() -> None:
    scenario = Scenario("s", (Shock.of("spot", "-10%", issuer=["S0", "S1"]),), "3m")
    effects = compile_scenarios(ScenarioSet((scenario,)), market()).effects
    assert stated_levels(effects) == {"s": {KEYS[0]: 90.0, KEYS[1]: 90.0}}
    assert stated_levels([]) == {}

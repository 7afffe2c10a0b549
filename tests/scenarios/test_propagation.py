"""Conditional means against the closed form, an independent solver and limits that must hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.random_models import full_covariance, random_model
from tests.oracle.propagation import conditional_mean as oracle

from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.propagation import (
    Combination,
    condition_factors,
    conditional_mean,
    independent_rows,
)

ROOT = Path(__file__).parents[2]
N_KEYS, N_FACTORS = 60, 7
MODEL = random_model(N_KEYS, N_FACTORS)
KEYS = MODEL.keys
TOLERANCE = 1e-12


def changes(n_shocked: int) -> dict[RiskFactorKey, float]:
    values = np.random.default_rng(n_shocked).normal(size=n_shocked) * 0.2
    return dict(zip(KEYS, values.tolist(), strict=False))


def digest() -> str:
    """Return the bits of a propagation with a stated combination."""
    index = Combination(-0.2, tuple((key, 0.1) for key in KEYS[:10]))
    means = conditional_mean(MODEL, "stressed", changes(5), KEYS[10:20], [index])
    return np.array(list(means.values())).tobytes().hex()


@pytest.mark.parametrize("regime", ["calm", "stressed"])
@pytest.mark.parametrize("n_shocked", [1, 2, 7, 8, 30, 59])
def test_agrees_with_the_full_covariance(n_shocked: int, regime: str) -> None:
    shocked = changes(n_shocked)
    found = conditional_mean(MODEL, regime, shocked, KEYS)
    statements = np.eye(N_KEYS)[:n_shocked]
    expected = oracle(full_covariance(MODEL, regime), statements, np.array(list(shocked.values())))
    assert list(found) == list(KEYS[n_shocked:])
    np.testing.assert_allclose(list(found.values()), expected[n_shocked:], rtol=0.0, atol=TOLERANCE)


def test_one_shock_moves_the_others_by_their_betas() -> None:
    covariance = full_covariance(MODEL, "calm")
    found = conditional_mean(MODEL, "calm", {KEYS[3]: -0.4}, [KEYS[0], KEYS[9]])
    for place in (0, 9):
        beta = covariance[place, 3] / covariance[3, 3]
        assert found[KEYS[place]] == pytest.approx(-0.4 * beta, abs=TOLERANCE)


def test_shocking_everything_propagates_nothing() -> None:
    assert conditional_mean(MODEL, "calm", changes(N_KEYS), KEYS) == {}


def test_nothing_shocked_moves_nothing() -> None:
    assert set(conditional_mean(MODEL, "calm", {}, KEYS).values()) == {0.0}


def test_shocks_of_zero_move_nothing_to_the_last_bit() -> None:
    found = conditional_mean(
        MODEL, "stressed", dict.fromkeys(KEYS[:9], 0.0), KEYS, [Combination(0.0, ((KEYS[20], 1.0),))]
    )
    assert set(found.values()) == {0.0}


def test_factors_unknown_to_the_model_are_left_alone() -> None:
    unknown = RiskFactorKey("spot", "UNKNOWN")
    found = conditional_mean(MODEL, "calm", {unknown: -0.9, KEYS[0]: 0.1}, [unknown, KEYS[1]])
    assert found == conditional_mean(MODEL, "calm", {KEYS[0]: 0.1}, [KEYS[1]])


def test_means_are_linear_in_the_shocks() -> None:
    shocked = changes(4)
    once = conditional_mean(MODEL, "calm", shocked, KEYS)
    twice = conditional_mean(MODEL, "calm", {key: 2.0 * change for key, change in shocked.items()}, KEYS)
    assert twice == {key: 2.0 * change for key, change in once.items()}


def test_stated_combinations_agree_with_the_full_covariance() -> None:
    mixing = np.zeros((2, N_KEYS))
    mixing[0, 1:20], mixing[1, 30:50] = 0.05, -0.04
    stated = [-0.2, -0.1]
    combinations = [
        Combination(change, tuple((KEYS[j], row[j]) for j in np.flatnonzero(row)))
        for change, row in zip(stated, mixing, strict=True)
    ]
    found = conditional_mean(MODEL, "calm", changes(3), KEYS, combinations)
    statements = np.vstack([np.eye(N_KEYS)[:3], mixing])
    expected = oracle(full_covariance(MODEL, "calm"), statements, np.array([*changes(3).values(), *stated]))
    np.testing.assert_allclose(list(found.values()), expected[3:], rtol=0.0, atol=TOLERANCE)


def test_members_of_a_stated_index_give_its_change() -> None:
    index = Combination(-0.2, tuple((key, 0.02) for key in KEYS[:50]))
    found = conditional_mean(MODEL, "stressed", {KEYS[0]: -0.5}, KEYS, [index])
    total = 0.02 * (-0.5 + sum(found[key] for key in KEYS[1:50]))
    assert total == pytest.approx(-0.2, abs=TOLERANCE)


def test_index_of_shocked_members_says_nothing_more() -> None:
    shocked = changes(5)
    index = Combination(-0.9, tuple((key, 0.2) for key in KEYS[:5]))
    assert conditional_mean(MODEL, "calm", shocked, KEYS, [index]) == conditional_mean(
        MODEL, "calm", shocked, KEYS
    )


def test_the_same_index_twice_counts_once() -> None:
    index = Combination(-0.2, ((KEYS[0], 0.5), (KEYS[1], 0.5)))
    once = conditional_mean(MODEL, "calm", {}, KEYS, [index])
    assert conditional_mean(MODEL, "calm", {}, KEYS, [index, index]) == once
    assert independent_rows(np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])) == [0, 2]


def test_posterior_covariance_is_that_of_the_full_covariance() -> None:
    posterior = condition_factors(MODEL, "calm", changes(10))
    prior = MODEL.covariance["calm"]
    loadings = MODEL.exposures[:10]
    gain = prior @ loadings.T @ np.linalg.inv(full_covariance(MODEL, "calm")[:10, :10])
    np.testing.assert_allclose(
        posterior.root.T @ posterior.root, prior - gain @ loadings @ prior, rtol=0.0, atol=TOLERANCE
    )


def test_unknown_regime_is_told() -> None:
    with pytest.raises(InputError, match=r"ST326.*'stresed'.*calm, stressed.*did you mean 'stressed'"):
        conditional_mean(MODEL, "stresed", {}, KEYS)


def test_plain_python_gives_the_same_bits() -> None:
    code = "from tests.scenarios.test_propagation import digest; print(digest())"
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "OPENBLAS_NUM_THREADS": "1",
    }
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == digest()

"""DebtRank and network values against independent arithmetic, closed forms, and what must always hold."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from tests.kernels import test_clearing
from tests.kernels.dense_claims import claims_of, cleared, rows_of
from tests.oracle.contagion import debt_rank_increments, integrated_repayment
from tests.oracle.contagion import network_values as expected_values

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.claims import DefaultCosts
from stresstest.kernels.contagion import (
    Exposures,
    Sheets,
    Terms,
    Uncertainty,
    debt_rank,
    expected_repayment,
    network_values,
)

ROOT = Path(__file__).parents[2]


def exposures_of(lent: FloatArray) -> Exposures:
    return Exposures(*rows_of(lent))


def ranked(leverage: FloatArray, shocks: FloatArray, steepness: float) -> FloatArray:
    columns = frozen(np.atleast_2d(shocks))
    out = np.empty(columns.shape)
    debt_rank(exposures_of(leverage), columns, steepness, out)
    return out


def valued(external: FloatArray, lent: FloatArray, owed: FloatArray, terms: Uncertainty) -> FloatArray:
    columns = frozen(np.atleast_2d(external))
    out = np.empty(columns.shape)
    volatility = frozen(np.full(len(owed), terms.volatility))
    sheets = Sheets(columns, frozen(owed), volatility)
    network_values(exposures_of(lent), sheets, Terms(terms.years, terms.recovered), out)
    return out


def random_leverage(n: int, seed: int, size: float) -> tuple[FloatArray, FloatArray]:
    generator = np.random.default_rng(seed)
    leverage = generator.uniform(0.0, size / n, (n, n))
    np.fill_diagonal(leverage, 0.0)
    return leverage, generator.uniform(0.0, 0.3, n) * (generator.random(n) < 0.5)


def random_sheets(n: int, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return external assets, `lent[i, j]` to i by j, and all debts; no external assets are nothing."""
    generator = np.random.default_rng(seed)
    lent = generator.uniform(0.0, 1.0, (n, n)) * (generator.random((n, n)) < 0.5)
    np.fill_diagonal(lent, 0.0)
    owed = lent.sum(axis=0) + generator.uniform(0.5, 2.0, n)
    return np.maximum(owed - lent.sum(axis=1), 0.2) * generator.uniform(0.8, 1.5, n), lent, owed


@pytest.mark.parametrize("steepness", [0.0, 0.5, 2.0, 10.0])
@pytest.mark.parametrize("size", [0.5, 1.5, 4.0])
def test_debt_rank_is_where_the_published_increments_come_to_rest(steepness: float, size: float) -> None:
    for seed in range(3):
        leverage, shock = random_leverage(8, seed, size)
        expected = debt_rank_increments(leverage, shock, steepness)
        np.testing.assert_allclose(ranked(leverage, shock, steepness)[0], expected, rtol=0.0, atol=2e-13)


def test_linear_debt_rank_of_two_firms_by_hand() -> None:
    """h1 = 0.1 + 0.5·h2, h2 = 0.4·h1: h1 = 0.1 / 0.8; and a lender who loses all its equity loses no more."""
    leverage = np.array([[0.0, 0.5], [0.4, 0.0]])
    np.testing.assert_allclose(ranked(leverage, np.array([0.1, 0.0]), 0.0)[0], [0.125, 0.05], rtol=1e-14)
    np.testing.assert_array_equal(ranked(10.0 * leverage, np.array([0.5, 0.0]), 0.0)[0], [1.0, 1.0])


def test_steep_debt_rank_passes_on_defaults_alone() -> None:
    leverage = np.array([[0.0, 0.5], [0.4, 0.0]])
    np.testing.assert_allclose(ranked(leverage, np.array([0.9, 0.0]), 600.0)[0], [0.9, 0.0], atol=1e-20)
    np.testing.assert_allclose(ranked(leverage, np.array([1.0, 0.0]), 600.0)[0], [1.0, 0.4], rtol=1e-15)


@given(st.integers(0, 1000), st.floats(0.0, 8.0), st.integers(0, 5))
def test_debt_rank_grows_with_the_shock_and_starts_from_it(seed: int, steepness: float, place: int) -> None:
    leverage, shock = random_leverage(6, seed, 1.5)
    more = shock.copy()
    more[place] += 0.1
    found = ranked(leverage, np.array([np.zeros(6), shock, more]), steepness)
    np.testing.assert_array_equal(found[0], 0.0)
    assert np.all(found[1] >= np.minimum(shock, 1.0))
    assert np.all(found[2] >= found[1] - 1e-14)
    assert np.all(found <= 1.0)


@pytest.mark.parametrize("recovered", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("volatility", [0.05, 0.35, 1.2])
def test_repayment_is_the_integral_of_what_is_paid(recovered: float, volatility: float) -> None:
    for equity, external, owed in [
        (20.0, 100.0, 90.0),
        (-5.0, 60.0, 80.0),
        (1.0, 10.0, 30.0),
        (40.0, 50.0, 10.0),
    ]:
        found = expected_repayment(equity, external, owed, Uncertainty(volatility, 3.0, recovered))
        expected = integrated_repayment(equity, external, owed, (volatility, 3.0, recovered))
        assert found == pytest.approx(expected, abs=2e-11)


def test_one_firm_alone_is_merton() -> None:
    """A debt of L on assets A: N(d2) + A/L·N(−d1) a unit, at zero rates (Merton 1974, J. Finance 29, 449)."""
    assets, face, deviation = 120.0, 100.0, 0.3 * np.sqrt(4.0)
    d1 = np.log(assets / face) / deviation + 0.5 * deviation
    expected = norm.cdf(d1 - deviation) + assets / face * norm.cdf(-d1)
    found = valued(np.array([assets]), np.zeros((1, 1)), np.array([face]), Uncertainty(0.3, 4.0, 1.0))
    assert found[0, 0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("recovered", [0.3, 0.7, 1.0])
def test_without_volatility_it_is_rogers_and_veraart(recovered: float) -> None:
    for seed in range(5):
        external, lent, owed = random_sheets(9, seed)
        external = 0.8 * external
        claims = claims_of(lent.T, owed - lent.sum(axis=0))
        expected = cleared(claims, external, DefaultCosts(recovered, recovered)).payments[0] / owed
        found = valued(external, lent, owed, Uncertainty(0.0, 1.0, recovered))[0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert np.any(found < 1.0)


def test_small_volatility_tends_to_none() -> None:
    external, lent, owed = random_sheets(6, 2)
    still = valued(external, lent, owed, Uncertainty(0.0, 1.0, 0.5))
    np.testing.assert_allclose(valued(external, lent, owed, Uncertainty(1e-7, 1.0, 0.5)), still, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_values_are_those_of_integrals_on_dense_matrices(seed: int) -> None:
    external, lent, owed = random_sheets(4, seed)
    expected = expected_values(external, lent, owed, (0.4, 2.0, 0.6))
    found = valued(external, lent, owed, Uncertainty(0.4, 2.0, 0.6))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@given(st.integers(0, 1000), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_values_are_parts_and_grow_with_assets(seed: int, volatility: float, recovered: float) -> None:
    external, lent, owed = random_sheets(5, seed)
    found = valued(np.array([external, 1.1 * external]), lent, owed, Uncertainty(volatility, 2.0, recovered))
    assert np.all((found >= 0.0) & (found <= 1.0))
    assert np.all(found[1] >= found[0] - 1e-12)


def test_a_column_has_the_same_bits_in_any_company_and_nan_stays_in_it() -> None:
    external, lent, owed = random_sheets(7, 1)
    columns = external * np.random.default_rng(3).uniform(0.3, 1.5, (20, 1))
    columns[4, 2] = np.nan
    terms = Uncertainty(0.3, 1.0, 0.6)
    whole, leverage = valued(columns, lent, owed, terms), lent / 3.0
    shocks = np.clip(1.0 - columns / np.nanmax(columns), 0.0, 1.0)
    ranks = ranked(leverage, shocks, 1.0)
    for array in (whole, ranks):
        np.testing.assert_array_equal(np.isnan(array).all(axis=1), np.arange(20) == 4)
        assert np.isnan(array).sum() == 7
    for chosen in (slice(3, 6), slice(0, 20, 7)):
        assert valued(columns[chosen], lent, owed, terms).tobytes() == whole[chosen].tobytes()
        assert ranked(leverage, shocks[chosen], 1.0).tobytes() == ranks[chosen].tobytes()


def digest() -> str:
    external, lent, owed = random_sheets(5, 4)
    columns = external * np.linspace(0.4, 1.4, 6)[:, None]
    values = valued(columns, lent, owed, Uncertainty(0.35, 3.0, 0.7))
    ranks = ranked(lent / 4.0, np.clip(1.0 - columns / columns[-1], 0.0, 1.0), 2.0)
    return hashlib.sha256(values.tobytes() + ranks.tobytes()).hexdigest()


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"NUMBA_DISABLE_JIT": "1"}, id="plain Python"),
        pytest.param(
            {"NUMBA_CPU_NAME": "nehalem"},
            id="nehalem",
            marks=pytest.mark.skipif(
                platform.machine() not in {"x86_64", "AMD64"}, reason="a processor of another family"
            ),
        ),
    ],
)
def test_another_process_gives_the_same_bits(environment: dict[str, str]) -> None:
    code = (
        "from tests.kernels import test_clearing, test_contagion\n"
        "print(test_clearing.digest(), test_contagion.digest())"
    )
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    settings = {**os.environ, "PYTHONPATH": path, **environment}
    found = subprocess.run(
        [sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == [test_clearing.digest(), digest()]


SIGNED = (debt_rank, network_values)


def test_one_signature_serves_all_calls() -> None:
    """In a process of its own: tests beside this one call the kernels with arrays as they come."""
    code = (
        "from tests.kernels.test_contagion import digest, SIGNED; digest();"
        "print([len(found.signatures) for found in SIGNED])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.stdout.strip() == "[1, 1]", done.stderr

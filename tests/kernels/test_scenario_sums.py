"""Sums over instruments and scenarios: values, blocks, zeros."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.scenario_sums import BLOCK, add_quantities, fill_weighted_sums


@pytest.mark.parametrize("n_scenarios", [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_quantities_times_unit_pnl(n_scenarios: int) -> None:
    generator = np.random.default_rng(n_scenarios)
    unit, quantity = generator.normal(size=(5, n_scenarios)), generator.normal(size=5)
    quantity[2] = 0.0
    total = np.ones(n_scenarios)
    add_quantities(frozen(quantity), frozen(unit), total)
    np.testing.assert_allclose(total, 1.0 + (quantity[:, np.newaxis] * unit).sum(axis=0), rtol=0, atol=1e-14)


def test_a_scenario_has_the_same_bits_in_any_company() -> None:
    generator = np.random.default_rng(1)
    unit, quantity = generator.normal(size=(9, 2_500)), frozen(generator.normal(size=9))
    whole, part = np.zeros(2_500), np.zeros(1_300)
    add_quantities(quantity, frozen(unit), whole)
    add_quantities(quantity, frozen(unit[:, 1_200:]), part)
    assert whole[1_200:].tobytes() == part.tobytes()


@pytest.mark.parametrize("n_named", [0, 1, 3, 4, 5, 103])
def test_weighted_sums_over_named_scenarios(n_named: int) -> None:
    generator = np.random.default_rng(n_named)
    unit = generator.normal(size=(4, 200))
    rows, weight = generator.choice(200, n_named, replace=False), generator.random(n_named)
    out = np.empty(4)
    fill_weighted_sums(frozen_int(rows), frozen(weight), frozen(unit), out)
    expected = [math.fsum((row[rows] * weight).tolist()) for row in unit]
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-14)


def test_one_signature_serves_all_calls() -> None:
    for n_scenarios in (3, 5_000):
        test_quantities_times_unit_pnl(n_scenarios)
    test_weighted_sums_over_named_scenarios(5)
    signatures = [getattr(function, "signatures", None) for function in (add_quantities, fill_weighted_sums)]
    if None in signatures:
        pytest.skip("not compiled in this process")
    assert [len(found) for found in signatures if found is not None] == [1, 1]

"""Nodes and weights of the quadrature, found again in 40 digits."""

from __future__ import annotations

import mpmath as mp
import pytest

from stresstest.kernels.gauss_legendre import HALF_NODES, HALF_WEIGHTS, NODES, WEIGHTS


def test_nodes_and_weights_are_those_of_the_legendre_polynomial() -> None:
    degree = 2 * len(HALF_NODES)
    with mp.workdps(40):
        for node, weight in zip(HALF_NODES, HALF_WEIGHTS, strict=True):
            exact = mp.findroot(lambda x: mp.legendre(degree, x), mp.mpf(node))
            slope = degree * (exact * mp.legendre(degree, exact) - mp.legendre(degree - 1, exact))
            slope /= exact**2 - 1
            assert node == float(exact)
            assert weight == float(2 / ((1 - exact**2) * slope**2))


@pytest.mark.parametrize("power", range(0, 64, 7))
def test_polynomials_are_integrated_exactly(power: int) -> None:
    total = sum(weight * node**power for node, weight in zip(NODES.tolist(), WEIGHTS.tolist(), strict=True))
    assert total == pytest.approx(2.0 / (power + 1) if power % 2 == 0 else 0.0, abs=1e-15)

"""Nodes and weights against numpy, and the substitution's purpose."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.kernels.quadrature import barycentric_row, chebyshev_points, gauss_legendre, smoothed_rule


@pytest.mark.parametrize("count", [2, 3, 11, 15, 19, 21, 27, 31, 35, 51])
def test_gauss_legendre_is_that_of_numpy(count: int) -> None:
    x, w = np.polynomial.legendre.leggauss(count)
    rule = gauss_legendre(count)
    np.testing.assert_allclose(rule.nodes, 0.5 * (1.0 + x), rtol=0, atol=2e-16)
    np.testing.assert_allclose(rule.weights, 0.5 * w, rtol=0, atol=4e-15)


@pytest.mark.parametrize("count", [1, 2, 8, 12, 16])
def test_chebyshev_points_are_cosines(count: int) -> None:
    expected = np.cos(np.pi * np.arange(count + 1) / count)
    np.testing.assert_allclose(chebyshev_points(count), expected, rtol=0, atol=6e-16)


def test_the_substitution_tames_square_roots_at_both_ends() -> None:
    def root(c: float) -> float:
        return (c * (1.0 - c)) ** 0.5

    exact = np.pi / 8.0
    plain, smoothed = gauss_legendre(11), smoothed_rule(11)
    errors = [
        abs(sum(w * root(c) for c, w in zip(rule.nodes, rule.weights, strict=True)) - exact)
        for rule in (plain, smoothed)
    ]
    assert errors[1] < 1e-6 < errors[0] / 20


def test_barycentric_rows_reproduce_polynomials() -> None:
    points = chebyshev_points(6)
    values = [1.0 - 2.0 * x + 3.0 * x**5 for x in points]
    for x in (-0.93, 0.0, 0.3, points[2]):
        found = sum(w * v for w, v in zip(barycentric_row(points, x), values, strict=True))
        assert found == pytest.approx(1.0 - 2.0 * x + 3.0 * x**5, abs=1e-13)

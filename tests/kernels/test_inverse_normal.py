"""Quantiles of the normal distribution against 40-digit arithmetic, and the variates made from them."""

from __future__ import annotations

import math
from statistics import NormalDist

import mpmath as mp
import numpy as np
import pytest
from scipy import stats
from tests.oracle import philox as oracle

from stresstest.kernels.inverse_normal import (
    fill_normals,
    fill_uniforms,
    inverse_normal_cdf,
    normal_from_words,
    upper_quantile,
)

STREAMS = np.array([0, 5, 2**62 + 3])


def exact_quantile(tail: float) -> mp.mpf:
    """Solve N(−z) = tail by Newton's method in 40 digits."""
    z = mp.mpf(-NormalDist().inv_cdf(tail)) if tail > 1e-300 else mp.mpf(37)
    for _ in range(8):
        z -= (mp.mpf(tail) - mp.erfc(z / mp.sqrt(2)) / 2) / mp.npdf(z)
    return z


@pytest.mark.parametrize("low", [2.0**-54, 1e-18, 1e-4, 0.07])
def test_relative_error_is_below_2e_15(low: float) -> None:
    tails = np.exp(np.random.default_rng(5).uniform(math.log(low), math.log(0.5), 300)).tolist()
    with mp.workdps(40):
        for tail in [low, *tails]:
            exact = exact_quantile(tail)
            # Near ½ the quantile is the difference from ½, which the argument itself holds to 1e-16 only.
            assert abs(mp.mpf(upper_quantile(tail)) - exact) < 2e-15 * exact + mp.mpf(10) ** -17, tail


def test_the_three_pieces_meet() -> None:
    for border in (0.075, math.exp(-25.0)):
        below, above = upper_quantile(border * (1 - 1e-13)), upper_quantile(border * (1 + 1e-13))
        assert 0.0 < below - above < 1e-12


def test_ends_and_symmetry() -> None:
    assert inverse_normal_cdf(0.5) == 0.0
    assert inverse_normal_cdf(0.0) == -math.inf
    assert inverse_normal_cdf(1.0) == math.inf
    assert all(math.isnan(inverse_normal_cdf(p)) for p in (-0.1, 1.1, math.nan))
    for p in (2.0**-53, 2.0**-20, 0.0625, 0.25, 0.4375):
        assert inverse_normal_cdf(p) == -inverse_normal_cdf(1.0 - p)
    assert inverse_normal_cdf(0.975) == pytest.approx(1.959963984540054, rel=1e-15)


def test_coefficients_are_those_of_the_standard_library() -> None:
    """Python's own `statistics` carries the published tables; one wrong digit would show in some piece."""
    rng = np.random.default_rng(6)
    for p in [*rng.uniform(0.0, 1.0, 2000), *np.exp(rng.uniform(-600.0, -1.0, 500))]:
        assert inverse_normal_cdf(float(p)) == pytest.approx(NormalDist().inv_cdf(float(p)), rel=5e-15)


def test_the_largest_variate_is_8_3() -> None:
    sizes = [abs(normal_from_words(np.uint64(0), np.uint64(bit))) for bit in (0, 1)]
    assert sizes[0] == sizes[1] == pytest.approx(8.2923611, abs=1e-7)
    assert normal_from_words(np.uint64(0), np.uint64(0)) > 0 > normal_from_words(np.uint64(0), np.uint64(1))


def test_variates_are_made_of_the_words_of_their_draw() -> None:
    out = np.empty((len(STREAMS), 40))
    fill_normals(7, STREAMS, 1000, out)
    for row, stream in zip(out, STREAMS.tolist(), strict=True):
        for place, value in enumerate(row.tolist()):
            first, second = oracle.words_of_draw(7, stream, 1000 + place)
            tail = (2 * (first * 2**20 + second // 2**12) + 1) / 2**54
            expected = (-1) ** (second % 2) * -NormalDist().inv_cdf(tail)
            assert value == pytest.approx(expected, rel=5e-15)


def test_a_variate_does_not_depend_on_where_its_chunk_starts() -> None:
    whole = np.empty((3, 3000))
    fill_normals(7, STREAMS, 0, whole)
    for low, high in [(0, 1), (511, 1023), (1000, 2500), (2999, 3000)]:
        part = np.empty((3, high - low))
        fill_normals(7, STREAMS, low, part)
        assert part.tobytes() == whole[:, low:high].tobytes()


def test_variates_are_normal_and_independent() -> None:
    out = np.empty((4, 100_000))
    fill_normals(20251003, np.arange(4), 0, out)
    for row in out:
        assert stats.kstest(row, "norm").pvalue > 1e-4
        assert stats.kstest(row[:-1] * row[1:], out[0] * np.roll(out[1], 1)).pvalue > 1e-4
    assert np.abs(np.corrcoef(out) - np.eye(4)).max() < 0.015
    assert np.abs(np.corrcoef(out[:, :-1], out[:, 1:])[:4, 4:]).max() < 0.015


def test_uniforms_are_uniform() -> None:
    out = np.empty(100_000)
    fill_uniforms(3, 9, 0, out)
    assert stats.kstest(out, "uniform").pvalue > 1e-4

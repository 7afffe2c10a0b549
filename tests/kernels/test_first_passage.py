"""First passages: the reflection principle against walks, the edges, and the base as nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from stresstest.kernels.first_passage import first_passages


def passages(*distances: float) -> list[float]:
    out = np.empty(len(distances))
    first_passages(np.array(distances), out)
    return out.tolist()


def test_twice_the_tail_where_the_base_is_certain() -> None:
    found = passages(np.inf, 2.5, 1.0, 0.1, 0.0, -3.0)
    expected = [0.0, 2.0 * norm.cdf(-2.5), 2.0 * norm.cdf(-1.0), 2.0 * norm.cdf(-0.1), 1.0, 1.0]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_walk_meets_the_barrier_as_often() -> None:
    """Steps are corrected for what is missed between them (Broadie, Glasserman and Kou 1997)."""
    generator, n_steps = np.random.default_rng(5), 400
    walks = np.cumsum(generator.standard_normal((20_000, n_steps)), axis=1) / np.sqrt(n_steps)
    met = np.mean(np.max(walks, axis=1) >= 1.0 - 0.5826 / np.sqrt(n_steps))
    assert met == pytest.approx(passages(np.inf, 1.0)[1], abs=0.01)


@pytest.mark.parametrize("base", [3.0, 1.0, 0.2])
def test_the_base_counts_as_none_and_nothing_left_as_certain(base: float) -> None:
    falling = np.linspace(base, 0.0, 50)
    found = passages(*falling.tolist())
    assert found[0] == 0.0
    assert found[-1] == 1.0
    assert np.all(np.diff(found) > 0.0)
    assert np.max(np.diff(found)) < 2.5 * base / 49.0 + 0.03


def test_a_base_that_is_used_up_leaves_only_what_is_used_up() -> None:
    assert passages(0.0, 1.0, 0.0) == [1.0, 0.0, 1.0]


def test_more_than_the_base_is_none_and_nan_stays() -> None:
    found = passages(1.0, 2.0, float("nan"))
    assert found[1] == 0.0
    assert np.isnan(found[2])

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.reverse.linear import central_scenario

PUBLISHED = np.array([[11.871, 9.742, 1.125], [9.742, 14.723, 0.717], [1.125, 0.717, 0.219]])


def test_the_published_central_scenario() -> None:
    found = central_scenario(PUBLISHED, np.ones(3), 13.0)
    assert found.tolist() == pytest.approx([5.914, 6.550, 0.536], abs=5e-4)
    assert float(found.sum()) == pytest.approx(13.0, abs=1e-12)


@given(st.integers(0, 10_000), st.floats(0.1, 100.0))
def test_no_other_move_of_that_loss_is_nearer(seed: int, loss: float) -> None:
    random = np.random.default_rng(seed)
    root = random.normal(size=(4, 4))
    covariance, weights = root @ root.T + 0.1 * np.eye(4), random.normal(size=4)
    best = central_scenario(covariance, weights, loss)
    other = best + random.normal(size=4)
    other *= loss / float(weights @ other)

    def squared(x: np.ndarray) -> float:
        return float(x @ np.linalg.solve(covariance, x))

    assert float(weights @ best) == pytest.approx(loss, rel=1e-9)
    assert squared(best) <= squared(other) * (1.0 + 1e-9)


def test_a_singular_covariance_needs_no_inverse() -> None:
    covariance = np.ones((2, 2))
    assert central_scenario(covariance, np.array([1.0, 1.0]), 2.0).tolist() == [1.0, 1.0]


def test_a_loss_without_variance_is_refused() -> None:
    with pytest.raises(ValueError, match="no variance"):
        central_scenario(np.ones((2, 2)), np.array([1.0, -1.0]), 2.0)


@pytest.mark.parametrize(
    ("covariance", "weights", "loss", "what"),
    [
        (np.eye(3), np.ones(2), 1.0, "expected"),
        (np.array([[1.0, 2.0], [0.0, 1.0]]), np.ones(2), 1.0, "not symmetric"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2), 1.0, "negative eigenvalue"),
        (np.array([[1.0, np.nan], [np.nan, 1.0]]), np.ones(2), 1.0, "not finite"),
        (np.eye(2), np.ones(2), np.inf, "not finite"),
        (np.zeros((2, 2)), np.ones(2), 1.0, "no variance"),
    ],
)
def test_what_is_no_covariance_is_refused(
    covariance: np.ndarray, weights: np.ndarray, loss: float, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        central_scenario(covariance, weights, loss)

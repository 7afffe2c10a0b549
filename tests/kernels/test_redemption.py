"""An early end pays its price in the step in which it happens, and leaves nothing."""

from __future__ import annotations

import numpy as np

from stresstest.kernels.default import Claim
from stresstest.kernels.redemption import EarlyEnd, default_first, end_early


def test_it_pays_once_and_leaves_nothing() -> None:
    gone = np.array([0.0, 0.0, 1.0, 1.0])
    end = EarlyEnd(np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.01, 1.01, 1.01, 1.01]))
    value, paid = np.full(4, 0.98), np.full(4, 0.05)
    end_early(gone, end, value, paid)
    assert value.tolist() == [0.98, 0.0, 0.0, 0.0]
    assert paid.tolist() == [0.05, 1.01, 0.0, 0.0]
    assert gone.tolist() == [0.0, 1.0, 1.0, 1.0]


def test_a_default_comes_before_any_right() -> None:
    used, value, paid = np.array([1.0, 1.0, 0.0]), np.full(3, 0.98), np.full(3, 0.05)
    levels = np.array([0.0, 1.0, 1.0]), np.array([0.4, 0.4, 0.25])
    default_first(Claim(1.0, 0.0), levels, used, value, paid)
    assert used.tolist() == [1.0, 0.0, 0.0]
    assert value.tolist() == [0.98, 0.4, 0.25]
    assert paid.tolist() == [0.05, 0.0, 0.0]

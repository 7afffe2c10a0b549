"""An early end pays its price in the step in which it happens, and leaves nothing."""

from __future__ import annotations

import numpy as np

from stresstest.kernels.redemption import EarlyEnd, end_early


def test_it_pays_once_and_leaves_nothing() -> None:
    gone = np.array([0.0, 0.0, 1.0, 1.0])
    end = EarlyEnd(np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.01, 1.01, 1.01, 1.01]))
    value, paid = np.full(4, 0.98), np.full(4, 0.05)
    end_early(gone, end, value, paid)
    assert value.tolist() == [0.98, 0.0, 0.0, 0.0]
    assert paid.tolist() == [0.05, 1.01, 0.0, 0.0]
    assert gone.tolist() == [0.0, 1.0, 1.0, 1.0]

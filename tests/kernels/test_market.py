"""Rows copied from factors to values."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.market import copy_rows


def test_rows_are_copied_bit_for_bit() -> None:
    factors = frozen(np.random.default_rng(5).normal(size=(4, 7)))
    values = np.zeros((3, 7))
    copy_rows(frozen_int([2, 0, 2]), factors, values)
    assert values.tobytes() == factors[[2, 0, 2]].tobytes()

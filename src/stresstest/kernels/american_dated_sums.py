"""Sums of many terms in an order that the processor's lanes can take side by side."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import kernel

_LANES = 8


@kernel
def folded_sum(term: FloatArray, count: int) -> float:
    """Return the sum of the first `count` terms, which are overwritten, half onto half.

    The order depends on `count` alone: the same bits whatever the width of the processor's lanes.
    """
    while count > _LANES:
        half = (count + 1) // 2
        low, high = term[:half], term[half:count]
        for k in range(count - half):
            low[k] += high[k]
        count = half
    total = 0.0
    for k in range(count):
        total += term[k]
    return total

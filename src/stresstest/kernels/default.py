"""What a default makes of a claim: recovery on its face instead of its value, no more payments."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel


class Claim(NamedTuple):
    """One unit of face against its issuer at a valuation date.

    Attributes
    ----------
    is_open
        1 while payments remain, 0 after the last; less where a part of the face is repaid.
    ends
        Face due since the step before, 1 at the end of a claim that is repaid at once: if defaulted it then
        settles.
    """

    is_open: float
    ends: float


@kernel
def apply_default(
    claim: Claim, state: FloatArray, recovery: FloatArray, value: FloatArray, paid: FloatArray
) -> None:
    """Blend value and payments of one unit of face with what a default leaves, column by column.

    value = (1 − d)·value + d·R while the claim is open; paid = (1 − d)·paid + d·R on the date that it ends.
    At d = 0 both are exactly what they were.

    Parameters
    ----------
    state, recovery
        `(n_columns,)` default state d, 0 or 1, and recovery R as a part of face.
    """
    for j in range(value.shape[0]):
        alive = 1.0 - state[j]
        recovered = state[j] * recovery[j]
        value[j] = fma(alive, value[j], recovered * claim.is_open)
        paid[j] = fma(alive, paid[j], recovered * claim.ends)

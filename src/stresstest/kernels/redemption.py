"""What an early end makes of a claim along a path: its price paid once, and nothing afterwards."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.default import Claim, apply_default


class EarlyEnd(NamedTuple):
    """How a claim ended since the step before, column by column; each `(n_columns,)`.

    Attributes
    ----------
    used
        1 where a right was used that ends it, else 0.
    paid
        What that gave, with the coupons until then.
    """

    used: FloatArray
    paid: FloatArray


@kernel
def default_first(
    claim: Claim, levels: tuple[FloatArray, FloatArray], used: FloatArray, value: FloatArray, paid: FloatArray
) -> None:
    """Write what a default leaves, `levels` its state and the recovery; after one no right is used."""
    state, recovery = levels
    apply_default(claim, state, recovery, value, paid)
    for j in range(value.shape[0]):
        used[j] = used[j] if state[j] == 0.0 else 0.0


@kernel
def end_early(gone: FloatArray, end: EarlyEnd, value: FloatArray, paid: FloatArray) -> None:
    """Take away what ended in this step, at what it gave, and what ended before; `gone` is kept for later."""
    for j in range(value.shape[0]):
        was_gone = gone[j] == 1.0
        is_gone = was_gone | (end.used[j] == 1.0)
        paid[j] = (0.0 if was_gone else end.paid[j]) if is_gone else paid[j]
        value[j] = 0.0 if is_gone else value[j]
        gone[j] = 1.0 if is_gone else 0.0

"""What an early end makes of a claim along a path: its price paid once, and nothing afterwards."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.default import Claim


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


class Settled(NamedTuple):
    """Value of a claim and what it paid since the step before, column by column; each `(n_columns,)`."""

    value: FloatArray
    paid: FloatArray


class Settling(NamedTuple):
    """A claim and its state `(2, n_columns)`: whether it ended early, and its issuer was in default."""

    state: FloatArray
    out: Settled


@kernel
def default_what_is_open(
    claim: Claim, levels: tuple[FloatArray, FloatArray], defaulted: FloatArray, end: EarlyEnd, out: Settled
) -> None:
    """Write what a default leaves, `levels` its state and the recovery; `defaulted` is kept for later.

    A default that is new comes on its date: what fell due and what rights gave since the step before stand,
    and recovery takes the place of what is still open. After it no right is used and nothing falls due but
    the recovery of a claim that ends.
    """
    state, recovery = levels
    value, paid, used = out.value, out.paid, end.used
    for j in range(value.shape[0]):
        alive, recovered = 1.0 - state[j], state[j] * recovery[j]
        is_new = (state[j] != 0.0) & (defaulted[j] == 0.0)
        value[j] = fma(alive, value[j], recovered * claim.is_open)
        paid[j] = paid[j] if is_new else fma(alive, paid[j], recovered * claim.ends)
        used[j] = used[j] if is_new | (state[j] == 0.0) else 0.0
        defaulted[j] = state[j]


@kernel
def end_early(gone: FloatArray, end: EarlyEnd, out: Settled) -> None:
    """Take away what ended in this step, at what it gave, and what ended before; `gone` is kept for later."""
    value, paid = out.value, out.paid
    for j in range(value.shape[0]):
        was_gone = gone[j] == 1.0
        is_gone = was_gone | (end.used[j] == 1.0)
        paid[j] = (0.0 if was_gone else end.paid[j]) if is_gone else paid[j]
        value[j] = 0.0 if is_gone else value[j]
        gone[j] = 1.0 if is_gone else 0.0

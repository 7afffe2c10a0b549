"""Losses along the ray of a move: where the target is met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from stresstest.arrays import FloatArray

Moves: TypeAlias = Sequence[FloatArray] | FloatArray
"""Moves `(n,)` one after another."""

_MOST_STEPS = 60
_LONGEST = 4.0
_STRETCH = 1.25


class Loss(Protocol):
    """Losses under full revaluation."""

    def __call__(self, moves: Moves) -> FloatArray:
        """Return the loss of each move."""


def on_target(loss: Loss, move: FloatArray, target: float, tolerance: float) -> tuple[float, float]:
    """Return the multiple of a move that costs the target, and its cost; 1 where there is none.

    A bracket is found first, beyond the move where it does not cost enough, up to four times as far; then
    secants within it, every third step a bisection.
    """

    def cost(part: float) -> float:
        return float(loss([part * move])[0])

    low, high = (0.0, 0.0), (1.0, cost(1.0))
    while high[1] < target and high[0] < _LONGEST:
        low, high = high, (_STRETCH * high[0], cost(_STRETCH * high[0]))
    if not high[1] >= target:
        return 1.0, cost(1.0)
    at = high
    for number in range(_MOST_STEPS):
        if abs(at[1] - target) <= 0.1 * tolerance:
            break
        span = high[1] - low[1]
        share = 0.5 if number % 3 == 2 or span <= 0.0 else (target - low[1]) / span
        part = low[0] + share * (high[0] - low[0])
        at = part, cost(part)
        low, high = (at, high) if at[1] < target else (low, at)
    return at

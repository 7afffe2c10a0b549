"""Borders on an axis at which gauges change their sign, closed in upon together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np

from stresstest.arrays import FloatArray

_GUESSES, _BISECTIONS = 8, 48
EXACT = 1e-8
"""Part of the range of an axis that a border is closed in upon to."""


@dataclass(slots=True)
class Border:
    """Two values of an axis, a gauge above 0 at one of them only, closing in.

    Attributes
    ----------
    gauge
        Its number.
    low, high
        Value of the axis and the gauge there.
    lean
        What the gauge at the low end counts in the chord, relative to that at the high end.
    """

    gauge: int
    low: tuple[float, float]
    high: tuple[float, float]
    lean: float = 1.0

    @property
    def begins(self) -> bool:
        """Whether the gauge is above 0 behind the border."""
        return self.high[1] > 0.0

    def next_values(self, guess: bool, width: float) -> list[float]:
        """Return the values to look at next: two beside where a chord, or the middle, puts the border."""
        (low, below), (high, above) = (self.low[0], self.lean * self.low[1]), self.high
        if high - low <= width:
            return []
        chord = guess and isfinite(above - below)
        x = low - below * (high - low) / (above - below) if chord else 0.5 * (low + high)
        return [at for at in (x - 0.5 * width, x + 0.5 * width) if low < at < high]

    def close_in(self, beside: Sequence[tuple[float, float]]) -> None:
        """Move the ends to values with their gauges, as far as the border lies between.

        An end that stays where it is counts half as much in the next chord, so that a bent gauge is not
        approached from one side only: the Illinois rule (M. Dowell and P. Jarratt, BIT 11 (1971) 168).
        """
        known = [side for side in beside if not isnan(side[1])]
        before = [side for side in known if (side[1] > 0.0) == (self.low[1] > 0.0)]
        after = [side for side in known if side not in before]
        low, high = max([self.low, *before]), min([self.high, *after])
        stays = (low == self.low, high == self.high)
        self.lean = 1.0 if stays[0] == stays[1] else self.lean * (0.5 if stays[0] else 2.0)
        self.low, self.high = low, high


def find_borders(grid: Sequence[float], gauges: FloatArray) -> list[Border]:
    """Return a border for each gauge and two neighbouring values of the grid that it flips between.

    Parameters
    ----------
    gauges
        `(n_gauges, n_values)`; next to a NaN nothing is known to flip.
    """
    above = gauges > 0.0
    known = ~np.isnan(gauges)
    flips = (above[:, 1:] != above[:, :-1]) & known[:, 1:] & known[:, :-1]
    return [
        Border(
            number,
            (grid[place], float(gauges[number, place])),
            (grid[place + 1], float(gauges[number, place + 1])),
        )
        for number, place in np.argwhere(flips).tolist()
    ]


Evaluate = Callable[[Sequence[float], Sequence[Border]], Sequence[float]]
"""Gauges at values of the axis: at the i-th value that of the i-th border."""


def close_in(borders: Sequence[Border], evaluate: Evaluate, width: float) -> None:
    """Close in upon all borders at once, to `width`: a round is one evaluation.

    A chord gives a guess, and two values beside it show whether the border lies between them: for a smooth
    gauge after a few guesses. Otherwise, at a jump, halving goes on.
    """
    for number in range(_GUESSES + _BISECTIONS):
        wanted = [(border, border.next_values(number < _GUESSES, width)) for border in borders]
        values = [x for _, own in wanted for x in own]
        if not values:
            return
        asked = [border for border, own in wanted for _ in own]
        found = iter(zip(values, evaluate(values, asked), strict=True))
        for border, own in wanted:
            border.close_in([next(found) for _ in own])

"""A window of history: which series moves which factor by how much, and what stands in for what has none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import Location
from stresstest.kernels.exponential import exp
from stresstest.market.estimation.history import PriceHistory
from stresstest.market.factor_kinds import UNIT_SIZES
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.selectors import Selector

LONGEST_GAP_DAYS = 7
"""Days that the close of a date may be old: a week of holidays."""

_SIZES = {**UNIT_SIZES, "%": 1e-2, "": 1.0}


@dataclass(frozen=True, slots=True)
class ReplayProxy:
    """Stand-in for shares without history: they move by (1 + move of `series`)^beta − 1."""

    select: Selector
    series: str
    beta: float = 1.0
    location: Location = field(default=Location(), compare=False)


@dataclass(frozen=True, slots=True)
class ReplaySeries:
    """A series that is no price of a share, the factor that it moves, and the unit of its numbers."""

    factor: RiskFactorKey
    unit: str = ""

    @property
    def size(self) -> float:
        """What a 1 of the series is in decimals."""
        return _SIZES[self.unit]


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Moves of a window of history, to be applied to the factors of a market.

    Attributes
    ----------
    history
        Adjusted closes and other series.
    start, end
        First and last date of the window.
    series
        By name, what is no price of a share.
    proxies
        In the order in which they are tried.
    """

    history: PriceHistory
    start: date
    end: date
    series: Mapping[str, ReplaySeries] = field(default_factory=dict)
    proxies: tuple[ReplayProxy, ...] = ()
    location: Location = field(default=Location(), compare=False)

    def log_moves(self) -> dict[str, float]:
        """Return the log return over the window of every name that has a close at both ends.

        The close of a date is that of the date or of the last day before it, at most a week earlier.
        """
        first, last = self._closes(self.start), self._closes(self.end)
        moves = (last - first).tolist()
        rows = zip(self.history.names, moves, strict=True)
        return {name: move for name, move in rows if math.isfinite(move)}

    def changes(self) -> dict[str, float]:
        """Return the change in decimals over the window of every name that has a close at both ends."""
        first, last = self._closes(self.start), self._closes(self.end)
        rows = zip(self.history.names, first.tolist(), last.tolist(), strict=True)
        return {
            name: float(exp(after)) - float(exp(before))
            for name, before, after in rows
            if math.isfinite(after - before)
        }

    def _closes(self, day: date) -> FloatArray:
        """Return `(n_names,)` log prices of the last closes up to `day`; NaN where the last is too old."""
        days = self.history.days
        end = int(np.searchsorted([one.toordinal() for one in days], day.toordinal(), side="right"))
        closes = np.full(len(self.history.names), np.nan)
        for row in range(end - 1, -1, -1):
            if (day - days[row]).days > LONGEST_GAP_DAYS:
                break
            missing = np.isnan(closes)
            closes[missing] = self.history.log_prices[row, missing]
        return closes

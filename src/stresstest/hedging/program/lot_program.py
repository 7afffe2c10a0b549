"""Trades in lots: which lines may be traded, in which sizes, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.hedging.program.outer_program import CutPool, OuterProgram, Shape
from stresstest.hedging.program.trade_counts import ROUNDING, Counts, LotSizes
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows


class LotProgram:
    """The rules, with lots and counts.

    Parameters
    ----------
    limits
        Of the trades by what is held and allowed.
    amounts
        Of the rules that count.
    pool
        Where programs over the same inputs were cut.

    Attributes
    ----------
    counts, sizes
        Of the policy.
    limits
        Those that the rules imply; 0 for a line whose largest trade is smaller than its least.
    """

    def __init__(
        self, rows: TradeRows, limits: TradeLimits, amounts: Mapping[str, float], pool: CutPool
    ) -> None:
        self.rows, self.pool = rows, pool
        self.counts = Counts.of(rows.inputs, amounts)
        self.sizes = LotSizes.of(rows.inputs, limits)
        self.limits = self._tradable(limits.implied_by(rows))

    def _tradable(self, limits: TradeLimits) -> TradeLimits:
        rest, share = self.sizes.rest, self.sizes.share
        smallest = np.where(rest > 0.0, np.minimum(rest, share), share)
        can = limits.most >= np.maximum(self.counts.least, smallest) * (1.0 - ROUNDING)
        return TradeLimits(limits.least, frozen(np.where(can, limits.most, 0.0)))

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether trades keep to the counts, and sell and buy nothing at once."""
        return self.counts.keeps(trades)

    def sized(self, on: BoolArray) -> TradeLimits:
        """Return limits for the lines that are `on`, each at its least trade or more, and nothing else."""
        least = np.where(on, np.minimum(self.counts.least, self.limits.most), 0.0)
        most = np.where(on, self.limits.most, 0.0)
        return TradeLimits(frozen(np.maximum(least, self.limits.least)), frozen(most))

    def around(self, sized: FloatArray, limits: TradeLimits, reach: float) -> TradeLimits:
        """Return `limits` no further than `reach` lots from the trades `sized`."""
        lots, share = sized / self.sizes.share, self.sizes.share
        low = (np.ceil(lots - ROUNDING) - reach) * share
        high = (np.floor(lots + ROUNDING) + reach) * share + self.sizes.rest
        most = np.minimum(limits.most, high)
        return TradeLimits(frozen(np.maximum(limits.least, np.minimum(low, most))), frozen(most))

    def fewest(self) -> OuterProgram:
        """Return the program for the fewest trades of any size that keep to the rules."""
        return OuterProgram(self.rows, self.limits, Shape("count", counts=self.counts), self.pool)

"""The variables of a program: what is traded, whether it is at all, and what that costs."""

from __future__ import annotations

from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.program.cvxpy_atoms import joined, stacked, times, total
from stresstest.hedging.program.trade_counts import ROUNDING, Counts, LotSizes
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows

_NEGLIGIBLE = 1e-13
"""Impact of a whole position below which it is no cost, as a share of the base value."""

_USUAL = 0.02
"""Share of the base value that a trade often is."""

_FIRST_TANGENTS = (1e-3, 5e-3, 0.02, 0.05)
"""Where impact is first bounded from below, as shares of the base value."""


class TradeModel:
    """Trades of a program and their cost, with the constraints that hold by their nature.

    Parameters
    ----------
    rows
        What the trades cost is in it.
    limits
        Of the trades.
    lots
        Sizes that trades come in; None: any.
    counts
        What holds of the lines that are on, behind a switch each; None: all may be traded.
    is_whole
        Whether impact is there as it is; else, and where a solver leaves it short, it is bounded by tangents.

    Attributes
    ----------
    trades
        `(n_lines,)` affine, shares of the base value.
    used
        `(n_lines,)` whether a line is traded: switches, or ones.
    cost
        Variable: spread, fees, impact, tax.
    constraints
        All but the tangents of impact.
    """

    def __init__(
        self,
        rows: TradeRows,
        limits: TradeLimits,
        lots: LotSizes | None = None,
        counts: Counts | None = None,
        *,
        is_whole: bool = False,
    ) -> None:
        self.inputs, self.limits, self._lots = rows.inputs, limits, lots
        self.constraints: list[cp.Constraint] = []
        count = self.inputs.n_lines
        self.used: Any = np.ones(count) if counts is None else cp.Variable(count, boolean=True, name="used")
        self.trades: Any = self._continuous(count) if lots is None else self._in_lots(lots)
        if counts is not None:
            self._switched(counts)
        costs = self.inputs.costs
        reach = np.where(np.isfinite(limits.most), limits.most, 1.0)
        self._impact_lines = np.flatnonzero(costs.impact * reach**1.5 > _NEGLIGIBLE)
        self._impact = cp.Variable(len(self._impact_lines), nonneg=True) if len(self._impact_lines) else None
        self._tangents: list[tuple[Any, FloatArray, FloatArray]] = []
        self.cost = cp.Variable(nonneg=True, name="cost")
        self.constraints.append(self.cost >= self._paid())
        self.point = joined([self.trades, self.cost])
        if is_whole and self._impact is not None:
            self._bend(self._impact)
        else:
            for share in _FIRST_TANGENTS:
                self.add_tangents(np.minimum(share, limits.most))

    def _continuous(self, count: int) -> cp.Variable:
        least, most = self.limits.least, self.limits.most
        return cp.Variable(count, bounds=[np.minimum(least, most), most], name="trades")

    def _paid(self) -> Any:
        """Return spread, fees, impact and tax."""
        costs = self.inputs.costs
        paid = [(costs.spread + costs.fee) @ self.trades]
        paid += [total(self._impact)] if self._impact is not None else []
        paid += [self._tax()] if costs.tax_rate > 0.0 and len(costs.lots.line) else []
        return sum(paid)

    def _in_lots(self, lots: LotSizes) -> cp.Variable:
        """Return trades in whole lots, and with the last of a position what is less than a lot."""
        least, most = self.limits.least, np.floor(self.limits.most / lots.share + ROUNDING)
        fewest = np.clip(np.ceil((least - lots.rest) / lots.share - ROUNDING), 0.0, most)
        self._number = cp.Variable(len(most), integer=True, bounds=[fewest, most], name="lots")
        # A variable of their own, not lots times their size: products with half spreads would be lost in
        # rounding. In shares of the base value: of thousands of lots a solver's tolerance is less than their
        # rounding.
        trades = cp.Variable(len(most), bounds=[np.minimum(least, self.limits.most), self.limits.most])
        value: Any = self._number
        self._odd = np.flatnonzero((lots.rest > 0.0) & (most >= lots.full) & (self.limits.most > 0.0))
        if len(self._odd):
            self._whole = cp.Variable(len(self._odd), boolean=True, name="whole")
            last = np.zeros((len(most), len(self._odd)))
            last[self._odd, np.arange(len(self._odd))] = (lots.rest / lots.share)[self._odd]
            value = value + last @ self._whole
            self.constraints.append(self._number[self._odd] >= times(most[self._odd], self._whole))
        self.constraints.append(trades == times(lots.share, value))
        return trades

    def _switched(self, counts: Counts) -> None:
        """Hold what is off at 0, and what is on within its limits."""
        least, most = counts.least, self.limits.most
        self.constraints.append(self.trades <= times(most, self.used))
        small = np.flatnonzero((least > 0.0) & (most > 0.0))
        if len(small):
            self.constraints.append(self.trades[small] >= times(least[small], self.used[small]))
        if counts.pairs:
            sold, bought = np.array(counts.pairs).T
            self.constraints.append(self.used[sold] + self.used[bought] <= 1.0)

    def _tax(self) -> cp.Expression:
        """Return tax on gains net of losses, each line's gain being the largest of its pieces.

        Pieces run through 0 with the line off: intercepts count with its switch.
        """
        line, intercept, slope = self.inputs.costs.pieces()
        at = line.astype(np.int64)
        lines = np.unique(at)
        gain, tax = cp.Variable(len(lines), name="gain"), cp.Variable(nonneg=True, name="tax")
        pieces = times(intercept, self.used[at]) + times(slope, self.trades[at])
        self.constraints.append(gain[np.searchsorted(lines, at)] >= pieces)
        self.constraints.append(tax >= self.inputs.costs.tax_rate * total(gain))
        return tax

    def _bend(self, impact: cp.Variable) -> None:
        """Hold impact above factor · trade^1.5 by two cones a line, near 1: x² ≤ y·s and s² ≤ x."""
        factor = self.inputs.costs.impact[self._impact_lines] * _USUAL**1.5
        trades = self.trades[self._impact_lines] / _USUAL
        power, root = cp.Variable(len(factor), nonneg=True), cp.Variable(len(factor), nonneg=True)
        self.constraints.append(impact == times(factor, power))
        self.constraints.append(cp.SOC(power + root, stacked([2.0 * trades, power - root])))
        self.constraints.append(cp.SOC(trades + 1.0, stacked([2.0 * root, trades - 1.0])))

    def add_tangents(self, at: FloatArray) -> None:
        """Bound impact from below by its tangents at trades `at` `(n_lines,)`."""
        used = np.flatnonzero(at[self._impact_lines] > 0.0)
        lines = self._impact_lines[used]
        root, factor = np.sqrt(at[lines]), self.inputs.costs.impact[lines]
        self._tangents.append((used, 1.5 * factor * root, 0.5 * factor * at[lines] * root))

    def tangents(self) -> list[cp.Constraint]:
        """Return the tangents so far: of a line that is on, and through 0 for one that is off.

        That is the perspective of a convex cost (A. Frangioni, C. Gentile, Mathematical Programming 106
        (2006) 225).
        """
        if self._impact is None or not self._tangents:
            return []
        place, slope, constant = (np.concatenate(parts) for parts in zip(*self._tangents, strict=True))
        line = self._impact_lines[place]
        return [self._impact[place] >= times(slope, self.trades[line]) - times(constant, self.used[line])]

    def impact_gap(self, trades: FloatArray) -> float:
        """Return how far the impact of the trades lies above what the program takes it for."""
        if self._impact is None:
            return 0.0
        traded = trades[self._impact_lines]
        true = self.inputs.costs.impact[self._impact_lines] * traded * np.sqrt(traded)
        return float((true - np.asarray(self._impact.value)).max(initial=0.0))

    def found(self) -> FloatArray:
        """Return `(n_lines,)` trades found, as shares of the base value, within limits and in whole lots."""
        if self._lots is None:
            trades: FloatArray = np.clip(np.asarray(self.trades.value), 0.0, self.limits.most)
            return trades
        trades = self._lots.share * np.round(np.asarray(self._number.value))
        if len(self._odd):
            trades[self._odd] += self._lots.rest[self._odd] * np.round(np.asarray(self._whole.value))
        return trades

    def is_on(self) -> BoolArray:
        """Return `(n_lines,)` whether a line is on."""
        on: BoolArray = np.asarray(getattr(self.used, "value", self.used)) > 0.5
        return on

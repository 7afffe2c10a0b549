"""How many trades there may be, how small, and in which lots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.trade_model import TradeCaps

TRADED = 1e-9
"""Trades below this share of the base value are none."""

ROUNDING = 1e-7
"""Part of a lot that is rounding."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Rules on single trades.

    Attributes
    ----------
    least
        `(n_lines,)` least trade, as a share of the base value; a whole position may be less.
    most_trades
        Most instruments traded; None: any number.
    """

    least: FloatArray
    most_trades: int | None

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether `(n_lines,)` trades keep to both."""
        is_traded = trades > TRADED
        small = is_traded & (trades < self.least - TRADED)
        return not small.any() and (self.most_trades is None or int(is_traded.sum()) <= self.most_trades)

    @classmethod
    def of(cls, inputs: HedgeInputs, caps: TradeCaps, amounts: Mapping[str, float]) -> Counts:
        """Return the counts of the policy's rules that are in `amounts`."""
        value = np.abs(inputs.value_per_scale)
        least, most = np.zeros(inputs.n_lines), None
        for rule in inputs.policy.rules:
            if rule.name not in amounts:
                continue
            if rule.measure == "max_trades":
                stated = int(amounts[rule.name])
                most = stated if most is None else min(most, stated)
            elif rule.measure == "min_trade":
                taken = [
                    rule.terms.select is None or rule.terms.select.matches(line.traits)
                    for line in inputs.lines
                ]
                size = np.where(value > 0.0, amounts[rule.name] / np.where(value > 0.0, value, 1.0), 0.0)
                least = np.where(taken, np.maximum(least, size), least)
        least[: inputs.n_held] = np.minimum(least[: inputs.n_held], caps.sell)
        return cls(frozen(least), most)


@dataclass(frozen=True, eq=False)
class LotSizes:
    """Lots of every line.

    Attributes
    ----------
    share
        `(n_lines,)` value of a lot on its scale, as a share of the base value.
    rest
        `(n_lines,)` what the last sale of a whole position adds to its full lots, as a share.
    """

    share: FloatArray
    rest: FloatArray

    @classmethod
    def of(cls, inputs: HedgeInputs, caps: TradeCaps) -> LotSizes:
        """Return the lots that the policy states by type."""
        sizes = [
            inputs.policy.costs.lot_size(line.type) if line.is_held else line.lot_size
            for line in inputs.lines
        ]
        share = np.array(sizes) * inputs.scale / inputs.nav
        whole = np.floor(caps.sell / share[: inputs.n_held] + ROUNDING) * share[: inputs.n_held]
        rest = np.zeros(inputs.n_lines)
        rest[: inputs.n_held] = np.where(
            caps.sell - whole > ROUNDING * share[: inputs.n_held], caps.sell - whole, 0.0
        )
        return cls(frozen(share), frozen(rest))

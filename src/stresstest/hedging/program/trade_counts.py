"""How many trades there may be, how small, and in which lots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.trade_limits import TradeLimits

TRADED = 1e-9
"""Trades below this share of the base value are none."""

_SMALLEST_LOT = 1e-6
"""Share of the base value of the least number of lots that is told apart."""

_DUST = 1e-7
"""Share of the base value that an interior point leaves on both sides of a line that it sells or buys."""

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
    pairs
        Held line and candidate of each thing that could be both sold and bought; only one of them is.
    """

    least: FloatArray
    most_trades: int | None
    pairs: tuple[tuple[int, int], ...] = ()

    def keeps(self, trades: FloatArray) -> bool:
        """Tell whether `(n_lines,)` trades keep to all of them."""
        is_traded = trades > TRADED
        small = is_traded & (trades < self.least - TRADED)
        both = [min(trades[sold], trades[bought]) > _DUST for sold, bought in self.pairs]
        few = self.most_trades is None or int(is_traded.sum()) <= self.most_trades
        return few and not small.any() and not any(both)

    @classmethod
    def of(cls, inputs: HedgeInputs, amounts: Mapping[str, float]) -> Counts:
        """Return the counts of the policy's rules that are in `amounts`."""
        value = inputs.costs.size
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
        held = np.abs(inputs.held_shares[: inputs.n_held])
        least[: inputs.n_held] = np.minimum(least[: inputs.n_held], held)
        return cls(frozen(least), most, _pairs(inputs))


def _pairs(inputs: HedgeInputs) -> tuple[tuple[int, int], ...]:
    by_row = {line.legs[0].row: place for place, line in enumerate(inputs.held)}
    return tuple(
        (by_row[line.legs[0].row], inputs.n_held + place)
        for place, line in enumerate(inputs.candidates)
        if len(line.legs) == 1 and line.legs[0].row in by_row
    )


@dataclass(frozen=True, eq=False)
class LotSizes:
    """Lots of every line.

    Attributes
    ----------
    share
        `(n_lines,)` value of a lot on its scale, as a share of the base value.
    rest
        `(n_lines,)` what the last sale of a whole position adds to its full lots, as a share.
    full
        `(n_lines,)` full lots of a whole position; infinite for candidates.
    """

    share: FloatArray
    rest: FloatArray
    full: FloatArray

    @classmethod
    def of(cls, inputs: HedgeInputs, limits: TradeLimits) -> LotSizes:
        """Return the lots that the policy states by type; many at a time where one is next to nothing.

        A lot of less than a millionth of the base value is no size that matters, and its coefficients in a
        program would be lost in rounding.
        """
        sizes = [
            inputs.policy.costs.lot_size(line.type) if line.is_held else line.lot_size
            for line in inputs.lines
        ]
        share = np.array(sizes) * inputs.scale / inputs.nav
        share = share * np.ceil(np.maximum(_SMALLEST_LOT / share, 1.0))
        held = inputs.n_held
        full = np.full(inputs.n_lines, np.inf)
        full[:held] = np.floor(limits.most[:held] / share[:held] + ROUNDING)
        left = limits.most[:held] - full[:held] * share[:held]
        rest = np.zeros(inputs.n_lines)
        rest[:held] = np.where(left > ROUNDING * share[:held], left, 0.0)
        return cls(frozen(share), frozen(rest), frozen(full))

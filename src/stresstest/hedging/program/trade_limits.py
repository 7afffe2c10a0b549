"""How much of each line may be traded: by what is held, by cash, and by what the rules imply."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.trade_rows import TradeRows

_ROUNDS = 6
_FREE = 1e3
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class TradeLimits:
    """Least and largest trade of every line, `(n_lines,)` each, as shares of the base value.

    A largest trade may be infinite; where the least is above it, nothing keeps to the limits.
    """

    least: FloatArray
    most: FloatArray

    @classmethod
    def of(cls, inputs: HedgeInputs, forbidden: BoolArray) -> TradeLimits:
        """Return no more than is held, nothing of what has no value, all of a position that is forbidden."""
        held = inputs.n_held
        may_sell = np.array([line.can_sell for line in inputs.held], np.bool_) & inputs.usable[:held]
        may_buy = inputs.usable[held:] & ~forbidden[held:]
        size = np.abs(inputs.held_shares[:held])
        most = np.concatenate([np.where(may_sell, size, 0.0), np.where(may_buy, np.inf, 0.0)])
        least = np.concatenate([np.where(forbidden[:held], size, 0.0), np.zeros(len(may_buy))])
        return cls(frozen(least), frozen(most))

    @property
    def is_empty(self) -> bool:
        """Whether a position must go that cannot be sold."""
        return bool((self.least > self.most + _ROUNDING).any())

    def boxed(self) -> TradeLimits:
        """Return limits that are finite: 1,000 times the base value for what nothing caps."""
        return replace(self, most=frozen(np.minimum(self.most, _FREE)))

    def implied_by(self, rows: TradeRows) -> TradeLimits:
        """Return the largest trades that single rows allow where everything else goes as far as it may.

        Bounds of trades are what a program with switches stands on: its relaxation takes a line of size x for
        x ÷ largest trade of one (M. W. P. Savelsbergh, Preprocessing and probing techniques for mixed
        integer programming problems, ORSA Journal on Computing 6 (1994) 445).
        """
        matrix, room = rows.limits.matrix, -rows.limits.offset
        most = np.append(self.most, np.inf)
        least = np.append(self.least, 0.0)
        for _ in range(_ROUNDS):
            before = most
            most = np.minimum(most, _implied(matrix, room, least, most))
            if np.array_equal(most, before):
                break
        return TradeLimits(self.least, frozen(np.maximum(most[:-1], self.least))).boxed()


def _implied(matrix: FloatArray, room: FloatArray, least: FloatArray, most: FloatArray) -> FloatArray:
    """Return the largest value of each variable in any row, the others where the row has most room."""
    ends = np.where(matrix > 0.0, least, np.where(matrix < 0.0, most, 0.0))
    parts = np.where(matrix != 0.0, matrix * np.where(np.isfinite(ends), ends, 0.0), 0.0)
    is_open = ~np.isfinite(ends) & (matrix != 0.0)
    others = parts.sum(axis=1, keepdims=True) - parts
    is_bounded = (is_open.sum(axis=1, keepdims=True) - is_open) == 0
    usable = (matrix > _ROUNDING) & is_bounded
    allowed = np.where(usable, (room[:, np.newaxis] - others) / np.where(usable, matrix, 1.0), np.inf)
    found: FloatArray = np.maximum(allowed.min(axis=0, initial=np.inf), 0.0)
    return found * (1.0 + _ROUNDING)

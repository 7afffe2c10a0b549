"""The variables of a program: what is sold and bought, what that costs, in one of three forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.cvxpy_atoms import joined, times, total
from stresstest.hedging.program.trade_state import TradeState, state_of

_NEGLIGIBLE = 1e-13
"""Impact of a whole position below which it is no cost, as a share of the base value."""

_FIRST_TANGENTS = (5e-4, 5e-3, 0.02, 0.06)
"""Where impact is first bounded from below, as shares of the base value."""


@dataclass(frozen=True, eq=False)
class TradeCaps:
    """Largest trades of every line, as shares of the base value: `sell (n_held,)`, `buy (n_candidates,)`."""

    sell: FloatArray
    buy: FloatArray

    @classmethod
    def of(cls, inputs: HedgeInputs, forbidden: BoolArray) -> TradeCaps:
        """Return no more than is held, nothing of what has no value or is forbidden, else no cap."""
        held = inputs.n_held
        may_sell = np.array([line.can_sell for line in inputs.held], np.bool_) & inputs.usable[:held]
        may_buy = inputs.usable[held:] & ~forbidden[held:]
        sell = np.where(may_sell, np.abs(inputs.held_shares[:held]), 0.0)
        return cls(sell, np.where(may_buy, np.inf, 0.0))

    def finite(self, inputs: HedgeInputs) -> TradeCaps:
        """Return caps that all the cash of the book could pay for; 1,000 times the book for what is free."""
        value = inputs.value_per_scale
        raised = max(inputs.cash_share, 0.0) + float((np.abs(value[: inputs.n_held]) * self.sell).sum())
        price = value[inputs.n_held :]
        affordable = np.where(price > 0.0, raised / np.where(price > 0.0, price, 1.0), 1e3)
        return TradeCaps(self.sell, np.minimum(self.buy, affordable))


class TradeModel:
    """Variables of the trades and of what they cost, with the constraints that hold by their nature.

    Parameters
    ----------
    sell, buy
        Affine, in shares of the base value.
    caps
        Of the trades.
    is_integer
        Whether switches or lots stand behind the expressions.

    Attributes
    ----------
    impact, impact_lines
        Cost of impact of the lines that have any; tangents bound it from below.
    state
        Of the expressions.
    constraints
        Cash, written calls, tax, tangents.
    """

    def __init__(
        self,
        inputs: HedgeInputs,
        sell: cp.Expression,
        buy: cp.Expression,
        caps: TradeCaps,
        *,
        is_integer: bool = False,
    ) -> None:
        self.inputs, self.sell, self.buy, self.caps, self.is_integer = inputs, sell, buy, caps, is_integer
        self.constraints: list[cp.Constraint] = []
        self.impact: cp.Variable | None = None
        costs = inputs.costs
        reach = np.where(np.isfinite(self._caps()), self._caps(), 1.0)
        heavy = costs.impact * reach**1.5 > _NEGLIGIBLE
        self.impact_lines = np.flatnonzero(heavy & (self._caps() > 0.0))
        traded = joined([self.sell, self.buy])
        self.traded = traded
        paid = (costs.spread + costs.fee) @ traded
        if len(self.impact_lines):
            self.impact = cp.Variable(len(self.impact_lines), nonneg=True, name="impact")
            paid = paid + total(self.impact)
            for share in _FIRST_TANGENTS:
                self.add_tangents(np.minimum(share, self._caps()))
        if costs.tax_rate > 0.0 and len(costs.lots.line):
            paid = paid + self._tax()
        self.state: TradeState = state_of(inputs, self.sell, self.buy, paid)
        self.constraints += [self.state.cash >= min(0.0, inputs.cash_share), *self._covered()]

    def _caps(self) -> FloatArray:
        return np.concatenate([self.caps.sell, self.caps.buy])

    def _tax(self) -> cp.Expression:
        """Return tax on gains net of losses, each line's gain being the largest of its pieces."""
        line, intercept, slope = self.inputs.costs.pieces()
        lines = np.unique(line)
        gain = cp.Variable(len(lines), name="gain")
        tax = cp.Variable(nonneg=True, name="tax")
        place = np.searchsorted(lines, line)
        self.constraints.append(gain[place] >= intercept + times(slope, self.sell[line.astype(np.int64)]))
        self.constraints.append(tax >= self.inputs.costs.tax_rate * total(gain))
        return tax

    def add_tangents(self, at: FloatArray) -> None:
        """Bound impact from below by its tangents at trades `at` `(n_lines,)`."""
        used = np.flatnonzero(at[self.impact_lines] > 0.0)
        if self.impact is None or not len(used):
            return
        rows = self.impact_lines[used]
        root, factor = np.sqrt(at[rows]), self.inputs.costs.impact[rows]
        slope, constant = 1.5 * factor * root, 0.5 * factor * at[rows] * root
        self.constraints.append(self.impact[used] >= times(slope, self.traded[rows]) - constant)

    def impact_gap(self) -> float:
        """Return how far the impact of the trades found lies above what the program takes it for."""
        if self.impact is None:
            return 0.0
        traded = np.maximum(self.trades()[self.impact_lines], 0.0)
        true = self.inputs.costs.impact[self.impact_lines] * traded * np.sqrt(traded)
        return float((true - np.asarray(self.impact.value)).max(initial=0.0))

    def trades(self) -> FloatArray:
        """Return `(n_lines,)` trades found, as shares of the base value, within their caps."""
        found: FloatArray = np.clip(np.asarray(self.traded.value), 0.0, self._caps())
        return found

    def _covered(self) -> list[cp.Constraint]:
        """Return that written calls keep the shares that cover them, where they did."""
        return [row >= 0.0 for row in coverage(self.inputs, self.state.after)]


def coverage(inputs: HedgeInputs, after: Any) -> list[Any]:
    """Return shares less those that written calls are on, less what was short before; for each underlying.

    At least 0 where no call becomes naked by a sale of its shares. In units of the base value's share of one
    share's price, so that rounding compares with other rows.
    """
    rows = []
    for issuer in sorted({line.issuer for line in inputs.held if _is_written_call(inputs, line)}):
        row, size = np.zeros(inputs.n_lines), 1.0
        for place, line in enumerate(inputs.lines):
            if line.issuer != issuer:
                continue
            spec = inputs.book.instruments[line.legs[0].row].spec
            if line.type in ("equity", "fund"):
                row[place], size = 1.0 / inputs.scale[place], inputs.scale[place]
            elif _is_written_call(inputs, line):
                row[place] = spec.multiplier / inputs.scale[place]
        before = float(row @ inputs.held_shares)
        rows.append(size * (row @ after - min(before, 0.0)))
    return rows


def _is_written_call(inputs: HedgeInputs, line: Any) -> bool:
    """Tell whether a line owes shares: a call on a currency has no shares that could cover it."""
    spec = inputs.book.instruments[line.legs[0].row].spec
    return bool(line.issuer and line.quantity < 0.0 and getattr(spec, "right", "") == "call")

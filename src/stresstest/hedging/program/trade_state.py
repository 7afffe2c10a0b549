"""Trades and what they leave, as shares of the base value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from stresstest.hedging.inputs.effects import Effects
    from stresstest.hedging.inputs.inputs import HedgeInputs


class TradeState(NamedTuple):
    """Trades and the book after them, in shares of |base value|.

    Attributes
    ----------
    sell
        `(n_held,)` value by which each held position is reduced, at least 0.
    buy
        `(n_candidates,)` value bought, at least 0.
    cost
        Spread, impact, tax and fees.
    rolls
        Cost of rolling the options bought over the horizon.
    after
        `(n_lines,)` quantity afterwards × scale; negative when short.
    gross_cash
        Cash afterwards if trading were free.
    set_aside
        Cash that must stay: margin of the swaps bought.
    """

    sell: Any
    buy: Any
    cost: Any
    rolls: Any
    after: Any
    gross_cash: Any
    set_aside: Any

    @property
    def cash(self) -> Any:
        """Cash afterwards."""
        return self.gross_cash - self.cost - self.rolls

    @property
    def free_cash(self) -> Any:
        """Cash afterwards that is no margin: what may pay for purchases, and counts as a reserve."""
        return self.cash - self.set_aside


def state_of(inputs: HedgeInputs, sell: Any, buy: Any, cost: Any) -> TradeState:
    """Return the state after `sell` and `buy` (shares of the base value) at `cost`."""
    held, values = inputs.n_held, inputs.value_per_scale
    change = np.concatenate([-inputs.sign[:held] * sell, buy])
    after = inputs.held_shares + change
    gross_cash = inputs.cash_share - values @ change
    rolls, set_aside = inputs.costs.roll_share @ buy, inputs.costs.set_aside @ buy
    return TradeState(sell, buy, cost, rolls, after, gross_cash, set_aside)


def pnl_after(inputs: HedgeInputs, effects: Effects, state: TradeState, columns: Any = slice(None)) -> Any:
    """Return P&L `(n_columns,)` of the hedged book against the base value of the book as it was.

    Affine in the state: lines at what they are carried at, cash with its interest, less all costs.
    """
    unit = inputs.per_scale(effects.unit[:, columns])
    cash = effects.cash[columns]
    change = state.after - inputs.held_shares
    before = effects.before[columns] / inputs.nav
    paid = state.cost + state.rolls
    return before + unit.T @ change - paid * np.ones(len(before)) + cash * (state.cash - inputs.cash_share)

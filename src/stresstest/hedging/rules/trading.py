"""Trading itself: turnover, cost, and the days that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule


def max_turnover(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the larger of purchases and sales, swaps by their notional.

    Shorts that are bought back are purchases. With the cash that pays for the difference as a position this
    is ½ · Σ |change of a position|, the one-way turnover.
    """
    held, new = inputs.costs.size[: inputs.n_held], inputs.costs.size[inputs.n_held :]
    is_short = inputs.sign[: inputs.n_held] < 0.0
    sold, bought_back = np.where(is_short, 0.0, held), np.where(is_short, held, 0.0)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [sold @ state.sell - amount, bought_back @ state.sell + new @ state.buy - amount]

    def measured(state: TradeState) -> float:
        return float(max(sold @ state.sell, bought_back @ state.sell + new @ state.buy))

    return BuiltRule(rule, measured, linear)


def max_cost(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on spread, impact, tax and fees."""
    del inputs

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [state.cost - amount]

    return BuiltRule(rule, lambda state: float(state.cost), linear)


def max_adv_days(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the days of each trade at a share of the usual daily volume."""
    a_day = rule.terms.share * inputs.costs.daily_volume
    known = np.flatnonzero(np.isfinite(a_day))
    sold, bought = known[known < inputs.n_held], known[known >= inputs.n_held] - inputs.n_held

    def linear(state: TradeState, amount: Any) -> list[Any]:
        rows = [state.sell[sold] - amount * a_day[sold]] if len(sold) else []
        new = a_day[bought + inputs.n_held]
        return [*rows, state.buy[bought] - amount * new] if len(bought) else rows

    def measured(state: TradeState) -> float:
        traded = np.concatenate([state.sell, state.buy])[known]
        return float((traded / a_day[known]).max(initial=0.0))

    return BuiltRule(rule, measured, linear)


MEASURES: Mapping[str, Builder] = {
    "max_turnover": max_turnover,
    "max_cost": max_cost,
    "max_adv_days": max_adv_days,
}

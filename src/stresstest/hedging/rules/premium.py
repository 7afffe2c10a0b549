"""Premium of options and of protection on credit: how much a year, on what, in which expiry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule


def max_premium(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the premium a year at the ask, rolls included."""
    premium = inputs.costs.premium

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [premium @ state.buy - amount]

    return BuiltRule(rule, lambda state: float(premium @ state.buy), linear)


def min_index_share(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under the share of the premium on broad funds and indices."""
    premium = inputs.costs.premium
    index = premium * [line.is_on_index for line in inputs.candidates]

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount * (premium @ state.buy) - index @ state.buy]

    def measured(state: TradeState) -> float:
        spent = float(premium @ state.buy)
        return float(index @ state.buy) / spent if spent > 0.0 else 1.0

    return BuiltRule(rule, measured, linear, is_affine=False)


def max_expiry_share(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the share of the premium in any one expiry."""
    premium, rows = inputs.costs.premium, _by_expiry(inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [rows @ state.buy - amount * (premium @ state.buy)] if len(rows) else []

    def measured(state: TradeState) -> float:
        spent = float(premium @ state.buy)
        return float((rows @ state.buy).max(initial=0.0)) / spent if spent > 0.0 else 0.0

    return BuiltRule(rule, measured, linear, is_affine=False)


def _by_expiry(inputs: HedgeInputs) -> FloatArray:
    """Return `(n_expiries, n_candidates)` premium of the options of each expiry."""
    expiries = [line.expiry for line in inputs.candidates]
    days = sorted({day for day in expiries if day is not None})
    rows = np.array([[float(expiry == day) for expiry in expiries] for day in days])
    table: FloatArray = rows.reshape(len(days), len(expiries)) * inputs.costs.premium
    return table


MEASURES: Mapping[str, Builder] = {
    "max_premium": max_premium,
    "min_index_share": min_index_share,
    "max_expiry_share": max_expiry_share,
}

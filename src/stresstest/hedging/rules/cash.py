"""Cash and bills: a reserve to buy with, and a ceiling on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, Denominator

_DAY = 1.0 / DAYS_PER_YEAR


def min_cash(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under cash and bills, all costs paid and margin left out."""
    bills, whole = _bills(rule, inputs), Denominator.of(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount * whole.at(state, state.cash) - (state.free_cash + bills @ state.after)]

    return BuiltRule(rule, _measured(bills, whole), linear, is_affine=whole.is_base)


def max_cash(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the ceiling on cash and bills, before costs: a cost can never make room under it."""
    bills, whole = _bills(rule, inputs), Denominator.of(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        cash = state.gross_cash
        free = cash - state.set_aside
        return [free + bills @ state.after - amount * whole.at(state, cash)]

    return BuiltRule(rule, _measured(bills, whole), linear, is_affine=whole.is_base)


def _measured(bills: FloatArray, whole: Denominator) -> Any:
    def measured(state: TradeState) -> float:
        return float(whole.share(state.free_cash + bills @ state.after, state))

    return measured


def _bills(rule: Rule, inputs: HedgeInputs) -> FloatArray:
    """Return `(n_lines,)` market value per unit of scale of government bonds due within the term."""
    within = rule.terms.within_years + _DAY
    is_bill = [
        line.traits.values.get("asset_class") == "government_bond" and line.traits.maturity_years <= within
        for line in inputs.lines
    ]
    row: FloatArray = np.where(is_bill, inputs.value_per_scale, 0.0)
    return row


MEASURES: Mapping[str, Builder] = {"min_cash": min_cash, "max_cash": max_cash}

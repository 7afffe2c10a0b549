"""Look-through exposure to a theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, Denominator


def max_exposure(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on value × exposure to the theme; funds by what they hold, options by delta."""
    is_option = [line.is_option for line in inputs.lines]
    exposure = np.array([line.traits.themes.get(rule.terms.theme, 0.0) for line in inputs.lines])
    base = np.where(is_option, inputs.risk.delta, inputs.unit_value)
    row = inputs.per_scale(exposure * base)
    whole = Denominator.of(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [row @ state.after - amount * whole.at(state, state.cash)]

    def measured(state: TradeState) -> float:
        return float(whole.share(row @ state.after, state))

    return BuiltRule(rule, measured, linear, is_affine=whole.is_base)


MEASURES: Mapping[str, Builder] = {"max_exposure": max_exposure}

"""Income a year if nothing moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule
from stresstest.quantity import parse_horizon


def min_carry(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under the change of income a year: yields, interest, time value, less the rolls."""
    change = carry_change(inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount - change(state)]

    return BuiltRule(rule, lambda state: float(change(state)), linear)


def carry_change(inputs: HedgeInputs) -> Any:
    """Return `state → change of income a year`, as a share of the base value."""
    carry = inputs.per_scale(inputs.risk.carry)
    years = parse_horizon(inputs.policy.horizon).years

    def change(state: TradeState) -> Any:
        of_lines = carry @ (state.after - inputs.held_shares)
        of_cash = inputs.risk.cash_carry * (state.cash - inputs.cash_share)
        return of_lines + of_cash - state.rolls / years

    return change


MEASURES: Mapping[str, Builder] = {"min_carry": min_carry}

"""P&L in named scenarios: participation in a boom, largest loss, savings that another scenario leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.scenario_names import ON_TOP, ScenarioUse, resolved
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.hedging.rules.built import Builder, BuiltRule

MATERIAL_GAIN = 0.05
"""Gain of the unhedged book in a boom, as a share of the base value, from which on the part of it that is
kept is worth asking for: a hedge costs about one per cent, which is more than a fifth of any smaller gain."""


def min_participation(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under the gain in a scenario, as a share of the unhedged gain.

    A scenario in which the book as it is gains less than `MATERIAL_GAIN` asks for nothing: a part of nearly
    nothing would turn down hedges that cost nearly nothing.
    """
    named = scenario_columns(rule, inputs)
    gains = inputs.scenarios.before[named] / inputs.nav
    columns = [column for column, gain in zip(named, gains, strict=True) if gain >= MATERIAL_GAIN]
    before = inputs.scenarios.before[columns] / inputs.nav

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount * before - pnl_after(inputs, inputs.scenarios, state, columns)] if columns else []

    def measured(state: TradeState) -> float:
        kept = pnl_after(inputs, inputs.scenarios, state, columns) / before
        return float(kept.min(initial=np.inf))

    silence = "" if columns else _silence(rule, float(gains.max(initial=-np.inf)))
    return BuiltRule(rule, measured, linear, silence=silence)


def _silence(rule: Rule, gain: float) -> str:
    moves = f"gains {100.0 * gain:.1f} %" if gain > 0.0 else "gains nothing"
    where = rule.terms.scenario
    return (
        f"{rule.name} asks for nothing: the book as it is {moves} of the base value in {where}, "
        f"less than the {100.0 * MATERIAL_GAIN:.0f} % from which on a part of it is worth keeping"
    )


def max_loss(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the loss in a scenario at each of its severities."""
    columns = scenario_columns(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [-pnl_after(inputs, inputs.scenarios, state, columns) - amount] if columns else []

    def measured(state: TradeState) -> float:
        return float((-pnl_after(inputs, inputs.scenarios, state, columns)).max(initial=-np.inf))

    return BuiltRule(rule, measured, linear)


def keep_with(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return that at least the amount of what is saved in a scenario is saved with each of `with` on top."""
    names = resolved(rule.terms.scenario, inputs.of_horizon(), inputs.worst)
    pairs = [(name, f"{name}{ON_TOP}{top}") for name in names for top in rule.terms.with_scenarios]
    alone = inputs.columns([name for name, _ in pairs])
    both = inputs.columns([name for _, name in pairs])

    def saved(state: TradeState, columns: list[int]) -> Any:
        before = inputs.scenarios.before[columns] / inputs.nav
        return pnl_after(inputs, inputs.scenarios, state, columns) - before

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount * saved(state, alone) - saved(state, both)] if pairs else []

    def measured(state: TradeState) -> float:
        least, kept = saved(state, alone), saved(state, both)
        ratio = np.where(
            least > 0.0, kept / np.where(least > 0.0, least, 1.0), np.where(kept < least, -np.inf, np.inf)
        )
        return float(ratio.min(initial=np.inf))

    return BuiltRule(rule, measured, linear, is_affine=False)


def scenario_columns(rule: Rule, inputs: HedgeInputs) -> list[int]:
    """Return the columns of the scenarios that a rule names, at each of its severities."""
    names = resolved(rule.terms.scenario, inputs.of_horizon(), inputs.worst)
    return inputs.columns(
        [ScenarioUse(name, severity).column_name for name in names for severity in rule.terms.severities]
    )


MEASURES: Mapping[str, Builder] = {
    "min_participation": min_participation,
    "max_loss": max_loss,
    "keep_with": keep_with,
}

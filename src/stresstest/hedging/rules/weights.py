"""Weights of groups and selections, by market value: single names, sectors, clusters, floors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.stressed_clusters import neighbours
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, Denominator, chosen, value_rows


def max_weight(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on each group of `by`, or on what is selected.

    Groups of `except` and, under `new`, groups of which the book held nothing have caps of their own, which
    do not move with the amount. The measured value is the largest weight of the other groups.
    """
    groups = grouped(rule, inputs)
    rows, names = value_rows(inputs, np.array(list(groups.values()))), list(groups)
    caps = np.array([_cap(rule, inputs, name, row) for name, row in zip(names, rows, strict=True)])
    ordinary = np.isnan(caps)
    whole = Denominator.of(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        total = whole.at(state, state.cash)
        parts = [rows[ordinary] @ state.after - amount * total] if ordinary.any() else []
        fixed = [rows[~ordinary] @ state.after - caps[~ordinary] * total] if (~ordinary).any() else []
        return [*parts, *fixed]

    def measured(state: TradeState) -> float:
        weights = whole.share(rows[ordinary] @ state.after, state)
        return float(weights.max(initial=0.0))

    return BuiltRule(rule, measured, linear, is_affine=whole.is_base)


def min_weight(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under what is selected."""
    row = chosen(inputs, rule) * inputs.value_per_scale
    whole = Denominator.of(rule, inputs)

    def linear(state: TradeState, amount: Any) -> list[Any]:
        return [amount * whole.at(state, state.cash) - row @ state.after]

    def measured(state: TradeState) -> float:
        return float(whole.share(row @ state.after, state))

    return BuiltRule(rule, measured, linear, is_affine=whole.is_base)


def grouped(rule: Rule, inputs: HedgeInputs) -> dict[str, FloatArray]:
    """Return by group `(n_lines,)` the part of each line that is in it, within the rule's selection."""
    by, taken = rule.terms.by, chosen(inputs, rule)
    if not by:
        return {"selection": taken.astype(np.float64)}
    if by == "cluster":
        clusters = neighbours(inputs, rule.terms.regime, rule.terms.correlation)
        return {name: row * taken for name, row in clusters.items()}
    shares = [_themes(line.traits.themes) if by == "theme" else {} for line in inputs.lines]
    if by != "theme":
        values = [line.traits.values.get(by, "") for line in inputs.lines]
        shares = [{value: 1.0} if value else {} for value in values]
    names = sorted({name for row in shares for name in row})
    return {name: np.array([row.get(name, 0.0) for row in shares]) * taken for name in names}


def _themes(themes: Mapping[str, float]) -> dict[str, float]:
    return dict(themes)


def _cap(rule: Rule, inputs: HedgeInputs, name: str, row: FloatArray) -> float:
    """Return the cap of a group's own, NaN where the rule's amount counts."""
    if name in rule.terms.exceptions:
        return rule.terms.exceptions[name]
    held = np.abs(row[: inputs.n_held]).sum() > 0.0
    return np.nan if held or rule.terms.new is None else rule.terms.new


MEASURES: Mapping[str, Builder] = {"max_weight": max_weight, "min_weight": min_weight}

"""Where protection comes from: no single source of it, and none from who is in the scenario himself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.scenario_names import resolved
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.hedging.rules.built import Builder, BuiltRule


def max_protection_share(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on what purchases of one group gain in a scenario, as a share of what the plan saves.

    Groups: each instrument, expiry of options, kind of refuge, seller who has to pay (no clearing house).
    """
    columns = inputs.columns(resolved(rule.terms.scenario, inputs.of_horizon(), inputs.worst))
    groups = _groups(rule.terms.by, inputs)
    unit = inputs.per_scale(inputs.scenarios.unit[:, columns])[inputs.n_held :]
    gains = [groups * unit[:, place] for place in range(len(columns))]
    before = inputs.scenarios.before[columns] / inputs.nav

    def linear(state: TradeState, amount: Any) -> list[Any]:
        saved = pnl_after(inputs, inputs.scenarios, state, columns) - before
        rows = range(len(columns) if len(groups) else 0)
        return [gains[place] @ state.buy - amount * saved[place] for place in rows]

    def measured(state: TradeState) -> float:
        saved = pnl_after(inputs, inputs.scenarios, state, columns) - before
        shares = [
            float((gains[place] @ state.buy).max(initial=0.0)) / saved[place]
            for place in range(len(columns))
            if saved[place] > 0.0
        ]
        return max(shares, default=0.0)

    return BuiltRule(rule, measured, linear, is_affine=False)


def not_from(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return that nothing is bought whose seller loses more than the amount in a scenario of the horizon."""
    exempt = rule.terms.unless_cleared
    loss = np.array(
        [
            inputs.seller_loss.get(line.seller, 0.0)
            if not line.is_held and not (exempt and line.is_cleared)
            else 0.0
            for line in inputs.lines
        ]
    )

    def forbidden(amount: float) -> BoolArray:
        found: BoolArray = loss > amount + 1e-12
        return found

    def measured(state: TradeState) -> float:
        bought = np.concatenate([np.zeros(inputs.n_held), np.asarray(state.buy)]) > 0.0
        return float(loss[bought].max(initial=0.0))

    steps = tuple(sorted(set(loss.tolist())))
    return BuiltRule(rule, measured, forbidden=forbidden, steps=steps)


def _groups(by: str, inputs: HedgeInputs) -> FloatArray:
    """Return `(n_groups, n_candidates)` whether a candidate is in a group."""
    keys = [_key(by, line) for line in inputs.candidates]
    names = sorted({key for key in keys if key})
    table = np.array([[float(key == name) for key in keys] for name in names])
    return table.reshape(len(names), len(keys))


def _key(by: str, line: Line) -> str:
    if by == "expiry":
        return "" if line.expiry is None else line.expiry.isoformat()
    if by == "seller":
        return "" if line.is_cleared else line.seller
    return line.source if by == "source" else line.id


MEASURES: Mapping[str, Builder] = {"max_protection_share": max_protection_share, "not_from": not_from}

"""Effective numbers: of names, and of bets that are independent under stress."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.effective_bets import number_of_bets, torsion
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.candidates import SWAPS_ON_NOTIONAL
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.traits import look_through
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, Cone, chosen

_ROOM, _FLATTER, _FLATTEST = 1.2, 0.9, 0.05


def min_effective_names(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under 1 ÷ Σ share² of the issuers of what is selected, funds by what they hold.

    As a cone: the length of the weights is at most their sum ÷ √amount.
    """
    rows = _by_issuer(rule, inputs)

    def cones(state: TradeState, amount: Any) -> list[Cone]:
        weights = rows @ state.after
        return [Cone(weights, rows.sum(axis=0) @ state.after * amount**-0.5)]

    def measured(state: TradeState) -> float:
        weights = rows @ state.after
        square = float((weights * weights).sum())
        return float(weights.sum()) ** 2 / square if square > 0.0 else math.inf

    return BuiltRule(rule, measured, cones=cones, is_affine=False)


def min_effective_bets(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under the effective number of bets in the factor model's regime.

    (Σz²)² ≥ amount · Σz⁴ is not convex in the trades. Where a plan without the rule breaks it, a cone that
    implies it is kept instead: with a fixed direction d of length 1, d·z ≥ amount^¼ · (Σz⁴)^¼, for d·z is
    never above √Σz². So the rule holds for every plan. Turned to the z of a plan that keeps the rule, the
    cone holds there too: a plan found under one direction is where the next one starts (the convex-concave
    procedure; A. L. Yuille, A. Rangarajan, Neural Computation 15 (2003) 915), and none of them is worse.
    """
    model = inputs.risk.model
    if model is None:
        return BuiltRule(rule, lambda _: math.inf)
    rows = frozen(torsion(model.covariance[rule.terms.regime]) @ inputs.per_scale(inputs.risk.factors).T)
    direction = _direction(rows @ inputs.held_shares, rule.amount)

    def cones(state: TradeState, amount: Any) -> list[Cone]:
        def is_kept(bets: FloatArray) -> bool:
            return number_of_bets(bets) >= float(amount)

        def turned(bets: FloatArray) -> FloatArray:
            row: FloatArray = _direction(bets, amount) * amount**-0.25
            return row

        bound = (direction @ rows) @ state.after * amount**-0.25
        return [Cone(rows @ state.after, bound, 4, is_kept, turned)]

    return BuiltRule(rule, lambda state: number_of_bets(rows @ state.after), cones=cones, is_affine=False)


def _direction(bets: FloatArray, amount: float) -> FloatArray:
    """Return a direction of length 1 near that of `bets`, itself as diversified as is asked or more."""
    room = 1.0 if number_of_bets(bets) >= amount else _ROOM
    flatness = 1.0
    flat = bets
    while number_of_bets(flat) < room * amount and flatness > _FLATTEST:
        flatness *= _FLATTER
        flat = np.sign(bets) * np.abs(bets) ** flatness
    size = math.sqrt(float((flat * flat).sum()))
    return frozen(flat / size if size else flat)


def _by_issuer(rule: Rule, inputs: HedgeInputs) -> FloatArray:
    """Return `(n_names, n_lines)` market value per unit of scale of each issuer, through funds."""
    taken = chosen(inputs, rule)
    inside = [
        look_through(line.issuer, inputs.book.market)
        if taken[place] and _is_named(line.type, line.issuer)
        else {}
        for place, line in enumerate(inputs.lines)
    ]
    names = sorted({name for row in inside for name in row})
    table = np.array([[row.get(name, 0.0) for row in inside] for name in names])
    return frozen(table.reshape(len(names), inputs.n_lines) * inputs.value_per_scale)


def _is_named(type_: str, issuer: str) -> bool:
    is_protection = type_ in ("cds", *SWAPS_ON_NOTIONAL)
    return bool(issuer) and type_ != "package" and not is_protection and not type_.endswith("_option")


MEASURES: Mapping[str, Builder] = {
    "min_effective_names": min_effective_names,
    "min_effective_bets": min_effective_bets,
}

"""Tracking error against a stated mix of the market's names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.risk_exposures import own_vols
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, Cone
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink, MarketSnapshot
from stresstest.scenarios.propagated import members_of


def max_tracking_error(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the cap on the standard deviation a year of the book's return less the benchmark's.

    Systematic factors, and the own part of each name; exposures by the book's own kernels, to first order.

    Raises
    ------
    InputError
        ST479 in a market without a factor model.
    """
    model = inputs.risk.model
    if model is None:
        got = f"rule {rule.name!r} in market {inputs.book.market.name!r}, which has no factor model"
        raise InputError([Problem("ST479", got, "a market with one, or no tracking error", rule.location)])
    rows, benchmark = _deviations(rule, inputs, model)

    def cones(state: TradeState, amount: Any) -> list[Cone]:
        return [Cone(rows @ state.after - benchmark, amount)]

    def measured(state: TradeState) -> float:
        apart = rows @ state.after - benchmark
        return math.sqrt(float((apart * apart).sum()))

    return BuiltRule(rule, measured, cones=cones)


def _deviations(rule: Rule, inputs: HedgeInputs, model: FactorModel) -> tuple[FloatArray, FloatArray]:
    """Return `(n, n_lines)` and `(n,)` independent deviations a year of the lines and of the benchmark."""
    regime, market = rule.terms.regime, inputs.book.market
    root = np.linalg.cholesky(model.covariance[regime]).T
    exposure = np.zeros(len(model.factors))
    inside: dict[str, float] = {}
    for issuer, weight in rule.terms.benchmark.items():
        for key, share in _members(issuer, market).items():
            row = model.rows.get(key)
            if row is not None:
                exposure = exposure + weight * share * model.exposures[row]
            if key.kind == "spot":
                inside[key.name] = inside.get(key.name, 0.0) + weight * share
    names = tuple(sorted({*inputs.risk.names, *inside}))
    place = {name: row for row, name in enumerate(names)}
    held = np.zeros((len(names), inputs.n_lines))
    held[[place[name] for name in inputs.risk.names]] = inputs.per_scale(inputs.risk.name_delta.T).T
    own = own_vols(names, model, regime)
    benchmark = np.array([inside.get(name, 0.0) for name in names])
    lines = np.vstack([root @ inputs.per_scale(inputs.risk.factors).T, own[:, np.newaxis] * held])
    return _merged(lines, np.concatenate([root @ exposure, own * benchmark]))


def _merged(rows: FloatArray, benchmark: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the same with everything that no line can change as one component: its length."""
    moving = np.abs(rows).max(axis=1, initial=0.0) > 0.0
    rest = math.sqrt(float((benchmark[~moving] ** 2).sum()))
    return frozen(np.vstack([rows[moving], np.zeros(rows.shape[1])])), frozen([*benchmark[moving], rest])


def _members(issuer: str, market: MarketSnapshot) -> dict[RiskFactorKey, float]:
    """Return what the price of an issuer moves with, to first order."""
    links: dict[RiskFactorKey, FactorLink] = {link.target: link for link in market.links}
    spot = RiskFactorKey("spot", issuer)
    return members_of(links[spot], links) if spot in links else {spot: 1.0}


MEASURES: Mapping[str, Builder] = {"max_tracking_error": max_tracking_error}

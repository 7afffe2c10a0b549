"""What may be held or bought at all: maturities, scores."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from stresstest.arrays import BoolArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Builder, BuiltRule, chosen

_BONDS = ("government_bond", "credit")
_HELD = 1e-12
_DAY = 1.0 / DAYS_PER_YEAR


def max_maturity(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return that no bond of a longer time to maturity is held: a longer one is sold whole."""
    taken = chosen(inputs, rule)
    years = np.array(
        [
            line.traits.maturity_years if line.traits.values.get("asset_class") in _BONDS else 0.0
            for line in inputs.lines
        ]
    )
    years = np.where(taken, years, 0.0)

    def forbidden(amount: float) -> BoolArray:
        found: BoolArray = years > amount + _DAY
        return found

    def measured(state: TradeState) -> float:
        return float(years[np.abs(state.after) > _HELD].max(initial=0.0))

    return BuiltRule(rule, measured, forbidden=forbidden, steps=tuple(sorted(set(years.tolist()))))


def min_score(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return that no share is bought whose issuer scores less; one without a score is not bought either."""
    taken = chosen(inputs, rule)
    score = np.array(
        [
            _score(inputs, line.issuer, rule.terms.score)
            if not line.is_held and taken[place] and line.type == "equity"
            else math.inf
            for place, line in enumerate(inputs.lines)
        ]
    )

    def forbidden(amount: float) -> BoolArray:
        found: BoolArray = score < amount
        return found

    def measured(state: TradeState) -> float:
        bought = np.concatenate([np.zeros(inputs.n_held), np.asarray(state.buy)]) > 0.0
        return float(score[bought].min(initial=math.inf))

    return BuiltRule(rule, measured, forbidden=forbidden, steps=tuple(sorted(set(score.tolist()))))


def _score(inputs: HedgeInputs, issuer: str, name: str) -> float:
    known = inputs.book.market.issuers.get(issuer)
    stated = known.attributes.get(name, "") if known else ""
    return float(stated) if stated else -math.inf


MEASURES: Mapping[str, Builder] = {"max_maturity": max_maturity, "min_score": min_score}

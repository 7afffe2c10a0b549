"""A set is worked out once for markets that give the same columns, and again for one that has more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import stresstest as st
from stresstest.hedging.inputs.drawn_sets import DrawnSet
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.member_set import MemberSet


def drawn() -> DrawnSet:
    members = st.load_scenarios("ai_burst_12m")
    assert isinstance(members, MemberSet)
    assert members.sample is not None
    few = replace(members, sample=replace(members.sample, columns=20))
    return DrawnSet.of(few, with_event_factors(st.load_market(), few))


def test_an_equal_market_takes_the_same_columns_and_another_draws_its_own() -> None:
    found, key = drawn(), RiskFactorKey("spot", "NVDA#loan")
    market = found.market
    assert found.over(replace(market, levels=dict(market.levels))) is found.columns
    more = replace(market, levels={**market.levels, key: 100.0})
    other = found.over(more)
    assert other is not found.columns
    assert other.base[key] == 100.0
    keys = [RiskFactorKey("spot", "NVDA")]
    levels = [columns.bind(keys).chunk(0, 0, 21) for columns in (found.columns, other)]
    assert np.array_equal(*levels)
    assert len(np.unique(levels[0])) > 10

"""The verbs of the library as a user calls them."""

from __future__ import annotations

from dataclasses import replace

import pytest

import stresstest as st
from stresstest import api


def test_one_run_has_one_market() -> None:
    fund = st.load_portfolio("ai_growth_fund")
    other = replace(fund, name="other", market="2024-01-01")
    with pytest.raises(st.InputError, match=r"2025-10-03 \(ai_growth_fund\), 2024-01-01 \(other\)"):
        api.market_of([fund, other])


def test_a_portfolio_alone_or_in_a_list_gives_the_same_numbers() -> None:
    fund, scenarios = st.load_portfolio("ai_growth_fund"), st.load_scenarios("ai_capex_collapse")
    assert st.stress(fund, scenarios).to_numpy() == st.stress([fund], scenarios).to_numpy()


def test_the_worst_scenario_is_the_one_of_the_largest_loss() -> None:
    result = st.stress(
        st.load_portfolio("ai_growth_fund"), st.load_scenarios("ai_capex_collapse", "boom_continues")
    )
    (worst,) = result.worst()
    assert worst.scenario == "ai_capex_collapse"
    assert worst.pnl == result.pnl.to_numpy().min()

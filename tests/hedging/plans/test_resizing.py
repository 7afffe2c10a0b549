"""Scenarios at another size are the scenarios at another severity."""

from __future__ import annotations

import stresstest as st
from stresstest.hedging.plans.resizing import resized, rests_on_judgement


def test_half_the_size_is_half_the_severity() -> None:
    fund, scenarios = (
        st.load_portfolio("ai_growth_fund"),
        st.load_scenarios("ai_capex_collapse", "soft_landing"),
    )
    half = resized(scenarios, 0.5, lambda one: one.name == "ai_capex_collapse")
    assert half.names == scenarios.names
    assert half["ai_capex_collapse"].horizon == "12m"
    pnl = st.stress(fund, half).to_numpy()[0]
    expected = [
        st.stress(fund, scenarios, severity=0.5).to_numpy()[0, 0],
        st.stress(fund, scenarios).to_numpy()[0, 1],
    ]
    assert pnl.tolist() == expected


def test_paths_keep_their_dates() -> None:
    scenarios = st.load_scenarios("fed_severely_adverse_2025")
    assert resized(scenarios, 0.5, lambda _: True)["fed_severely_adverse_2025"] is scenarios.scenarios[0]


def test_what_rests_on_judgement() -> None:
    scenarios = st.load_scenarios("ai_capex_collapse", "replay_covid_2020")
    assert [rests_on_judgement(one) for one in scenarios] == [True, False]

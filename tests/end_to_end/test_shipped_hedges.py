"""Shipped portfolios under shipped policies: each ends with a plan that is proved, or with a diagnosis."""

from __future__ import annotations

import pytest

import stresstest as st
from stresstest.hedging.program.solution import OPTIMAL


@pytest.mark.parametrize(
    ("portfolio", "policy"),
    [
        ("euro_endowment", "treasury_ladder"),
        ("balanced_60_40", "minimal_turnover"),
        ("ai_growth_fund", "tail_puts"),
    ],
)
def test_a_plan_is_found_and_proved(portfolio: str, policy: str) -> None:
    hedge = st.hedge(st.load_portfolio(portfolio), policy, challenges=False)
    assert hedge.status == OPTIMAL
    assert hedge.plan.certificate is not None
    assert hedge.plan.certificate.gap <= 1e-4
    assert hedge.plan.verification is not None
    counts = [rule.amount for rule in hedge.plan.policy.rules if rule.measure == "max_trades"]
    assert 0 < len(hedge.plan.trades) <= min(counts)


def test_rules_that_conflict_are_named() -> None:
    hedge = st.hedge(st.load_portfolio("treasury_ladder"), "tail_puts", challenges=False)
    assert hedge.status == "infeasible"
    assert hedge.plan.diagnosis is not None
    assert hedge.plan.diagnosis.conflict

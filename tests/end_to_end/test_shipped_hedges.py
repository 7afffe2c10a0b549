"""Shipped portfolios under shipped policies: each ends with a plan that is proved, or with a diagnosis."""

from __future__ import annotations

import pytest

import stresstest as st
from stresstest.hedging.program.solution import OPTIMAL


@pytest.mark.parametrize(
    ("portfolio", "policy"),
    [
        ("euro_endowment", "treasury_ladder"),
        ("ai_growth_fund", "minimal_turnover"),
        ("ai_growth_fund", "tail_puts"),
        ("quality_income", "treasury_ladder"),
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


@pytest.mark.parametrize("portfolio", ["balanced_60_40", "quality_income"])
def test_a_book_inside_its_limit_is_left_alone(portfolio: str) -> None:
    hedge = st.hedge(st.load_portfolio(portfolio), "minimal_turnover", challenges=False)
    assert hedge.status == "no_trade"
    assert not hedge.plan.has_trades
    limit = next(reading for reading in hedge.plan.rules if reading.rule.name == "loss_limit")
    assert limit.measured < limit.rule.amount


def test_a_book_beyond_its_limit_is_brought_to_it_and_no_further() -> None:
    hedge = st.hedge(st.load_portfolio("ai_growth_fund"), "minimal_turnover", challenges=False)
    limit = next(reading for reading in hedge.plan.rules if reading.rule.name == "loss_limit")
    assert limit.was_broken
    assert limit.measured <= limit.rule.amount
    assert limit.measured == pytest.approx(limit.rule.amount, abs=5e-4)

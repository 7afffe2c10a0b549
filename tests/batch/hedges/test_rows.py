"""Why there is no plan, in one line of a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.batch.hedges.hedged_job import CHIPS_TOO

from stresstest.batch.hedges.rows import HEDGES, PLANNED, failed_row, hedge_row, table_of_rows, trade_rows
from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair, Unbounded
from stresstest.hedging.plans.plan import HedgePlan, ScenarioOutcome
from stresstest.hedging.policies.policy_loading import parse_policy
from stresstest.portfolio.loading import build_portfolio

CASH = {"id": "c", "type": "cash", "currency": "USD", "quantity": 1.0}
PLAN = HedgePlan(
    status="infeasible",
    policy=parse_policy(CHIPS_TOO),
    portfolio=build_portfolio({"version": 1, "name": "one", "currency": "USD", "positions": [CASH]}),
    base_value=100.0,
    market="m",
    as_of=date(2025, 10, 3),
    scenarios=(
        ScenarioOutcome("a", "12m", "rule", -30.0, -30.0),
        ScenarioOutcome("b", "1m", "", -50.0, -50.0),
    ),
)


def message(diagnosis: Diagnosis) -> str:
    return str(hedge_row("one", replace(PLAN, diagnosis=diagnosis))["message"])


def test_a_conflict_says_what_ends_it() -> None:
    repairs = (
        Repair("premium", 0.01, 0.02, dropped=True, in_lots=0.02),
        Repair("turnover", 0.6, None, dropped=True),
        Repair("gold_cap", 0.05, 0.06, dropped=False),
    )
    assert message(Diagnosis("infeasible", ("premium", "turnover"), repairs)) == (
        "rules that cannot hold together: premium, turnover; "
        "what ends it: premium 2 % instead of 1 %, in whole lots too or "
        "turnover dropped: no amount that it may have is enough"
    )


def test_several_conflicts_are_ended_together() -> None:
    both = (
        Repair("premium", 0.01, 0.02, dropped=False, in_lots=0.02),
        Repair("turnover", 0.6, 0.7, dropped=False, in_lots=0.7),
    )
    found = Diagnosis("infeasible", ("premium",), (), (("turnover",),), together=both)
    assert message(found) == (
        "a rule that cannot hold: premium; besides: turnover; what ends it: premium 2 % instead of 1 %, in "
        "whole lots too and turnover 70 % instead of 60 %, in whole lots too"
    )


def test_without_end_or_without_rules() -> None:
    assert message(Diagnosis("unbounded", unbounded=Unbounded("gld", "buy"))) == (
        "no rule limits how much gld to buy, and more of it helps without end"
    )
    assert message(Diagnosis("infeasible")) == "no plan even without any rule of the policy"
    assert message(Diagnosis("infeasible", notes=("no cash",))) == "no cash"


def test_a_row_without_a_plan_has_the_loss_before_and_no_other_number() -> None:
    row = hedge_row("one", replace(PLAN, diagnosis=Diagnosis("infeasible")))
    assert (row["scenario"], row["loss_before"]) == ("a", 30.0)
    table = table_of_rows(HEDGES, [row, failed_row("two", "small", "failed", "why")]).to_pylist()
    assert [line["loss_after"] for line in table] == [None, None]
    assert [line["status"] in PLANNED for line in table] == [False, False]
    assert trade_rows("one", PLAN) == []

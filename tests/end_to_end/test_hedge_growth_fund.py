"""The shipped policy on the shipped fund: what the README shows of it, and what it must reach."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from tests.architecture.source_tree import ROOT

import stresstest as st
from stresstest.cli.hedge.document import HedgeReport
from stresstest.cli.hedge.hedging import HedgeOptions, report_of
from stresstest.cli.hedge.tables import print_hedge
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.policies.policy_loading import load_policy

AGE = re.compile(r"\(\d+ days old\)")
COMMAND = "hedge ai_growth_fund --policy buffett --no-challenges"


@pytest.fixture(scope="module")
def report() -> HedgeReport:
    return report_of(
        HedgeOptions(
            portfolio="ai_growth_fund", policy="buffett", shocks=(), markets=(), settings=(), budget=None,
            max_losses={}, frontier=False, challenges=False, as_json=False, output=None, hedged=None,
            force=False, nodes=2_000, time_limit=600.0, threads=None,
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def plan(report: HedgeReport) -> HedgePlan:
    return report.plan


def test_the_readme_shows_how_the_output_begins(report: HedgeReport) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(
        rf"<!-- beginning of output of: stresstest {COMMAND} -->\n```\n(.*?)```", readme, re.DOTALL
    )
    assert shown is not None
    stream = io.StringIO()
    print_hedge(Console(file=stream, width=80, highlight=False, markup=False, emoji=False), report)
    printed = "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
    assert AGE.sub("", printed).startswith(AGE.sub("", shown[1].rstrip()))
    assert len(shown[1].splitlines()) > 30


def test_the_worst_loss_is_about_halved_for_half_of_the_boom(plan: HedgePlan) -> None:
    assert plan.worst is not None
    assert plan.new_worst is not None
    assert plan.yardstick is not None
    assert plan.worst.name == "time_bomb"
    assert plan.new_worst.pnl_after > 0.52 * plan.worst.pnl_before
    assert 0.45 - 1e-8 <= plan.yardstick.participation < 0.55


def test_it_is_verified_and_certified(plan: HedgePlan) -> None:
    assert plan.verification is not None
    assert plan.certificate is not None
    assert plan.verification.passed
    assert plan.verification.n_scenarios > 30
    assert plan.verification.n_draws == 2_000
    assert plan.certificate.gap < 0.01
    assert plan.certificate.lower_bound <= plan.certificate.objective < plan.certificate.unhedged


def test_no_held_out_scenario_gets_worse_by_more_than_the_boom_allows(plan: HedgePlan) -> None:
    """Out of sample the plan helps wherever the book loses much: nothing was looked at but six stories."""
    heavy = [one for one in plan.scenarios if one.held_out and plan.percent(one.pnl_before) < -10.0]
    assert len(heavy) > 15
    assert all(one.saved > 0.0 for one in heavy)
    (tail,) = plan.fresh_tails
    assert tail.after < 0.6 * tail.before


def test_every_trade_says_why_and_no_option_is_bought(plan: HedgePlan) -> None:
    assert all(trade.reason for trade in plan.trades)
    assert {trade.source for trade in plan.trades if trade.action == "buy"} <= {"bills", "gold", "defensives"}
    assert len(plan.trades) <= 25


def test_halving_it_and_keeping_sixty_per_cent_is_infeasible_with_the_repair() -> None:
    policy = load_policy("buffett").with_amount("participation", 0.6)
    fund = st.load_portfolio("ai_growth_fund")
    found = st.hedge(fund, policy, max_loss={"any": 0.2532}, challenges=False).plan
    assert found.status == "infeasible"
    assert found.diagnosis is not None
    assert {"participation", "loss_limit_any"} <= set(found.diagnosis.conflict)
    repaired = {one.rule: one.repaired for one in found.diagnosis.repairs}["participation"]
    assert repaired is not None
    assert 0.40 < repaired < 0.58

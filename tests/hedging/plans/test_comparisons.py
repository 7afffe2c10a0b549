"""Simpler hedges spend what the plan spends, or keep what it keeps of the boom."""

from __future__ import annotations

import pytest
from tests.hedging.small_hedges import planner

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.comparisons import Yardstick, comparison_policy, comparisons, numbers
from stresstest.hedging.plans.receipts import Shares
from stresstest.hedging.plans.review import Review


@pytest.fixture(scope="module")
def review() -> Review:
    return Review(planner())


def test_the_same_upside_and_the_same_spending(review: Review) -> None:
    plan = review.yardstick
    found = {one.name: one.found for one in review.comparisons}
    assert set(found) == {"pro_rata_same_upside", "pro_rata_same_spending", "index_put_same_spending"}
    assert found["pro_rata_same_upside"].participation == pytest.approx(plan.participation, abs=1e-6)
    assert found["pro_rata_same_spending"].spent <= plan.spent * (1.0 + 1e-9)
    assert found["index_put_same_spending"].spent <= plan.spent * (1.0 + 1e-9)


def test_selling_in_proportion_scales_loss_and_gain_alike(review: Review) -> None:
    """A part p kept, at a cost c: loss p·L + c and gain p·G − c, but for what bills do."""
    found = {one.name: one.found for one in review.comparisons}["pro_rata_same_upside"]
    inputs = planner().inputs
    nothing = Shares(0.0 * planner().shares.sell, 0.0 * planner().shares.buy)
    loss = -float(inputs.scenarios.before[inputs.scenarios.place(found.worst_scenario)]) / inputs.nav
    gain = float(inputs.scenarios.before[inputs.scenarios.place("boom_continues")]) / inputs.nav
    kept = found.participation + found.spent / gain
    assert found.worst_loss == pytest.approx(kept * loss + found.spent, abs=0.005)
    assert float(numbers(inputs, nothing).cash) == pytest.approx(inputs.cash_share)


def test_the_plan_beats_what_it_is_put_beside(review: Review) -> None:
    found = {one.name: one.found for one in review.comparisons}
    assert review.yardstick.worst_loss < found["pro_rata_same_upside"].worst_loss
    assert review.yardstick.worst_loss < found["index_put_same_spending"].worst_loss


def test_a_plan_that_costs_more_than_selling_everything_is_told_so() -> None:
    asked = planner().request
    policy = comparison_policy(asked.policy, lambda name: name == "SPY")
    inputs = HedgeInputs.of(asked.portfolio, policy, asked.market, asked.scenarios)
    dear = next(comparisons(inputs, Yardstick(0.5, 0.2, "time_bomb", float("nan")), ""))
    assert dear.text == "selling everything into bills, which costs no more"
    assert 0.0 < dear.found.spent < 0.5


def test_the_universe_to_compare_with_has_only_what_the_market_has() -> None:
    policy = comparison_policy(planner().request.policy, lambda name: name == "SPY")
    assert [entry.underlyings for entry in policy.universe] == [(), ("SPY",)]
    assert policy.rules == ()

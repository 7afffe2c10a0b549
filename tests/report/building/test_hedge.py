from __future__ import annotations

import pytest
from tests.hedging.small_hedges import plan, small_book, small_policy

import stresstest as st
from stresstest.report.building.hedge import hedge_view

SCENARIOS = ("time_bomb", "boom_continues")


@pytest.fixture(scope="module")
def refused() -> st.Hedge:
    scenarios = st.load_scenarios(*SCENARIOS)
    return st.hedge(small_book(), small_policy(), scenarios, max_loss={"time_bomb": 0.01}, challenges=False)


def test_a_view_holds_what_the_plan_says() -> None:
    found = hedge_view(plan())
    assert (found.portfolio, found.policy, found.status) == ("small", "small", plan().status)
    for line in found.lines:
        outcome = plan().outcome(line.name)
        assert (line.before, line.after) == (
            plan().percent(outcome.pnl_before),
            plan().percent(outcome.pnl_after),
        )
    assert [line.before for line in found.lines] == sorted(line.before for line in found.lines)
    assert found.worst_after is not None
    assert found.worst_before is not None
    assert found.worst_before[1] < found.worst_after[1] < 0.0


def test_every_trade_has_its_receipt() -> None:
    found = hedge_view(plan())
    worst = plan().worst
    assert worst is not None
    assert len(found.trades) == len(plan().trades) > 0
    for line, trade in zip(found.trades, plan().trades, strict=True):
        assert (line.cost, line.value, line.lots) == (trade.cost.total, trade.value, trade.lots)
        assert line.saves == trade.saves[worst.name]
        assert line.reason
    assert sum(line.saves for line in found.trades) == pytest.approx(worst.saved)
    assert found.line(worst.name) == found.lines[0]
    assert found.line("never") is None


def test_rules_that_bind_say_what_they_cost() -> None:
    found = hedge_view(plan())
    assert [line.text.partition(":")[0] for line in found.rules] == [one.rule.name for one in plan().binding]
    assert all(line.price and line.reason for line in found.rules)


def test_without_a_plan_it_says_which_rules_conflict(refused: st.Hedge) -> None:
    found = hedge_view(refused.plan)
    assert found.status == "infeasible"
    assert (found.worst_after, found.trades, found.spent) == (None, (), None)
    assert "loss_limit_time_bomb" in " ".join(found.diagnosis)
    assert any("loss_limit_time_bomb" in line.text for line in found.rules)

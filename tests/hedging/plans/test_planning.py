"""A plan is what it says: numbers from files, rules recomputed, never worse than the book as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.hedging.small_hedges import SCENARIOS, plan, planner, request, small_policy

import stresstest as st
from stresstest.errors import ModelError
from stresstest.hedging.diagnosis.diagnosis import Diagnosis
from stresstest.hedging.plans.hedged_books import trades_of
from stresstest.hedging.plans.planning import Planner
from stresstest.hedging.plans.verification import TOLERANCE
from stresstest.hedging.policies.policy import Policy, SellTerms
from stresstest.hedging.policies.selection import Selection
from stresstest.hedging.program.program import FEASIBILITY
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock


def test_the_plan_is_optimal_and_verified_in_every_scenario() -> None:
    found = plan()
    assert found.status == "optimal"
    assert found.certificate is not None
    assert found.verification is not None
    assert found.certificate.gap <= 1e-4
    assert found.certificate.objective < found.certificate.unhedged
    assert found.verification.passed
    assert found.verification.n_scenarios == len(SCENARIOS)


def test_the_table_is_what_stress_gives_for_the_hedged_book() -> None:
    """The claim of the table by the plainest way: the ordinary verb on the hedged portfolio."""
    found = plan()
    assert found.hedged is not None
    market = planner().request.market
    before = st.stress(found.portfolio, st.load_scenarios(*SCENARIOS), market)
    after = st.stress(found.hedged, st.load_scenarios(*SCENARIOS), market)
    for one in found.scenarios:
        column = int(after.result.table.columns_of(one.name)[-1])
        value = float(after.result.portfolios[0].value[column])
        assert value - found.base_value == pytest.approx(one.pnl_after, abs=TOLERANCE * found.base_value)
        assert float(before.pnl.loc["small", one.name]) == pytest.approx(one.pnl_before, rel=1e-12)


def test_every_rule_is_kept_by_its_recomputed_value() -> None:
    for reading in plan().rules:
        rule = reading.rule
        slack = (rule.amount - reading.measured) * (1.0 if rule.sense.value == "at most" else -1.0)
        assert slack >= -1e-8, rule.name


def test_what_binds_has_the_price_that_solving_again_gives() -> None:
    """A shadow price is a derivative: the continuous plan at a little more of the amount."""
    program = planner().program
    base = program.solve(integers=False)
    for name in ("participation", "premium", "gold_cap"):
        amount = planner().inputs.policy.rule(name).amount
        other = program.solve({name: amount + 1e-4}, integers=False)
        reading = next(one for one in plan().rules if one.rule.name == name)
        assert reading.shadow_price == pytest.approx((other.objective - base.objective) / 1e-4, rel=0.02)


def test_costs_and_trades_add_up_to_what_moves() -> None:
    found = plan()
    assert found.totals is not None
    assert sum(trade.cost.total for trade in found.trades) == pytest.approx(
        found.totals.cost.total, rel=1e-12
    )
    values = [trade.value for trade in found.trades]
    assert found.totals.bought == pytest.approx(sum(value for value in values if value > 0.0), rel=1e-12)
    assert found.totals.sold == pytest.approx(-sum(value for value in values if value < 0.0), rel=1e-12)
    assert [trade.id for trade in found.trades if trade.action == "cover"] == ["nvda-call"]
    for one in found.scenarios:
        saved = sum(trade.saves[one.name] for trade in found.trades)
        assert saved == pytest.approx(one.saved, abs=1e-9 * found.base_value)


def test_a_number_that_files_contradict_refuses_the_plan() -> None:
    """One lot less in the file, and the plan is no plan."""
    own = planner()
    sell = own.solution.sell.copy()
    sell[np.flatnonzero(sell)[0]] -= 100.0
    assert own.solution.costs is not None
    tampered = trades_of(own.inputs, sell, own.solution.buy, own.solution.costs)
    with pytest.raises(ModelError, match=r"refused: \w+ gives"):
        own.checker(tampered).verified(own.state)


def test_a_position_without_a_value_counts_alike_in_the_plan_and_in_its_check() -> None:
    """A skew that turns the smile of a held option negative: it has no price there, and stays as it is."""
    broken = Scenario(
        "broken",
        (Shock.of("spot", "-30%", issuer="NVDA"), Shock.of("vol_skew", "-2abs", issuer="NVDA")),
        "12m",
    )
    asked = request()
    other = ScenarioSet((*(one for one in asked.scenarios if one.name != "soft_landing"), broken))
    options = Selection((("type", ("european_option",)),))
    policy = replace(small_policy(participation=0.5), sell=SellTerms(excluded=options))
    found = Planner(replace(asked, scenarios=other, policy=policy)).plan()
    assert found.hedged is not None
    assert "nvda-call" in found.hedged.positions.ids
    assert found.status == "optimal"
    assert found.verification is not None
    assert found.verification.passed
    assert any("no value in 1 of" in note for note in found.notes)
    outcome = found.outcome("broken")
    assert outcome is not None
    without = asked.portfolio.positions.ids.index("nvda-call")
    run = st.stress(found.portfolio, ScenarioSet((broken,)), asked.market).result.portfolios[0]
    assert np.isnan(run.position_value[without, 1])
    assert outcome.pnl_before == pytest.approx(float(run.pnl[1]), rel=1e-12)


def test_a_book_that_cannot_lose_gets_no_trade_and_is_told_so() -> None:
    cash = st.build_portfolio(
        {
            "version": 1, "name": "cash", "currency": "USD",
            "positions": [{"id": "cash-usd", "type": "cash", "currency": "USD", "quantity": 1e6}],
        }
    )  # fmt: skip
    found = Planner(replace(request(), portfolio=cash)).plan()
    assert (found.status, found.trades) == ("no_trade", ())
    assert found.certificate is not None
    assert found.certificate.objective == found.certificate.unhedged
    assert found.hedged is not None
    assert found.hedged.positions.quantity.tolist() == [1e6]


def test_same_inputs_same_trades_whatever_the_order_and_threads() -> None:
    asked = request()
    positions = asked.portfolio.positions
    order = np.argsort(positions.ids)[::-1]
    shuffled = replace(
        asked.portfolio,
        positions=replace(
            positions,
            ids=tuple(positions.ids[row] for row in order),
            instrument=positions.instrument[order],
            quantity=positions.quantity[order],
            weight=positions.weight[order],
            tags={},
            names=tuple(positions.names[row] for row in order),
            lots={place: positions.lots[row] for place, row in enumerate(order) if row in positions.lots},
        ),
    )
    other = Planner(replace(asked, portfolio=shuffled, threads=1)).plan()
    assert [(one.id, one.quantity) for one in other.trades] == [
        (one.id, one.quantity) for one in plan().trades
    ]


def _require_whole_lots(policy: Policy, found: Diagnosis) -> None:
    """Require that at every amount shown for whole lots the whole program, lots and counts, has a plan."""
    amounts = {one.rule: one.in_lots for one in found.repairs if one.repaired is not None}
    assert amounts
    for name, amount in amounts.items():
        assert amount is not None, name
        solved = Planner(request(policy.with_amount(name, amount))).solution
        assert solved.is_found, (name, amount)
        assert solved.violation <= FEASIBILITY


def test_an_infeasible_policy_is_diagnosed_and_its_repairs_are_least() -> None:
    policy = small_policy(participation=0.9).with_rule(
        replace(small_policy().rule("turnover"), name="limit", measure="max_loss", amount=0.2)
    )
    limit = policy.rule("limit")
    policy = policy.with_rule(replace(limit, terms=replace(limit.terms, scenario="time_bomb")))
    own = Planner(request(policy))
    found = own.plan()
    assert found.status == "infeasible"
    assert found.diagnosis is not None
    assert {"participation", "limit"} <= set(found.diagnosis.conflict)
    _require_whole_lots(policy, found.diagnosis)
    repaired = {one.rule: one.repaired for one in found.diagnosis.repairs}
    for name, side in (("participation", 1.0), ("limit", -1.0)):
        amount = repaired[name]
        assert amount is not None
        assert own.program.holds((), {name: amount})
        assert not own.program.holds((), {name: amount + 4e-6 * side})
    for name in found.diagnosis.conflict:
        others = {rule.name for rule in policy.rules} - set(found.diagnosis.conflict)
        assert own.program.holds((*others, name))

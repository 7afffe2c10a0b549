"""Frontiers: more of the boom kept is never less lost, and the plan's own point lies on its frontier."""

from __future__ import annotations

import pytest
from tests.hedging.small_hedges import planner

from stresstest.hedging.plans.comparisons import Yardstick, measured
from stresstest.hedging.plans.frontier import amounts_around, cost_rule, frontier
from stresstest.hedging.plans.receipts import Shares


def test_keeping_more_of_the_boom_loses_more() -> None:
    own = planner()
    rule = own.request.policy.rule("participation")

    def solve(amount: float) -> Yardstick | None:
        found = own.program.solve({rule.name: amount}, integers=False)
        if not found.is_found:
            return None
        held = own.inputs.n_held
        shares = Shares(
            own.inputs.shares(found.sell, slice(0, held)), own.inputs.shares(found.buy, slice(held, None))
        )
        return measured(own.inputs, shares, "boom_continues")

    found = frontier(rule, (0.4, 0.8, 5.0, 6.0), solve)
    assert [point.amount for point in found.points] == [0.4, 0.6, 0.8, 5.0]
    losses = [point.found.worst_loss for point in found.points if point.found is not None]
    assert losses == sorted(losses)
    assert [point.is_plan for point in found.points] == [True, True, True, False]
    own_point = found.points[1].found
    assert own_point is not None
    assert own_point.worst_loss == pytest.approx(measured(own.inputs, own.shares, "").worst_loss, abs=1e-3)


def test_less_cost_saves_less() -> None:
    """The ceiling is on the cost that a plan has: at that the plan, at none of it what costs nothing."""
    rule, amounts = cost_rule(0.02)
    assert amounts[0] == 0.0
    assert amounts[-1] == rule.amount
    found = frontier(rule, amounts, lambda amount: Yardstick(amount, 0.5 - amount, "crash", 1.0))
    assert [point.amount for point in found.points] == sorted(amounts)


def test_amounts_are_those_of_the_measure() -> None:
    policy = planner().request.policy
    assert amounts_around(policy.rule("participation"))[-1] == 1.0
    assert amounts_around(policy.rule("premium"))[:2] == (0.0, 0.0025)

"""Receipts: what one more dollar of a trade adds is a derivative, and costs are those of the plan."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hedging.small_hedges import plan, planner
from tests.hedging.tiny_books import inputs, state

from stresstest.hedging.plans.comparisons import numbers
from stresstest.hedging.plans.receipts import Shares, days_to_trade, line_costs, planned_trades
from stresstest.hedging.program.trade_state import pnl_after

WORST = "time_bomb"


def bumped(place: int, step: float) -> float:
    """Return P&L in the worst scenario with `step` more of one line traded, as a share of the base value."""
    inputs, shares = planner().inputs, planner().shares
    traded = shares.traded.copy()
    traded[place] += step
    changed = Shares(traded[: inputs.n_held], traded[inputs.n_held :])
    column = inputs.scenarios.place(WORST)
    return float(pnl_after(inputs, inputs.scenarios, numbers(inputs, changed), [column])[0])


def test_marginal_protection_is_the_derivative_of_the_plan() -> None:
    inputs = planner().inputs
    for trade in plan().trades:
        held = trade.action != "buy"
        place = next(
            row for row, line in enumerate(inputs.lines) if line.id == trade.id and line.is_held == held
        )
        step = -1e-7
        slope = (bumped(place, step) - bumped(place, 0.0)) / step
        assert trade.marginal[WORST] == pytest.approx(slope, rel=1e-3, abs=1e-6), trade.id


def test_line_costs_are_the_costs_of_the_plan() -> None:
    own = planner()
    assert own.solution.costs is not None
    costs = line_costs(own.inputs, own.shares)
    for part in ("spread", "impact", "tax", "fees", "rolls"):
        total = getattr(own.solution.costs, part) * own.inputs.nav
        assert math.fsum(getattr(cost, part) for cost in costs) == pytest.approx(total, rel=1e-9, abs=1e-6)


def test_lots_of_the_highest_cost_go_first() -> None:
    """29,800 NVDA of lots at 150 and 20.50: all at 150, so the gain is that of 150 alone."""
    sale = next(trade for trade in plan().trades if trade.id == "nvda")
    assert -sale.quantity < 30_000.0
    price = sale.value / sale.quantity
    assert sale.cost.tax == pytest.approx(0.2 * (price - 150.0) * -sale.quantity, rel=1e-9)


def test_half_the_volume_takes_twice_the_days() -> None:
    inputs, traded = planner().inputs, planner().shares.traded
    place = int(np.flatnonzero(traded)[0])
    once = days_to_trade(inputs, place, float(traded[place]))
    assert days_to_trade(inputs, place, float(traded[place]), 0.5) == pytest.approx(2.0 * once)


def test_every_trade_says_why() -> None:
    reasons = {trade.id: trade.reason for trade in plan().trades}
    assert all(reasons.values())
    assert reasons["nvda"] == "Less of what falls in time_bomb."
    assert "boom_continues" in reasons["nvda-call"]
    assert reasons["gld"] == "Nobody owes gold."


def test_trades_are_whole_lots_sales_first() -> None:
    found = planned_trades(planner().inputs, planner().shares)
    assert all(trade.lots == round(trade.lots) for trade in found)
    actions = [trade.action == "buy" for trade in found]
    assert actions == sorted(actions)


def test_foreign_cash_is_exchanged_and_a_barred_bond_sold_for_its_rule() -> None:
    """Neither is sold because it falls in the worst scenario, though both may."""
    positions = [
        {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 4_000},
        {"id": "euros", "type": "cash", "currency": "EUR", "quantity": 100_000},
    ]
    found = inputs("name: one_name, max_weight: 8%, by: issuer", positions=positions)
    traded = state(found, nvda=-400, euros=-50_000)
    rule = found.policy.rule("one_name")
    trades = planned_trades(found, Shares(traded.sell, traded.buy), {"nvda": rule})
    reasons = {trade.id: trade.reason for trade in trades}
    assert reasons["euros"].startswith("Exchanged into USD, ")
    assert reasons["nvda"] == "one_name allows nothing of it: max_weight 8% by issuer."
    plain = planned_trades(found, Shares(traded.sell, traded.buy))
    assert {trade.id: trade.reason for trade in plain}["nvda"] == "Less of what falls in time_bomb."

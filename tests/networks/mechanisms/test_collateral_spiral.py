"""Pledged chips: covers, the four triggers, sales and prices to the fixed point, owners and lenders apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.networks.random_networks import BASIS, chosen, edge, firm, network, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.collateral_spiral import COVER, SOLD
from stresstest.networks.model import Edge, Generation, Maturity, Node
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

LENDER, PARENT, VEHICLE, CUSTOMER = range(4)
CHIPS = edge("LENDER", "SPV", "collateral", amount=90.0, asset="H100", quantity=100_000.0)


def spiral(*more: Edge, installed: float = 1e6, **vehicle: object) -> Surroundings:
    """A vehicle of 70 of debt on chips worth 90; contracts of 24 of its revenue of 40; service of 20."""
    own = {"equity": 50.0, "debt": 70.0, "revenue": 40.0, "debt_service": 20.0, **vehicle}
    nodes = [
        firm("LENDER", equity=500.0, can_default=False),
        firm("PARENT", equity=300.0, debt=100.0, cash=5.0, revenue=50.0),
        Node("SPV", "spv", issuer="SPV", parent="PARENT", lets_chips=True, **own),
        firm("CUSTOMER", equity=900.0),
    ]
    edges = [
        edge("LENDER", "SPV", "term_loan", amount=70.0),
        edge("PARENT", "SPV", "equity_stake", share=0.9),
        edge("CUSTOMER", "SPV", "purchase_commitment", amount=100.0, per_year=24.0, status="contract"),
        CHIPS,
        *more,
    ]
    of = replace(network(nodes, edges), generations=(Generation("H100", installed, BASIS),))
    return surroundings(of)


def run(around: Surroundings, state: State, **settings: float) -> State:
    return run_cascade(around, state, chosen("collateral_spiral", **settings)).state


def at_price(around: Surroundings, *prices: float, **settings: float) -> State:
    state = start(around, 1 + len(prices))
    state.prices["H100"][1:] = prices
    return run(around, state, **settings)


def test_contracts_pay_in_full_and_the_rest_is_let_at_the_market() -> None:
    found = at_price(spiral(), 0.5, impact=0.0)
    # (24 + 16) · 0.75 / 20, and (24 + 8) · 0.75 / 20: the covenant is 1.2.
    np.testing.assert_allclose(found.reported[COVER][:, VEHICLE], [1.5, 1.2], rtol=1e-14)
    assert np.all(found.reported[SOLD] == 0.0)
    assert np.all(found.paid == 1.0)


def test_lenders_of_a_vehicle_get_what_stands_and_what_the_chips_fetch() -> None:
    found = at_price(spiral(), 0.25, impact=0.0)
    # Cover (24 + 4) · 0.75 / 20 = 1.05; short of 1.2 by an eighth, 1.5 times that is sold.
    part = 1.5 * 0.125
    assert found.reported[SOLD][1, VEHICLE] == pytest.approx(part, rel=1e-12)
    # 18,750 of the 60,000 chips that change hands in six months; chips of six years wait three months.
    discount = 0.4 + 0.2 * part * 100_000.0 / 60_000.0
    fetched = 90.0 * 0.25 * (1.0 - discount) * (1.0 - 0.25 / 6.0)
    assert found.paid[1, VEHICLE] == pytest.approx(1.0 - part + part * fetched / 70.0, rel=1e-12)
    # Owners: 120 earned 1.5 of its service, now 1.05 on what is kept; no less than what its debt leaves them.
    worth = 120.0 * (1.05 / 1.5) * (1.0 - part) + fetched * part
    assert found.losses["collateral_spiral"][1, VEHICLE] == pytest.approx(min(120.0 - worth, 50.0), rel=1e-12)
    assert found.paid[1, PARENT] == 1.0


def test_sales_press_rents_until_nothing_changes() -> None:
    found = at_price(spiral(), 0.25, impact=2.0)
    price, sold = found.prices["H100"][1], found.reported[SOLD][1, VEHICLE]
    # The fixed point by hand: p = 0.25·(1 − 2·s/10), s = 1.5·(1 − (24 + 16·p)·0.75/20/1.2).
    expected = 0.25
    for _ in range(200):
        part = 1.5 * (1.0 - (24.0 + 16.0 * expected) * 0.75 / 20.0 / 1.2)
        expected = 0.25 * (1.0 - 2.0 * part * 100_000.0 / 1e6)
    assert price == pytest.approx(expected, rel=1e-10)
    assert sold == pytest.approx(part, rel=1e-10)


def test_every_loan_on_the_generation_is_marked_anew() -> None:
    other = Node("OTHER", "spv", issuer="OTHER", equity=30.0, debt=40.0, revenue=20.0, debt_service=12.0)
    around = spiral(installed=300_000.0)
    more = edge("LENDER", "OTHER", "collateral", amount=50.0, asset="H100", quantity=50_000.0)
    nodes, edges = (*around.network.nodes, other), (*around.network.edges, more)
    both = surroundings(replace(around.network, nodes=nodes, edges=edges))
    state = start(both, 2)
    state.order_cuts[1, 0] = 1.0
    found = run(both, state)
    assert found.prices["H100"][1] < 1.0
    assert found.reported[COVER][1, 4] < found.reported[COVER][0, 4]
    assert found.paid[1, 4] < 1.0


def test_a_chip_that_is_pledged_twice_pays_once() -> None:
    again = replace(CHIPS, first="CUSTOMER")
    once, twice = at_price(spiral(), 0.25), at_price(spiral(again), 0.25)
    assert twice.reported[SOLD][1, VEHICLE] == pytest.approx(once.reported[SOLD][1, VEHICLE])
    # What the chips bring is neither counted for each lender nor lost between them.
    assert once.paid[1, VEHICLE] < 1.0
    assert twice.paid[1, VEHICLE] == once.paid[1, VEHICLE]


def test_a_contract_in_default_sells_half_of_its_chips_and_lets_the_rest() -> None:
    around = spiral()
    state = start(around, 2)
    state.order_cuts[1, 0] = 0.5
    found = run(around, state, impact=0.0)
    assert found.reported[COVER][1, VEHICLE] == pytest.approx(1.5)
    assert found.reported[SOLD][1, VEHICLE] == pytest.approx(0.25)


def test_debt_that_falls_due_is_refinanced_as_far_as_the_chips_carry_it() -> None:
    due = (Maturity(date(2026, 4, 1), 30.0), Maturity(date(2028, 4, 1), 40.0))
    around = spiral(maturities=due)
    assert np.all(at_price(around, 1.0).paid == 1.0)
    found = at_price(around, 0.8, impact=0.0)
    # 80 per cent of 72 is 57.6, so 12.4 of the 70 cannot be lent again; the 30 due carry it.
    assert found.reported[SOLD][1, VEHICLE] == pytest.approx(12.4 / 70.0, rel=1e-12)


def test_a_stated_limit_on_loan_to_value_calls() -> None:
    around = spiral()
    edges = (replace(around.network.edges[0], trigger=0.8), *around.network.edges[1:])
    called = replace(around, network=replace(around.network, edges=edges))
    assert np.all(at_price(around, 0.9, impact=0.0).reported[SOLD] == 0.0)
    found = at_price(called, 0.9, impact=0.0)
    assert found.reported[SOLD][1, VEHICLE] == pytest.approx(1.0 - 0.8 / (70.0 / 81.0), rel=1e-12)


def test_who_stands_behind_capacity_keeps_the_cover_up_and_pays() -> None:
    behind = edge(
        "CUSTOMER", "SPV", "capacity_backstop", amount=30.0, end=date(2030, 10, 2), status="committed"
    )
    found = at_price(spiral(behind), 0.25, impact=0.0)
    # 12 of rents are missing; six a year are made good.
    assert found.reported[COVER][1, VEHICLE] == pytest.approx((24.0 + 4.0 + 6.0) * 0.75 / 20.0, rel=1e-3)
    assert found.losses["idle_capacity"][1, CUSTOMER] == pytest.approx(6.0, rel=1e-3)
    assert found.revenue_fall[1, VEHICLE] == pytest.approx((12.0 - 6.0) / 40.0, rel=1e-3)


def test_a_parent_that_cannot_refinance_fails_and_takes_contracts_along() -> None:
    around = spiral()
    due = (Maturity(date(2026, 1, 1), 10.0), Maturity(date(2026, 7, 2), 60.0))
    nodes = tuple(
        replace(node, maturities=due) if node.id == "PARENT" else node for node in around.network.nodes
    )
    around = surroundings(replace(around.network, nodes=nodes))
    state = start(around, 3)
    state.losses["direct"][1:, PARENT] = [150.0, 260.0]
    found = run(around, state, impact=0.0)
    assert found.failed[:, PARENT].tolist() == [0.0, 0.0, 1.0]
    # Worth 140 carries 70 of the 100: 30 cannot be lent again; the first 10 leave 5 after cash.
    assert found.month[2, PARENT] == pytest.approx(90.0 / 365.0 * 12.0)
    assert found.reported[SOLD][2, VEHICLE] == pytest.approx(0.5 * 0.5)
    assert np.all(found.reported[SOLD][:2] == 0.0)


def test_ring_fenced_a_vehicle_costs_its_parent_no_more_than_the_stake() -> None:
    around = spiral()
    state = start(around, 2)
    state.order_cuts[1, 0] = 1.0
    state.prices["H100"][1] = 0.1
    found = run_cascade(around, state, chosen("collateral_spiral", "clearing", "cross_holdings")).state
    values = values_of(around.balance, found)
    assert values.debt[1, VEHICLE] < 0.5
    assert values.equity[1, PARENT] == pytest.approx(300.0 - 0.9 * 50.0, rel=1e-9)
    assert values.debt[1, PARENT] == 1.0


def test_lower_rents_lose_no_less() -> None:
    due = (Maturity(date(2026, 4, 1), 30.0),)
    found = at_price(spiral(maturities=due), *np.linspace(1.0, 0.05, 39).tolist(), impact=1.5)
    assert np.all(np.diff(found.total_loss[1:], axis=0) >= -1e-12)
    assert np.all(np.diff(found.paid[1:, VEHICLE]) <= 1e-15)
    assert np.all(np.diff(found.prices["H100"][1:]) <= 0.0)
    assert np.all(found.total_loss[:2] == 0.0)
    assert np.all(found.paid[:2] == 1.0)

"""Who sells when prices fall, by the published rules, and who buys; impact linear and by the square root."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import chosen, edge, firm, network, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.holders import Holder, Institution
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.fire_sale import SALES, price_falls, sales_of
from stresstest.networks.model import Edge, Node
from stresstest.networks.registry import all_mechanisms
from stresstest.networks.state import State

STOCK, OTHER = range(2)
DEFAULTS = {setting.name: setting.default for setting in all_mechanisms()["fire_sale"].settings}


def institution(behaviour: str, leverage: float, **terms: object) -> Institution:
    known = {"firms": (0, 1), "amounts": (60.0, 20.0), "assets": 80.0, "buying": (0.0, 0.0), **terms}
    return Institution("I", behaviour, leverage, **known)


def sold(behaviour: str, leverage: float, *returns: float, **settings: float) -> list[float]:
    """Return what an institution of 80 in two firms sells when both return the same."""
    table = np.repeat(np.array(returns)[:, None], 2, axis=1)
    return sales_of(institution(behaviour, leverage), table, {**DEFAULTS, **settings}).tolist()


def test_a_leveraged_fund_trades_at_the_close_as_cheng_and_madhavan_say() -> None:
    # L(L − 1)·A·r with L = 3 and own money of 80 / 3, in both directions.
    assert sold("leveraged_fund", 3.0, -0.05, 0.05) == pytest.approx([3 * 2 * 80 / 3 * 0.05, -8.0])
    assert sold("leveraged_fund", 2.0, -0.10) == pytest.approx([2 * 1 * 40 * 0.10])
    assert sold("leveraged_fund", 3.0, -0.9) == [80.0]


def test_a_margin_account_goes_back_to_its_leverage() -> None:
    (amount,) = sold("margin_account", 2.0, -0.1)
    # Own 40, debt 40, holdings 72: own money of 32 carries 64; 8 is sold, at prices of 0.9.
    assert amount * 0.9 == pytest.approx(8.0)
    kept, debt = 72.0 - amount * 0.9, 40.0 - amount * 0.9
    assert kept / (kept - debt) == pytest.approx(2.0)
    assert sold("margin_account", 2.0, -0.1, deleveraging=0.25) == pytest.approx([amount / 4.0])
    assert sold("margin_account", 2.0, -0.5, -0.8) == [80.0, 80.0]


def test_targets_and_redemptions_sell_and_rebalancers_buy() -> None:
    assert sold("volatility_target", 1.0, -0.1) == pytest.approx([0.5 * 0.1 * 80.0])
    assert sold("open_fund", 1.0, -0.1) == pytest.approx([0.2 * 0.1 * 80.0])
    assert sold("rebalancer", 1.0, -0.1) == pytest.approx([-0.4 * 0.1 * 80.0])
    assert sold("volatility_target", 1.0, 0.1) == [0.0]


def test_losses_elsewhere_in_the_portfolio_dilute() -> None:
    one = institution("open_fund", 1.0, assets=160.0)
    returns = np.array([[-0.1, 0.0]])
    # Six of 160 are lost: 0.2 of that part is redeemed, and half of the sales fall on these firms.
    assert sales_of(one, returns, DEFAULTS).tolist() == pytest.approx([0.2 * 6.0 / 160.0 * 80.0])


def test_what_it_holds_beside_may_fall_too() -> None:
    one = institution("open_fund", 1.0, assets=160.0)
    returns = np.array([[-0.1, 0.0], [0.1, 0.0]])
    # Of the other 80, half of 7.5 per cent is lost too: 9 of 160. A gain elsewhere is none.
    found = sales_of(one, returns, {**DEFAULTS, "others_follow": 0.5}).tolist()
    assert found == pytest.approx([0.2 * 9.0 / 160.0 * 80.0, 0.0])


def stock(*edges: Edge, holders: tuple[Holder, ...] = (), **fund: object) -> Surroundings:
    nodes = [
        firm("STOCK", equity=1000.0, daily_volume=10.0),
        firm("OTHER", equity=500.0, daily_volume=5.0),
        Node(
            "FUND", "aggregate", can_default=False, **{"behaviour": "leveraged_fund", "leverage": 2.0, **fund}
        ),
        Node("BUYERS", "aggregate", behaviour="buy_back", can_default=False),
        firm("DEBTOR", equity=50.0, debt=30.0, cash=1.0),
    ]
    return replace(surroundings(network(nodes, list(edges))), holders=holders)


def run(around: Surroundings, *falls: float, **settings: float) -> State:
    state = start(around, 1 + len(falls))
    state.losses["direct"][1:, STOCK] = np.array(falls) * 1000.0
    return run_cascade(around, state, chosen("fire_sale", **settings)).state


HELD = edge("FUND", "STOCK", "holding", amount=100.0)


def test_impact_is_linear_or_goes_with_the_square_root() -> None:
    around = stock(HELD)
    sales = np.array([[0.0, 0.0, 0.0, 0.0, 0.0], [40.0, -9.0, 0.0, 0.0, 0.0]])
    linear = {**DEFAULTS, "linear_impact": 0.01, "square_root_impact": 0.0}
    np.testing.assert_allclose(price_falls(around, sales, linear)[1, :2], [0.04, 0.0])
    np.testing.assert_allclose(price_falls(around, sales, DEFAULTS)[1, :2], [0.02 * 2.0, 0.0])
    slow = {**DEFAULTS, "days": 4.0}
    np.testing.assert_allclose(price_falls(around, sales, slow)[1, :2], [0.02, 0.0])
    assert np.all(price_falls(around, sales, DEFAULTS)[0] == 0.0)


def test_sales_feed_on_themselves_to_a_fixed_point() -> None:
    found = run(stock(HELD), 0.05, linear_impact=0.01, square_root_impact=0.0)
    # Sales of 100·(0.05 + f) at a thousandth of impact a unit: f = 0.1·(0.05 + f).
    expected = 0.1 * 0.05 / 0.9
    assert found.losses["fire_sale"][1, STOCK] == pytest.approx(1000.0 * expected, rel=1e-9)
    assert found.reported[SALES][1, STOCK] == pytest.approx(100.0 * (0.05 + expected), rel=1e-9)
    assert np.all(found.losses["fire_sale"][0] == 0.0)


def test_a_firms_own_purchases_take_up_sales() -> None:
    bought = edge("BUYERS", "STOCK", "holding", amount=0.0, per_year=500.0)
    found = run(stock(HELD, bought), 0.01, 0.05, linear_impact=0.01, square_root_impact=0.0)
    # Two a day: all of what a fall of one per cent sells, and 2 of what one of five does.
    assert found.losses["fire_sale"][1, STOCK] == 0.0
    assert found.reported[SALES][2, STOCK] == pytest.approx(
        5.0 + found.losses["fire_sale"][2, STOCK] / 10.0 - 2.0
    )


def test_shares_pledged_for_a_loan_are_sold_where_cash_does_not_do() -> None:
    loan = edge(
        "OTHER", "DEBTOR", "margin_loan", amount=24.0, asset="STOCK", share=0.04, trigger=0.75,
    )  # fmt: skip
    around = stock(loan)
    found = run(around, 0.15, 0.3, linear_impact=0.0, square_root_impact=0.0)
    # 24 on 34 holds; on 28 it may be 21: 3 are called, 1 is in cash, 2 / (1 − 0.75) are sold.
    assert found.reported[SALES][:, STOCK].tolist() == pytest.approx([0.0, 0.0, 8.0])


def test_a_portfolio_sells_as_an_institution_of_the_file() -> None:
    same = Holder("ours", "leveraged_fund", 2.0, {"STOCK": 100.0})
    mine, theirs = run(stock(holders=(same,)), 0.05), run(stock(HELD), 0.05)
    np.testing.assert_array_equal(mine.losses["fire_sale"], theirs.losses["fire_sale"])
    assert mine.losses["fire_sale"][1, STOCK] > 0.0


def test_a_holder_of_bonds_on_margin_carries_their_fall_to_shares() -> None:
    bonds = edge("FUND", "OTHER", "holding", amount=80.0)
    shares = edge("FUND", "STOCK", "holding", amount=20.0)
    around = stock(bonds, shares, behaviour="margin_account", leverage=10.0)
    state = start(around, 2)
    state.losses["direct"][1, OTHER] = 0.05 * 500.0
    found = run_cascade(around, state, chosen("fire_sale", linear_impact=0.0, square_root_impact=0.0)).state
    # A loss of 4 on own money of 10 leaves 6, which carries 60 of 96: 37.5 per cent of everything is sold.
    assert found.reported[SALES][1, :2].tolist() == pytest.approx([20.0 * 0.375, 80.0 * 0.375])


@pytest.mark.parametrize("behaviour", ["leveraged_fund", "margin_account", "volatility_target", "open_fund"])
def test_a_larger_fall_loses_no_less(behaviour: str) -> None:
    other = edge("FUND", "OTHER", "holding", amount=30.0)
    found = run(stock(HELD, other, behaviour=behaviour), *np.linspace(0.0, 0.99, 45).tolist())
    lost = found.losses["fire_sale"]
    assert np.all(np.diff(lost[1:], axis=0) >= 0.0)
    assert np.all(lost[:2] == 0.0)
    assert lost[-1, OTHER] > 0.0

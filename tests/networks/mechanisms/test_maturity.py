"""The three mechanisms of the maturity wall on two firms: clearing, cross-holdings, distress."""

from __future__ import annotations

import numpy as np
import pytest
from tests.networks.random_networks import chosen, edge, firm, network, start, surroundings

from stresstest.kernels.contagion import Uncertainty, expected_repayment
from stresstest.networks.cascade import run_cascade
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.clearing import GAP
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

DEBTOR, CREDITOR = range(2)


def pair() -> Surroundings:
    """A debtor of 50, 30 of it owed to the creditor, who also owns a tenth of its shares."""
    nodes = [firm("DEBTOR", equity=100.0, debt=50.0), firm("CREDITOR", equity=80.0, debt=20.0)]
    edges = [edge("CREDITOR", "DEBTOR", "term_loan", amount=30.0)]
    edges.append(edge("CREDITOR", "DEBTOR", "equity_stake", share=0.1))
    return surroundings(network(nodes, edges))


def run(*names: str, losses: tuple[float, ...], **settings: float) -> tuple[Surroundings, State]:
    around = pair()
    state = start(around, 1 + len(losses))
    state.losses["direct"][1:, DEBTOR] = losses
    return around, run_cascade(around, state, chosen(*names, **settings)).state


def test_who_cannot_pay_pays_what_is_left_after_costs() -> None:
    _, found = run("clearing", losses=(60.0, 110.0))
    # Assets of 150: 90 pay all; 40 are worth 0.7 · 40 = 28 of the 50.
    np.testing.assert_allclose(found.paid[:, DEBTOR], [1.0, 1.0, 0.56], rtol=1e-12)
    assert np.all(found.paid[:, CREDITOR] == 1.0)
    assert np.all(found.reported[GAP] == pytest.approx(0.0, abs=1e-12))


def test_what_collateral_leaves_unpaid_is_missing_for_the_lenders_own_debts() -> None:
    """A vehicle pays 20 of 70 whatever it owns: its lender has 20 + 20 for 60, of which costs leave 34."""
    nodes = [
        firm("LENDER", equity=30.0, debt=60.0),
        firm("VEHICLE", equity=50.0, debt=70.0),
        firm("HOLDER", equity=80.0),
    ]
    edges = [
        edge("LENDER", "VEHICLE", "term_loan", amount=70.0),
        edge("HOLDER", "LENDER", "term_loan", amount=60.0),
    ]
    around = surroundings(network(nodes, edges))
    state = start(around, 3)
    state.paid[1:, 1] = [0.9, 2.0 / 7.0]
    found = run_cascade(around, state, chosen("clearing")).state
    np.testing.assert_allclose(found.paid[:, 0], [1.0, 1.0, (0.7 * 20.0 + 20.0) / 60.0], rtol=1e-12)
    np.testing.assert_allclose(found.paid[:, 1], [1.0, 0.9, 2.0 / 7.0], rtol=1e-12)


def test_costs_can_make_two_solutions_and_the_gap_says_so() -> None:
    # Rogers and Veraart: each owes the other 2.1 and 2.2, and has 1; both can pay, or neither.
    nodes = [firm("A", equity=1.1, debt=2.1), firm("B", equity=0.9, debt=2.2)]
    edges = [edge("B", "A", "term_loan", amount=2.1), edge("A", "B", "term_loan", amount=2.2)]
    around = surroundings(network(nodes, edges))
    np.testing.assert_allclose(around.balance.external, [1.0, 1.0], rtol=1e-14)
    terms = {"external_recovered": 0.5, "claims_recovered": 0.5}
    found = run_cascade(around, start(around, 1), chosen("clearing", **terms)).state
    np.testing.assert_allclose(found.paid[0], [1.0, 1.0])
    np.testing.assert_allclose(found.reported[GAP][0], [1.0 - 1.0 / 2.1, 1.0 - 1.0 / 2.2], rtol=1e-12)


def test_stakes_follow_the_firm_once_they_are_marked() -> None:
    around, found = run("cross_holdings", losses=(60.0, 110.0))
    equity = values_of(around.balance, found).equity
    # A tenth of what is left: of 100, of 40, of nothing.
    np.testing.assert_allclose(equity[:, CREDITOR], [80.0, 80.0 - 6.0, 80.0 - 10.0], rtol=1e-12)
    np.testing.assert_allclose(equity[:, DEBTOR], [100.0, 40.0, 0.0], atol=1e-12)


def test_distress_marks_debt_down_before_it_fails() -> None:
    around, found = run("distress", losses=(60.0,))
    terms = Uncertainty(0.35, 3.0, 0.7)
    worth = [expected_repayment(left - 50.0, left, 50.0, terms) for left in (150.0, 90.0)]
    assert found.expected[1, DEBTOR] == pytest.approx(worth[1] / worth[0], rel=1e-12)
    assert found.expected[0, DEBTOR] == 1.0
    lost = 80.0 - values_of(around.balance, found).equity[1, CREDITOR]
    assert lost == pytest.approx(30.0 * (1.0 - worth[1] / worth[0]), rel=1e-9)


@pytest.mark.parametrize("name", ["clearing", "cross_holdings", "distress"])
def test_larger_losses_lose_no_less_and_none_lose_nothing(name: str) -> None:
    around, found = run(name, losses=tuple(np.linspace(0.0, 150.0, 46).tolist()))
    values = values_of(around.balance, found)
    assert np.all(np.diff(values.equity[1:], axis=0) <= 1e-12)
    assert np.all(np.diff(values.debt[1:], axis=0) <= 1e-15)
    np.testing.assert_allclose(values.equity[:2], np.tile(around.balance.equity, (2, 1)), rtol=1e-12)
    assert np.all(values.debt[:2] == 1.0)
    assert values.equity[-1, CREDITOR] < values.equity[0, CREDITOR]

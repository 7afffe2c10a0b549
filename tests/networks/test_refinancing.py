"""Debt that falls due: who can borrow again, and the day on which it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, start, surroundings

from stresstest.networks.model import Maturity
from stresstest.networks.refinancing import Wall, maturity_wall

DUE = (Maturity(date(2025, 1, 1), 99.0), Maturity(date(2026, 1, 1), 10.0), Maturity(date(2026, 7, 2), 60.0))


def wall(*losses: float, **terms: object) -> Wall:
    own = {"equity": 300.0, "debt": 100.0, "cash": 5.0, "maturities": DUE, **terms}
    around = surroundings(network([firm("FIRM", **own), firm("FREE", equity=9.0, debt=5.0)], []))
    state = start(around, 1 + len(losses))
    state.losses["direct"][1:, 0] = losses
    return maturity_wall(around, state, 0.5)


def test_lenders_hold_up_to_half_of_what_the_firm_is_worth() -> None:
    found = wall(190.0, 205.0, 260.0)
    # Worth 210 and 195 carry 105 and 97.5; 140 carries 70: of the 70 due 30 lack, 5 are in cash.
    assert found.unpaid[:, 0].tolist() == pytest.approx([0.0, 0.0, 0.0, 25.0])
    np.testing.assert_allclose(found.month[:, 0], [np.nan, np.nan, np.nan, 90.0 / 365.0 * 12.0])
    assert np.all(found.unpaid[:, 1] == 0.0)


def test_the_later_date_is_the_month_where_cash_meets_the_first() -> None:
    assert wall(260.0, cash=12.0).month[1, 0] == pytest.approx(272.0 / 365.0 * 12.0)


def test_cash_that_pays_for_burn_repays_no_debt() -> None:
    # Of 12, a year's 16 leave 8.05 on the first day due and 0.07 on the second.
    found = wall(260.0, cash=12.0, burn=16.0)
    assert found.month[1, 0] == pytest.approx(90.0 / 365.0 * 12.0)
    assert found.unpaid[1, 0] == pytest.approx(30.0 - (12.0 - 16.0 * 272.0 / 365.0))


def test_what_falls_due_today_counts() -> None:
    today = (Maturity(date(2025, 10, 3), 60.0),)
    found = wall(190.0, 260.0, maturities=today)
    assert found.unpaid[:, 0].tolist() == pytest.approx([0.0, 0.0, 25.0])
    np.testing.assert_array_equal(found.month[:, 0], [np.nan, np.nan, 0.0])


def test_what_falls_due_beyond_the_horizon_does_not_count() -> None:
    far = (Maturity(date(2027, 1, 1), 70.0),)
    assert np.all(wall(290.0, maturities=far).unpaid == 0.0)


def test_a_firm_that_owes_more_than_that_today_is_held_at_its_part_of_today() -> None:
    found = wall(0.0, 40.0, equity=50.0)
    assert found.unpaid[1, 0] == 0.0
    # 100 of 150 is two thirds: of 110 that is 73.3, and 26.7 lack.
    assert found.unpaid[2, 0] == pytest.approx(100.0 - 110.0 * 2.0 / 3.0 - 5.0)


def test_who_may_not_fail_is_always_lent_to() -> None:
    assert np.all(wall(290.0, can_default=False).unpaid == 0.0)


def test_claims_on_others_count_at_what_they_are_worth() -> None:
    nodes = [firm("FIRM", equity=300.0, debt=100.0, maturities=DUE), firm("OTHER", equity=10.0, debt=200.0)]
    around = surroundings(network(nodes, [edge("FIRM", "OTHER", "term_loan", amount=200.0)]))
    state = start(around, 2)
    state.paid[1, 1] = 0.0
    state = replace(state, losses={"direct": np.array([[0.0, 0.0], [50.0, 0.0]])})
    # Of 400, 200 is the loan and 50 is lost: 150 carries 75 of the 100.
    assert maturity_wall(around, state, 0.5).unpaid[1, 0] == pytest.approx(25.0)

"""Money month by month: burn against the integral, arrivals on their days, the month in which it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.integrate import quad
from tests.networks.random_networks import edge, firm, network, surroundings

from stresstest.networks.runway import burnt, cash_left, first_month, month_ends, sources


def test_months_end_with_the_horizon() -> None:
    np.testing.assert_allclose(month_ends(0.25), [1 / 12, 2 / 12, 0.25])
    np.testing.assert_allclose(month_ends(1.0 / 365.0), [1.0 / 365.0])
    assert len(month_ends(31.0 / 12.0)) == 31


@pytest.mark.parametrize("growth", [-0.5, 0.0, 0.3, 1.5])
def test_burn_is_the_integral_of_its_rate(growth: float) -> None:
    node = firm("LAB", burn=12.0, burn_growth=growth)
    expected = [quad(lambda t: 12.0 * (1.0 + growth) ** t, 0.0, end)[0] for end in (0.25, 1.0, 2.5)]
    np.testing.assert_allclose(burnt(node, np.array([0.25, 1.0, 2.5])), expected, rtol=1e-12)


def test_what_burn_has_used_of_the_cash_is_gone() -> None:
    assert cash_left(firm("LAB", cash=5.0, burn=4.0), 0.5) == pytest.approx(3.0)
    assert cash_left(firm("LAB", cash=5.0, burn=4.0), 2.0) == 0.0
    assert cash_left(firm("LAB", cash=5.0, burn=4.0, burn_cut=0.75), 2.0) == pytest.approx(3.0)
    assert cash_left(firm("MILL", cash=5.0), 2.0) == 5.0


def test_promises_flow_evenly_or_come_on_their_day() -> None:
    nodes = [firm("LAB", burn=1.0), firm("INVESTOR", equity=9.0)]
    tranches = edge("INVESTOR", "LAB", "equity_commitment", amount=6.0, drawn=1.0, per_year=4.0)
    at_once = replace(tranches, per_year=float("nan"), status="letter_of_intent")
    dated = replace(at_once, end=date(2026, 3, 1), status="conditional")
    around = replace(surroundings(network(nodes, [tranches, at_once, dated])), horizon_years=2.0)
    found = sources(around, 0, np.array([0.25, 0.5, 2.0]))
    assert [source.status for source in found] == ["firm", "loose", "conditional"]
    np.testing.assert_allclose(found[0].paid_in, [1.0, 2.0, 5.0])
    np.testing.assert_allclose(found[1].paid_in, [5.0, 5.0, 5.0])
    np.testing.assert_allclose(found[2].paid_in, [0.0, 5.0, 5.0])
    assert sources(around, 1, np.array([1.0])) == []


def test_money_ends_within_a_month_by_a_straight_line() -> None:
    times = np.array([1.0, 2.0]) / 12.0
    lacking = np.array([[-1.0, -0.5], [-1.0, 1.0], [2.0, 3.0]])
    np.testing.assert_allclose(first_month(lacking, times, 2.0), [np.nan, 1.5, 0.5])

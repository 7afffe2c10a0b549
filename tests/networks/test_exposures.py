from __future__ import annotations

from datetime import date
from math import isnan

import pytest
from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.exposures import UNDATED_YEARS, exposures_of, money_of, yearly_money
from stresstest.networks.model import Edge

FIRMS = (
    node("A", equity=1_000.0, debt=200.0, revenue=400.0),
    node("B", equity=80.0, debt=20.0, revenue=50.0),
    node("Z"),
)
NODES = {firm.id: firm for firm in FIRMS}


def share(one: Edge) -> float:
    (exposure,) = exposures_of(network(FIRMS, [one]), DAY)
    return exposure.share


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        # A funded stake, a loan and what is drawn of a commitment are parts of equity and debt: 80 + 20.
        (edge("A>B", "equity_stake", 25.0), 0.25),
        (edge("A>B", "equity_stake", share=0.3), 0.3 * 80.0 / 100.0),
        (edge("A>B", "term_loan", 10.0), 0.10),
        (edge("A>B", "equity_commitment", 25.0, drawn=25.0), 0.25),
        # What is not yet paid in comes on top of them.
        (edge("A>B", "equity_commitment", 25.0), 25.0 / 125.0),
        (edge("A>B", "equity_commitment", 25.0, drawn=5.0), 25.0 / 120.0),
        (edge("A>B", "term_loan", 25.0, drawn=5.0), 25.0 / 120.0),
        (edge("A>B", "equity_stake", 25.0, status="committed"), 25.0 / 125.0),
        (edge("A>B", "capacity_backstop", 100.0), 0.5),
        # A warrant is on shares of the firm that gives it: 5 % of 1,000.
        (edge("A>B", "warrant", share=0.05), 50.0 / 150.0),
        # Orders that run are part of the revenue of 50, others come on top.
        (edge("A>B", "revenue_dependence", per_year=10.0), 0.2),
        (edge("A>B", "revenue_dependence", per_year=90.0), 1.0),
        (edge("A>B", "lease", per_year=10.0, start=date(2026, 1, 1)), 10.0 / 60.0),
        (edge("A>B", "purchase_commitment", 50.0), 10.0 / 60.0),
        (edge("A>B", "revenue_share", share=0.1), 40.0 / 90.0),
        (edge("A>B", "purchase_commitment", 25.0, per_year=10.0), 0.2),
    ],
)
def test_a_share_is_of_what_its_second_firm_lives_on(one: Edge, expected: float) -> None:
    assert share(one) == pytest.approx(expected, rel=1e-12)


def test_an_unknown_whole_or_amount_gives_an_unknown_share() -> None:
    for one in (
        edge("A>Z", "term_loan", 5.0),
        edge("A>Z", "lease", per_year=5.0),
        edge("A>B", "warrant", quantity=5.0),
    ):
        assert isnan(share(one))


def test_pledges_and_positions_are_no_exposures() -> None:
    edges = [edge("A>B", "collateral", 5.0, asset="H100", quantity=1.0), edge("A>B", "holding", 5.0)]
    assert exposures_of(network(FIRMS, edges), DAY) == ()


def test_a_contract_is_spread_over_its_years_to_come() -> None:
    years = (date(2031, 12, 31) - date(2027, 1, 1)).days / 365.25
    dated = edge("A>B", "lease", 300.0, start=date(2027, 1, 1), end=date(2031, 12, 31))
    assert yearly_money(dated, NODES, DAY) == pytest.approx(300.0 / years)
    begun = edge("A>B", "lease", 300.0, start=date(2020, 1, 1), end=date(2031, 12, 31))
    left = (date(2031, 12, 31) - DAY).days / 365.25
    assert yearly_money(begun, NODES, DAY) == pytest.approx(300.0 / left)
    ending = edge("A>B", "lease", 300.0, end=date(2025, 12, 31))
    assert yearly_money(ending, NODES, DAY) == 300.0
    assert yearly_money(edge("A>B", "lease", 300.0), NODES, DAY) == 300.0 / UNDATED_YEARS


def test_money_says_whether_it_is_of_a_year() -> None:
    assert money_of(edge("A>B", "lease", 30.0, per_year=3.0), NODES) == (30.0, False)
    assert money_of(edge("A>B", "lease", per_year=3.0), NODES) == (3.0, True)
    assert money_of(edge("A>B", "revenue_share", share=0.2), NODES) == (80.0, True)
    assert money_of(edge("B>A", "equity_stake", share=0.2), NODES) == (200.0, False)

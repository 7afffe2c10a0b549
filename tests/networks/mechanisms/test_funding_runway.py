"""Firms that burn money: the month in which it ends, what is cut before, who is lost with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.networks.random_networks import chosen, edge, firm, network, start, surroundings

from stresstest.networks.cascade import run_cascade
from stresstest.networks.failures import CAUSE
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.mechanisms.funding_runway import FIRM_STOPPED, LOOSE_STOPPED, NEW_MONEY
from stresstest.networks.model import Edge
from stresstest.networks.state import State

LAB, INVESTOR, SUPPLIER = range(3)


def lab(*edges: Edge, years: float = 1.0, **terms: float) -> Surroundings:
    """A lab with 6 in cash that burns 12 a year, an investor and a supplier."""
    own = {"equity": 100.0, "cash": 6.0, "burn": 12.0, "revenue": 4.0, **terms}
    nodes = [firm("LAB", **own), firm("INVESTOR", equity=400.0), firm("SUPPLIER", equity=300.0, revenue=60.0)]
    return replace(surroundings(network(nodes, list(edges))), horizon_years=years)


def run(around: Surroundings, funding: float, **settings: float) -> State:
    """Return where two columns end: nothing happens in the first, the second has a part of new money."""
    state = start(around, 2)
    state.funding[1, LAB] = funding
    return run_cascade(around, state, chosen("funding_runway", **settings)).state


def month(around: Surroundings, funding: float, **settings: float) -> float:
    return float(run(around, funding, **settings).month[1, LAB])


def test_without_new_money_cash_over_burn_is_the_month() -> None:
    assert month(lab(), 0.0, burn_cut=0.0) == pytest.approx(6.0, rel=1e-12)


def test_a_management_that_spends_less_lasts_longer() -> None:
    assert month(lab(), 0.0, burn_cut=0.2) == pytest.approx(6.0 / 0.8, rel=1e-12)
    assert month(lab(burn_cut=0.4), 0.0, burn_cut=0.2) == pytest.approx(10.0, rel=1e-12)


def test_burn_that_grows_ends_sooner() -> None:
    # 12·(2^t − 1) / ln 2 = 6: t = 0.42976 years, between two ends of months along a line.
    exact = 12.0 * np.log2(1.0 + 0.5 * np.log(2.0))
    assert month(lab(burn_growth=1.0), 0.0, burn_cut=0.0) == pytest.approx(exact, abs=0.01)


def test_every_firm_is_funded_before_a_shock() -> None:
    found = run(lab(), 1.0)
    assert not np.any(found.failed)
    assert np.all(found.total_loss == 0.0)
    assert found.reported[NEW_MONEY][:, LAB] == pytest.approx([6.0, 6.0])


def test_what_lacks_is_saved_as_far_as_it_must_be() -> None:
    found = run(lab(), 0.5, burn_cut=0.3)
    # Half of the round of 6 lacks at the end of the year: a quarter of burn.
    assert found.purchases_cut[1, LAB] == pytest.approx(0.25, rel=1e-12)
    assert found.failed[1, LAB] == 0.0
    assert run(lab(), 0.5, burn_cut=0.2).failed[1, LAB] == 1.0


@pytest.mark.parametrize(
    ("status", "lost", "kept_back"),
    [
        ("conditional", 0.31, LOOSE_STOPPED),
        ("letter_of_intent", 0.31, LOOSE_STOPPED),
        ("committed", 0.31, None),
        ("committed", 0.76, FIRM_STOPPED),
        ("conditional", 0.29, None),
    ],
)
def test_an_investor_that_has_lost_too_much_is_told_to_keep_its_money_back(
    status: str, lost: float, kept_back: str | None
) -> None:
    promise = edge("INVESTOR", "LAB", "equity_commitment", amount=6.0, status=status, condition="a charter")
    around = lab(promise)
    state = start(around, 2)
    direct = np.zeros(state.paid.shape)
    direct[1, INVESTOR] = lost * 400.0
    found = run_cascade(around, replace(state, losses={"direct": direct}), chosen("funding_runway")).state
    for kind in (FIRM_STOPPED, LOOSE_STOPPED):
        expected = np.zeros(state.paid.shape)
        expected[1, INVESTOR] = kind == kept_back
        assert np.array_equal(found.reported[kind], expected)
    assert (found.reported[NEW_MONEY][1, LAB] == 0.0) == (kept_back is not None)


def test_a_later_closing_comes_on_its_day_if_it_is_let() -> None:
    closing = edge(
        "INVESTOR", "LAB", "equity_commitment", amount=9.0, drawn=3.0, end=date(2025, 12, 31),
        status="conditional", condition="a new charter",
    )  # fmt: skip
    around = lab(closing)
    assert month(around, 0.0, burn_cut=0.0) == pytest.approx(6.0, rel=1e-12)
    assert np.isnan(month(around, 0.0, burn_cut=0.0, closings=1.0))
    assert month(replace(around, horizon_years=2.0), 0.0, burn_cut=0.0, closings=1.0) == pytest.approx(12.0)
    # A closing after the money has ended saves nobody.
    late = replace(closing, end=date(2026, 6, 30))
    assert month(lab(late), 0.0, burn_cut=0.0, closings=1.0) == pytest.approx(6.0, rel=1e-12)


def test_an_investor_that_has_lost_too_much_pays_nothing_more() -> None:
    promise = edge("INVESTOR", "LAB", "equity_commitment", amount=6.0, status="committed")
    around = lab(promise)
    state = start(around, 4)
    state.losses["direct"][1:, INVESTOR] = [100.0, 290.0, 310.0]
    found = run_cascade(around, state, chosen("funding_runway", burn_cut=0.0)).state
    assert found.failed[:, LAB].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_orders_that_bind_nobody_go_first_and_contracts_only_with_the_firm() -> None:
    loose = edge("LAB", "SUPPLIER", "revenue_dependence", per_year=3.0, status="letter_of_intent")
    bound = edge("LAB", "SUPPLIER", "purchase_commitment", amount=50.0, per_year=3.0, status="contract")
    found = run(lab(bound, loose), 0.5, burn_cut=0.0)
    np.testing.assert_allclose(found.order_cuts[1], [0.0, 1.0], rtol=1e-12)
    assert found.failed[1, LAB] == 0.0
    found = run(lab(bound, loose), 0.0, burn_cut=0.0)
    assert found.order_cuts[1].tolist() == [1.0, 1.0]
    assert found.failed[1, LAB] == 1.0


def test_a_failed_firm_is_worth_what_it_fetches() -> None:
    assert run(lab(), 0.0).losses[CAUSE][1, LAB] == pytest.approx(90.0)
    assert run(lab(salvage=25.0), 0.0).losses[CAUSE][1, LAB] == pytest.approx(75.0)
    assert run(lab(), 0.0, liquidation=0.3).losses[CAUSE][1, LAB] == pytest.approx(70.0)


def test_less_money_loses_no_less() -> None:
    contract = edge("LAB", "SUPPLIER", "purchase_commitment", amount=90.0, status="contract")
    around = lab(contract)
    state = start(around, 41)
    state.funding[:, LAB] = np.linspace(1.0, 0.0, 41)
    found = run_cascade(around, state, chosen("funding_runway")).state
    assert np.all(np.diff(found.total_loss, axis=0) >= 0.0)
    assert np.all(np.diff(found.purchases_cut[:, LAB]) >= 0.0)
    assert np.all(found.total_loss[0] == 0.0)
    months = found.month[:, LAB]
    assert np.all(np.diff(months[~np.isnan(months)]) <= 0.0)
    assert found.total_loss[-1, SUPPLIER] > 0.0

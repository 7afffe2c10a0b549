"""Contracts of failed firms: margin, leases, claims and backstops, each worked by hand; never a face."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.networks.random_networks import edge, firm, network, start, surroundings

from stresstest.networks.contracts import BACKLOG, BACKSTOP, MARGIN, RENT, SETTINGS, STRANDED, contract_losses
from stresstest.networks.model import Edge

LAB, BUILDER, LANDLORD, BACKER = range(4)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def losses(*edges: Edge, failed: tuple[int, ...] = (LAB,), **settings: float) -> dict[str, list[float]]:
    """Return what each firm loses, by cause, where some firms have failed; all else is nought."""
    nodes = [
        firm("LAB", equity=500.0),
        firm("BUILDER", equity=800.0, debt=100.0, backlog=400.0, revenue=60.0),
        firm("LANDLORD", equity=90.0),
        firm("BACKER", equity=4000.0),
    ]
    around = surroundings(network(nodes, list(edges)))
    state = start(around, 2)
    for place in failed:
        state.failed[1, place] = 1.0
    found = contract_losses(around, state, {**DEFAULTS, **settings})
    assert all((loss[0] == 0.0).all() for loss in found.values())
    return {cause: loss[1].tolist() for cause, loss in found.items()}


def contract(**terms: object) -> Edge:
    known = {"amount": 300.0, "start": date(2027, 1, 1), "status": "contract", **terms}
    return edge("LAB", "BUILDER", "purchase_commitment", **known)


def test_a_supplier_loses_margin_less_damages_not_the_face() -> None:
    found = losses(contract())
    # A quarter of 300, at 0.6 of its worth today, less damages of a twentieth.
    assert found[MARGIN] == pytest.approx([0.0, 300.0 * 0.25 * 0.6 * 0.95, 0.0, 0.0])
    assert found[STRANDED] == pytest.approx([0.0, 3.0, 0.0, 0.0])
    assert found[RENT] == found[BACKSTOP] == [0.0] * 4


@pytest.mark.parametrize("status", ["conditional", "letter_of_intent", "article_claim"])
def test_what_was_never_firm_is_no_asset_of_the_supplier(status: str) -> None:
    assert all(loss == [0.0] * 4 for loss in losses(contract(status=status)).values())


def test_the_price_of_a_backlog_goes_with_the_part_lost() -> None:
    found = losses(contract(), backlog_multiple=0.6)
    kept = 900.0 - 42.75 - 3.0
    assert found[BACKLOG] == pytest.approx([0.0, kept * 0.6 * 300.0 / 400.0, 0.0, 0.0])


def test_a_supplier_is_left_with_the_space_that_it_rented_for_the_contract() -> None:
    rented = edge("BUILDER", "LANDLORD", "lease", amount=80.0, status="contract")
    found = losses(contract(), rented)
    # Three quarters of the backlog is lost, half of that space is let again, 0.6 of its worth today.
    assert found[STRANDED][BUILDER] == pytest.approx(3.0 + 80.0 * 0.75 * 0.5 * 0.6)


def test_a_landlord_has_a_capped_claim() -> None:
    rented = edge("LAB", "LANDLORD", "lease", amount=40.0, per_year=4.0, status="contract")
    found = losses(rented)
    # 15 per cent of 40 is 6, over a year's 4 and under three years' 12; 30 per cent of it is paid.
    assert found[RENT][LANDLORD] == pytest.approx(40.0 * 0.5 * 0.6 - 0.3 * 6.0)


def test_who_stands_behind_capacity_pays_up_to_the_amount() -> None:
    rented = edge("LAB", "LANDLORD", "lease", amount=40.0, per_year=4.0, status="contract")
    behind = edge(
        "BACKER", "LANDLORD", "capacity_backstop", amount=30.0, end=date(2028, 10, 2), status="committed"
    )
    found = losses(rented, behind)
    # Two of its three years lie beyond the horizon: 20 of the 30.
    assert found[BACKSTOP][BACKER] == pytest.approx(20.0 * 0.5 * 0.6)
    assert found[RENT][LANDLORD] == pytest.approx(40.0 * 0.5 * 0.5 * 0.6 - 0.3 * 6.0)
    large = replace(behind, amount=300.0)
    assert losses(rented, large)[RENT][LANDLORD] == 0.0
    assert losses(rented, large)[BACKSTOP][BACKER] == pytest.approx(40.0 * 0.5 * 0.6)


def test_what_a_direct_shock_has_taken_is_not_lost_again() -> None:
    around = surroundings(network([firm("LAB", equity=500.0), firm("BUILDER", equity=800.0)], [contract()]))
    state = start(around, 2)
    state.doubt[1, LAB] = 0.5
    state.losses["direct"][1, BUILDER] = 600.0
    found = contract_losses(around, state, DEFAULTS)
    # Half in doubt, and a quarter of the business left.
    assert found[MARGIN][1, BUILDER] == pytest.approx(0.5 * 0.25 * 300.0 * 0.25 * 0.6 * 0.95)


def test_nobody_who_has_not_failed_costs_anything() -> None:
    rented = edge("LAB", "LANDLORD", "lease", amount=40.0, status="contract")
    assert all(loss == [0.0] * 4 for loss in losses(contract(), rented, failed=()).values())

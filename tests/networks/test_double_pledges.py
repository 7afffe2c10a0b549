from __future__ import annotations

from math import isnan

from tests.networks.graphs import edge, network, node

from stresstest.networks.double_pledges import pledged_assets
from stresstest.networks.reading import load_network

FIRMS = (node("SPV", debt=60.0), node("OTHER"), node("L"), node("M"), node("N"))


def chips(ends: str, amount: float, quantity: float, **terms: float) -> object:
    return edge(ends, "collateral", amount, asset="H100", quantity=quantity, **terms)


def test_an_asset_with_two_pledges_is_pledged_twice() -> None:
    edges = [
        edge("L>SPV", "term_loan", 20.0),
        edge("M>SPV", "term_loan", 30.0, drawn=10.0),
        edge("N>SPV", "term_loan", 5.0),
        chips("L>SPV", 40.0, 100.0),
        chips("M>SPV", 24.0, 60.0),
        chips("N>OTHER", 7.0, 10.0),
    ]
    twice, once = pledged_assets(network(FIRMS, edges))
    assert (twice.owner, twice.asset, twice.creditors) == ("SPV", "H100", ("L", "M"))
    assert (twice.owned, twice.pledged, twice.times, twice.worth) == (100.0, 160.0, 1.6, 40.0)
    assert twice.owed == 30.0, "what N lends has no pledge"
    assert twice.twice
    assert not once.twice
    assert (once.owner, once.times, once.owed) == ("OTHER", 1.0, 0.0)


def test_chips_of_another_age_or_generation_are_other_chips() -> None:
    edges = [
        chips("L>SPV", 40.0, 100.0, age_years=1.0),
        chips("M>SPV", 24.0, 60.0, age_years=2.0),
        edge("M>SPV", "collateral", 24.0, asset="B200", quantity=60.0),
    ]
    assert not any(asset.twice for asset in pledged_assets(network(FIRMS, edges)))


def test_shares_pledged_to_two_lenders_count_without_a_number() -> None:
    edges = [
        edge("L>SPV", "margin_loan", 10.0, asset="OTHER"),
        edge("M>SPV", "margin_loan", 5.0, asset="OTHER"),
    ]
    (asset,) = pledged_assets(network(FIRMS, edges))
    assert asset.times == 2.0
    assert isnan(asset.owned)
    assert isnan(asset.worth)
    assert asset.owed == 15.0


def test_a_margin_loan_that_names_no_asset_pledges_nothing_known() -> None:
    assert pledged_assets(network(FIRMS, [edge("L>SPV", "margin_loan", 10.0)])) == ()


def test_nothing_documented_is_pledged_twice_in_the_shipped_network() -> None:
    shipped = load_network("ai_circular_financing")
    found = pledged_assets(shipped.on(shipped.as_of))
    assert found
    assert not any(asset.twice for asset in found)

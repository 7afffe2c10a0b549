"""Between a market and a network: shocks in, moves out, and nobody's default paid twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.networks.random_networks import edge, firm, network, surroundings

from stresstest.kernels.logarithm import log
from stresstest.market.keys import RiskFactorKey
from stresstest.networks.factors import (
    SPREAD_YEARS,
    FactorMove,
    factor_moves,
    price_factor,
    primitive_levels,
    start_state,
    unmapped,
    unpriced_levels,
    value_factor,
)
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Node
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

MAKER, LAB, SPV = range(3)


def around() -> Surroundings:
    nodes = [
        firm("MAKER", equity=100.0, debt=40.0, revenue=20.0, capex=8.0),
        Node("LAB", "private", issuer="LAB", equity=50.0, debt=10.0, burn=5.0),
        Node("SPV", "spv", issuer="SPV", parent="MAKER", equity=20.0, debt=30.0),
        Node("FUND", "aggregate", equity=9.0, debt=1.0),
    ]
    pledge = edge("FUND", "SPV", "collateral", amount=40.0, asset="H100", quantity=1.0)
    return surroundings(network(nodes, [pledge]))


def key(*parts: str) -> RiskFactorKey:
    return RiskFactorKey(*parts)


def market(with_defaults: bool = True) -> dict[RiskFactorKey, float]:
    levels = {
        key("spot", "MAKER"): 10.0,
        key("credit_spread", "MAKER"): 0.02,
        key("private_mark", "LAB"): 5.0,
        key("rental_rate", "H100"): 2.0,
        key("rental_rate", "H100", "3M"): 1.9,
        key("rental_rate", "A100"): 1.0,
    }
    return levels | dict(primitive_levels(around().network)) if with_defaults else levels


def moves(
    base: dict[RiskFactorKey, float], after: State, before: State | None = None
) -> dict[RiskFactorKey, FactorMove]:
    sur = around()
    first = before or start_state(sur, base, {}, len(after.paid))
    values = values_of(sur.balance, first), values_of(sur.balance, after)
    return factor_moves(sur, base, values, (first, after))


def state(**fields: np.ndarray) -> State:
    return replace(start_state(around(), market(), {}, 2), **fields)


def losses(place: int, amount: float) -> np.ndarray:
    found = np.zeros((2, 4))
    found[1, place] = amount
    return found


def test_a_network_needs_what_shocks_its_firms_and_who_may_fail() -> None:
    found = dict(primitive_levels(around().network))
    assert found[key("capex", "MAKER")] == 8.0
    assert found[key("revenue", "MAKER")] == 20.0
    assert found[key("funding", "LAB")] == 1.0
    assert found[key("default_state", "MAKER")] == found[key("default_state", "LAB")] == 0.0
    assert found[key("recovery_rate", "MAKER", "secured")] == 0.7
    assert not [one for one in found if one.name in ("SPV", "FUND")]


def test_firms_that_no_factor_stands_for_are_listed() -> None:
    levels = market(with_defaults=False)
    assert unmapped(around().network, levels) == ()
    del levels[key("private_mark", "LAB")]
    (missing,) = unmapped(around().network, levels)
    assert (missing.firm, missing.factor) == ("LAB", key("private_mark", "LAB"))


def test_shocks_of_factors_shock_firms_and_a_rise_is_none() -> None:
    moved = {
        key("capex", "MAKER"): np.array([8.0, 6.0, 9.0]),
        key("revenue", "MAKER"): np.array([20.0, 15.0, 20.0]),
        key("funding", "LAB"): np.array([1.0, 0.2, 1.5]),
        key("private_mark", "LAB"): np.array([5.0, 4.0, 6.0]),
        key("rental_rate", "H100"): np.array([2.0, 1.0, 3.0]),
    }
    found = start_state(around(), market(), moved, 3)
    assert found.purchases_cut[:, MAKER].tolist() == pytest.approx([0.0, 0.25, 0.0])
    assert found.revenue_fall[:, MAKER].tolist() == pytest.approx([0.0, 0.25, 0.0])
    assert found.funding[:, LAB].tolist() == pytest.approx([1.0, 0.2, 1.0])
    assert found.losses["direct"][:, LAB].tolist() == pytest.approx([0.0, 10.0, 0.0])
    assert found.prices["H100"].tolist() == pytest.approx([1.0, 0.5, 1.0])


def test_nothing_that_happens_moves_nothing() -> None:
    assert moves(market(), state()) == {}


def test_a_loss_moves_the_price_and_a_marked_debt_the_spread() -> None:
    expected = np.ones((2, 4))
    expected[1, MAKER] = 0.9
    found = moves(
        market(), state(losses={"direct": np.zeros((2, 4)), "x": losses(MAKER, 25.0)}, expected=expected)
    )
    assert set(found) == {key("spot", "MAKER"), key("credit_spread", "MAKER")}
    np.testing.assert_allclose(found[key("spot", "MAKER")].ratio, [1.0, 0.75])
    wider = -log(0.9) / SPREAD_YEARS
    np.testing.assert_allclose(found[key("credit_spread", "MAKER")].shift, [0.0, wider], rtol=1e-14)


def test_chips_move_every_tenor_of_their_generation() -> None:
    found = moves(market(), state(prices={"H100": np.array([1.0, 0.6])}))
    assert set(found) == {key("rental_rate", "H100"), key("rental_rate", "H100", "3M")}
    np.testing.assert_allclose(found[key("rental_rate", "H100", "3M")].ratio, [1.0, 0.6])


def failed(place: int) -> np.ndarray:
    found = np.zeros((2, 4))
    found[1, place] = 1.0
    return found


def paid(maker: float, spv: float) -> np.ndarray:
    found = np.ones((2, 4))
    found[1, [MAKER, SPV]] = maker, spv
    return found


def test_a_failure_is_a_default_as_an_event_has_it() -> None:
    found = moves(market(), state(failed=failed(MAKER), paid=paid(0.3, 0.8)))
    assert found[key("spot", "MAKER")].ratio.tolist() == [1.0, 0.0]
    assert found[key("default_state", "MAKER")].shift.tolist() == [0.0, 1.0]
    levels = {
        rank: 0.5 * found[key("recovery_rate", "MAKER", rank)].ratio
        + found[key("recovery_rate", "MAKER", rank)].shift
        for rank in ("secured", "senior_unsecured", "subordinated")
    }
    # Secured claims are those on the vehicle; subordinated ones stand to senior ones as 20 to 40 cents.
    np.testing.assert_allclose(levels["secured"], [0.5, 0.8])
    np.testing.assert_allclose(levels["senior_unsecured"], [0.5, 0.3])
    np.testing.assert_allclose(levels["subordinated"], [0.5, 0.15])
    assert key("credit_spread", "MAKER") not in found


def test_debt_paid_in_part_is_a_default_and_a_vehicles_default_is_not_its_parents() -> None:
    assert moves(market(), state(paid=paid(0.9, 1.0)))[key("default_state", "MAKER")].shift[1] == 1.0
    assert moves(market(), state(paid=paid(1.0, 0.5))) == {}


def test_a_mark_stays_where_its_holders_read_the_default() -> None:
    lost = {"direct": np.zeros((2, 4)), "failure": losses(LAB, 54.0)}
    found = moves(market(), state(failed=failed(LAB), losses=lost))
    assert found[key("default_state", "LAB")].shift.tolist() == [0.0, 1.0]
    assert key("private_mark", "LAB") not in found
    without = {
        one: level for one, level in market().items() if one.kind not in ("default_state", "recovery_rate")
    }
    np.testing.assert_allclose(
        moves(without, state(failed=failed(LAB), losses=lost))[key("private_mark", "LAB")].ratio, [1.0, 0.0]
    )


def test_a_stated_default_is_not_paid_again() -> None:
    moved = {
        key("default_state", "MAKER"): np.array([0.0, 1.0]),
        key("recovery_rate", "MAKER", "senior_unsecured"): np.array([0.4, 0.25]),
        key("spot", "MAKER"): np.array([10.0, 0.0]),
    }
    first = start_state(around(), market(), moved, 2)
    assert first.failed[:, MAKER].tolist() == [0.0, 1.0]
    assert first.paid[:, MAKER].tolist() == [1.0, 0.25]
    assert first.paid[:, SPV].tolist() == [1.0, 0.7]
    assert first.losses["direct"][1, MAKER] == 100.0
    after = replace(
        first, paid=np.minimum(first.paid, paid(0.1, 0.1)), losses={**first.losses, "x": losses(MAKER, 30.0)}
    )
    found = moves(market(), after, first)
    assert not [one for one in found if one.name == "MAKER"]


def test_a_firm_that_fails_by_itself_moves_nothing() -> None:
    both = np.zeros((2, 4))
    both[:, MAKER] = 1.0
    assert moves(market(), state(failed=both)) == {}


def test_the_factor_of_a_firm_is_its_share_or_its_mark() -> None:
    nodes = around().network.nodes
    assert value_factor(nodes[MAKER]) == key("spot", "MAKER")
    assert value_factor(nodes[LAB]) == key("private_mark", "LAB")


def test_a_firm_without_a_price_is_shocked_by_its_market_value() -> None:
    levels, value = market(), key("market_value", "LAB")
    assert dict(unpriced_levels(around().network, levels)) == {}
    del levels[key("private_mark", "LAB")]
    levels |= dict(unpriced_levels(around().network, levels))
    assert levels[value] == 50.0
    assert price_factor(around().network.nodes[LAB], levels) == value
    start = start_state(around(), levels, {value: np.array([50.0, 30.0])}, 2)
    assert start.losses["direct"][:, LAB].tolist() == [0.0, 20.0]
    assert [missing.firm for missing in unmapped(around().network, levels)] == ["LAB"]

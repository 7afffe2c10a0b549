"""Sellers of what is bought, and the book when one fails, by hand."""

from __future__ import annotations

import pytest
from tests.hedging.small_hedges import plan, planner

from stresstest.hedging.plans.sellers import RECOVERY, seller_exposures


def test_every_seller_is_named_with_what_it_owes() -> None:
    sellers = {seller.name: seller for seller in plan().sellers}
    assert set(sellers) == {"UST", "Options Clearing Corporation"}
    bills = next(trade for trade in plan().trades if trade.source == "bills")
    assert sellers["UST"].bought == pytest.approx(bills.value)
    assert sellers["Options Clearing Corporation"].is_cleared


def test_a_failing_seller_pays_the_recovery_of_what_it_owes_then() -> None:
    inputs, units = planner().inputs, planner().solution.buy
    place = next(row for row, line in enumerate(inputs.candidates) if units[row] and line.source == "puts")
    line = inputs.n_held + place
    column = inputs.scenarios.place("time_bomb")
    owed = float(units[place] * (inputs.unit_value[line] + inputs.scenarios.unit[line, column]))
    after = {one.name: one.pnl_after for one in plan().scenarios}
    found = {item.name: item for item in seller_exposures(inputs, units, after)}
    lost = after["time_bomb"] - found["Options Clearing Corporation"].pnl_if_failing["time_bomb"]
    assert lost == pytest.approx((1.0 - RECOVERY) * owed)
    assert lost > 0.0


def test_nothing_bought_no_seller() -> None:
    inputs, units = planner().inputs, planner().solution.buy
    assert seller_exposures(inputs, 0.0 * units, {"time_bomb": 0.0}) == ()

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fixtures.scenario_networks import small_network
from tests.report.samples import material, stress, view

from stresstest.measures.network_losses import network_losses
from stresstest.report.building.networks import carrying, network_part

(PART,) = view().networks


def test_the_network_of_the_scenario_in_focus_is_shown() -> None:
    assert (PART.scenario, PART.network, PART.title) == ("stop", "small", "A small network")
    assert PART.at_rest
    assert "capitalised_revenue" in PART.mechanisms


def test_firms_say_what_they_lose_and_when_their_money_ends() -> None:
    after = network_losses("stop", stress().compiled.networks["stop"])
    found = {firm.id: firm for firm in PART.firms}
    assert {name: firm.change for name, firm in found.items()} == {
        firm.firm: firm.equity_change for firm in after.firms
    }
    assert found["LAB"].failed_month == pytest.approx(5.0 / (0.85 * 20.0 / 12.0))
    assert found["LAB"].unpriced
    assert not found["NVDA"].unpriced
    assert dict(PART.losses)["NVDA"] == -(found["NVDA"].change or 0.0)


def test_only_firms_that_lose_and_are_joined_are_drawn() -> None:
    assert PART.drawn is not None
    assert {node.id for node in PART.drawn.nodes} == {"NVDA", "LAB"}
    assert {(edge.first, edge.second) for edge in PART.drawn.edges} == {("LAB", "NVDA"), ("NVDA", "LAB")}
    after = network_losses("stop", stress().compiled.networks["stop"])
    assert carrying(replace(small_network(), edges=()), after).nodes == ()


def test_a_part_is_of_the_scenario_asked_for() -> None:
    assert network_part(material(), "stop").firms == PART.firms

"""The network of a scenario: firms in fixed places, and what each loses."""

from __future__ import annotations

import json

import pytest

from stresstest.explore.moves import Move
from stresstest.explore.networks import NetworkDocuments
from stresstest.measures.network_losses import network_losses

SCENARIO = "ai_capex_collapse_network"


def moves_of(live, severity):
    return live.moves.of(Move(live.scenarios[SCENARIO], severity=severity)).networks[SCENARIO]


def test_firms_lose_what_the_measure_says_and_never_jump(live):
    documents = NetworkDocuments()
    mild, hard = (documents.of(SCENARIO, moves_of(live, severity)) for severity in (0.2, 1.0))
    assert json.loads(json.dumps(hard)) == hard
    for one, other in zip(mild["nodes"], hard["nodes"], strict=True):
        assert (one["id"], one["x"], one["y"]) == (other["id"], other["x"], other["y"])
        assert 0 <= one["x"] <= hard["width"]
        assert 0 <= one["y"] <= hard["height"]
    measured = {
        firm.firm: -firm.equity_change for firm in network_losses(SCENARIO, moves_of(live, 1.0)).firms
    }
    for node in hard["nodes"]:
        assert node["loss"] == pytest.approx(min(max(measured.get(node["id"], 0.0), 0.0), 1.0))
    assert sum(node["loss"] for node in hard["nodes"]) > sum(node["loss"] for node in mild["nodes"])


def test_edges_join_firms_that_are_drawn_and_carry_their_loss(live):
    found = NetworkDocuments().of(SCENARIO, moves_of(live, 1.0))
    losses = {node["id"]: node["loss"] for node in found["nodes"]}
    assert found["edges"]
    for edge in found["edges"]:
        assert edge["target"] in losses
        assert edge["carries"] == losses[edge["source"]]
    assert found["converged"] is True


def test_an_unshocked_network_loses_nothing(live):
    found = NetworkDocuments().of(SCENARIO, moves_of(live, 0.0))
    assert all(node["loss"] == 0.0 for node in found["nodes"])

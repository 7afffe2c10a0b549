"""The plausibility card of a run, on the terminal and in JSON."""

from __future__ import annotations

import json

from tests.cli.runner import run

SHOCKS = ("--shocks", "ai_capex_collapse", "--shocks", "boom_continues")


def test_the_card_has_a_line_a_scenario_and_fits_80_columns():
    text = run("run", "quality_income", *SHOCKS).out
    card = text[text.index("Beside history") :].splitlines()
    assert card[1].split()[:3] == ["scenario", "calm", "stressed"]
    assert [line.split()[0] for line in card[2:4]] == ["ai_capex_collapse", "boom_continues"]
    assert max(map(len, card)) <= 80
    assert "it does not predict" in " ".join(card)


def test_no_card_where_none_is_wanted():
    assert "Beside history" not in run("run", "quality_income", *SHOCKS, "--no-card").out


def test_the_document_holds_the_card():
    document = json.loads(run("run", "quality_income", *SHOCKS, "--json").out)
    first, second = document["plausibility"]
    assert (first["scenario"], second["scenario"]) == ("ai_capex_collapse", "boom_continues")
    assert {found["regime"] for found in first["distances"]} >= {"calm", "stressed"}
    assert 0 < len(first["largest"]) <= 10
    assert first["horizon_years"] == 1.0
    assert all(0.0 <= found["percentile"] <= 1.0 for found in first["distances"])
    assert json.loads(run("run", "quality_income", *SHOCKS, "--json", "--no-card").out)["plausibility"] == []

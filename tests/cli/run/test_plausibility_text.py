"""The plausibility card of a run, on the terminal and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
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


LONG = "a_scenario_with_quite_a_long_name_that_says"


def card_of_long_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    file = tmp_path / "long.yaml"
    shock = "{select: {curve: USD}, factor: zero_rate, shift: +40bp}"
    file.write_text(f"version: 1\nname: {LONG}\nhorizon: 3m\nshocks:\n  - {shock}\n", encoding="utf-8")
    text = run("run", "quality_income", "--shocks", file).out
    lines = text[text.index("Beside history") :].splitlines()
    return lines[2 : next(place for place, line in enumerate(lines) if line.startswith("Largest"))]


def test_a_long_name_goes_on_in_the_next_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = card_of_long_name(tmp_path, monkeypatch, 80)
    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert "".join(line.split()[0] for line in lines) == LONG
    assert "zero_rate" in " ".join(lines)


def test_a_wider_terminal_shows_it_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = card_of_long_name(tmp_path, monkeypatch, 140)
    assert line.startswith(LONG)

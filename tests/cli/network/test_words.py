"""Networks on the command line: listed, validated, explained, with a schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run

from stresstest.io.resources import names

NETWORKS = [name for name, _ in names("networks")]


def test_networks_are_listed_with_their_titles() -> None:
    entries = json.loads(run("list", "networks", "--json").out)["networks"]
    assert [entry["name"] for entry in entries] == NETWORKS
    assert {"ai_circular_financing", "telecom_vendor_financing_2000"} <= set(NETWORKS)
    assert all(entry["title"] for entry in entries)


@pytest.mark.parametrize("name", NETWORKS)
def test_shipped_networks_are_valid_and_name_their_schema(name: str) -> None:
    path = ROOT / "shocks" / "networks" / f"{name}.yaml"
    code, out, err = run("validate", path)
    assert code == 0, err
    assert f"network {name} is valid: " in out
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../docs/schemas/network.json"


def test_firms_that_the_market_does_not_price_and_later_edges_are_noted() -> None:
    out = run("validate", "ai_circular_financing", "--market", "2025-10-03").out
    assert "prices no shares or mark of " in out
    assert "SOFTBANK" in out
    assert "edges of another time than 2025-10-03 are left out" in out


def test_an_explanation_tells_what_edges_rest_on_and_what_can_run() -> None:
    code, out, err = run("explain", "network:ai_circular_financing")
    assert code == 0, err
    shown = " ".join(out.split())
    assert "revenue_dependence: " in shown
    assert "collateral_spiral: pledged chips sold, at lower prices" in shown
    assert "burn_cut 15% (judgement: what a management saves within months)" in shown
    assert max(map(len, out.splitlines())) <= 80


def test_the_document_of_an_explanation() -> None:
    document = json.loads(run("explain", "ai_circular_financing", "--json").out)
    assert (document["schema"], document["network"]) == ("stresstest/explanation/1", "ai_circular_financing")
    edges = {row["type"]: row for row in document["edges"]}
    assert edges["capacity_backstop"] == {"type": "capacity_backstop", "edges": 3, "documented": 3}
    assert {"firm": "SOFTBANK", "factor": "spot/SOFTBANK"} in document["unmapped"]
    assert document["mechanisms"][0]["name"] == "fire_sale"


def test_a_network_file_is_known_by_its_nodes(tmp_path: Path) -> None:
    copy = tmp_path / "ours.yaml"
    text = (ROOT / "shocks" / "networks" / "telecom_vendor_financing_2000.yaml").read_text(encoding="utf-8")
    copy.write_text(text.replace("name: telecom_vendor_financing_2000", "name: ours", 1), encoding="utf-8")
    assert run("explain", copy).out.startswith("ours  Makers of telephone equipment")
    assert "network ours is valid" in run("validate", copy).out


def test_the_schema_describes_every_field() -> None:
    code, out, _ = run("schema", "network")
    assert code == 0
    assert out == (ROOT / "docs" / "schemas" / "network.json").read_text(encoding="utf-8"), "make schemas"
    definitions = json.loads(out)["$defs"]
    for name in ("NodeSpec", "EdgeSpec", "GenerationSpec", "EvidenceSpec"):
        assert all(field.get("description") for field in definitions[name]["properties"].values()), name

"""Hedge policies on the command line: listed, validated, explained, with a schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run

from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.io.resources import names

POLICIES = [name for name, _ in names("hedges")]


def test_policies_are_listed_with_title_and_horizon() -> None:
    entries = json.loads(run("list", "hedges", "--json").out)["hedges"]
    assert [entry["name"] for entry in entries] == POLICIES
    assert {"buffett", "minimal_turnover", "tail_puts", "treasury_ladder"} <= set(POLICIES)
    assert all(entry["title"].endswith("(12m)") for entry in entries)


@pytest.mark.parametrize("name", POLICIES)
def test_shipped_policies_are_valid_and_name_their_schema(name: str) -> None:
    code, out, err = run("validate", ROOT / "portfolios" / "hedges" / f"{name}.yaml")
    assert code == 0, err
    assert f"hedge policy {name} is valid: {len(load_policy(name).rules)} rules, " in out
    first = (ROOT / "portfolios" / "hedges" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../docs/schemas/hedge_policy.json"


def test_a_name_that_a_portfolio_and_a_policy_share_means_both() -> None:
    code, out, _ = run("validate", "treasury_ladder")
    assert code == 0
    assert [line.split(": ")[1].split()[0] for line in out.splitlines()] == ["portfolio", "hedge"]


@pytest.mark.parametrize("name", POLICIES)
def test_every_rule_is_explained_with_its_reason(name: str) -> None:
    code, out, err = run("explain", f"policy:{name}")
    assert code == 0, err
    shown = " ".join(out.split())
    for rule in load_policy(name).rules:
        assert f"{rule.name}: {rule.measure} {rule.amount_text()}" in shown
        assert " ".join(rule.reason.split()) in shown
    assert max(map(len, out.splitlines())) <= 80


def test_the_document_of_an_explanation() -> None:
    document = json.loads(run("explain", "tail_puts", "--json").out)
    assert document["schema"] == "stresstest/explanation/1"
    assert document["policy"] == "tail_puts"
    rules = {rule["name"]: rule for rule in document["rules"]}
    assert rules["premium"]["amount"] == 0.01
    assert rules["premium"]["sense"] == "at most"
    lines = {line["line"]: line["instruments"] for line in document["universe"]}
    assert {item["seller"] for item in lines["index_puts"]} == {"Options Clearing Corporation"}
    assert len(lines["index_puts"]) == 32


def test_a_policy_file_is_known_by_its_universe(tmp_path: Path) -> None:
    copy = tmp_path / "ours.yaml"
    text = (ROOT / "portfolios" / "hedges" / "minimal_turnover.yaml").read_text(encoding="utf-8")
    copy.write_text(text.replace("name: minimal_turnover", "name: ours", 1), encoding="utf-8")
    assert run("explain", copy).out.startswith("ours  The least trading")
    assert "hedge policy ours is valid" in run("validate", copy).out


def test_the_schema_asks_for_one_measure_a_rule() -> None:
    code, out, _ = run("schema", "hedge_policy")
    assert code == 0
    expected = (ROOT / "docs" / "schemas" / "hedge_policy.json").read_text(encoding="utf-8")
    assert out == expected, "make schemas"
    rule = json.loads(out)["$defs"]["RuleSpec"]
    assert {"required": ["max_weight"]} in rule["oneOf"]
    assert all(field.get("description") for field in rule["properties"].values())

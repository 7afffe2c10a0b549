"""`stresstest scorecard`."""

from __future__ import annotations

import json

import pytest
from tests.cli.runner import ROOT, run

GOLDEN = ROOT / "tests" / "golden" / "deepseek_day.csv"


@pytest.fixture(scope="module")
def document():
    outcome = run("scorecard", "deepseek_cost_shock", "--realised", GOLDEN, "--json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_the_document_holds_scores_and_every_name(document):
    assert document["schema"] == "stresstest/scorecard/1"
    assert document["stated"]["n_names"] + document["unstated"]["n_names"] == len(document["names"])
    assert document["left_out"]["n_names"] == document["baseline"]["n_names"] >= 40
    assert document["skill"] == pytest.approx(
        1 - document["left_out"]["mean_error"] / document["baseline"]["mean_error"]
    )
    nvda = next(item for item in document["names"] if item["name"] == "NVDA")
    assert nvda["stated"] and nvda["realised"] == pytest.approx(-0.1697)


def test_the_table_tells_stated_names_from_others():
    shown = run("scorecard", "deepseek_cost_shock", "--realised", GOLDEN, "--leave-out", "sector").out
    for words in ("named by the scenario", "all others", "each without its sector", "baseline", "Skill"):
        assert words in shown


def test_what_is_wrong_is_said_at_once(tmp_path):
    file = tmp_path / "moves.csv"
    file.write_text("issuer,return\nNVDA,-0.17\n")
    outcome = run("scorecard", "deepseek_cost_shock", "--realised", file)
    assert outcome.code == 2
    assert "moves.csv:2" in outcome.err
    assert run("scorecard", "deepseek_cost_shock").code == 2
    assert "ST326" in run("scorecard", "dotcom_replay", "--realised", GOLDEN, "--regime", "wild").err
    assert "ST461" in run("scorecard", ROOT / "shocks", "--realised", GOLDEN).err

"""`stresstest hedge`: its document, its tables, its files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.runner import ROOT, Outcome, run
from tests.hedging.small_hedges import POLICY, SCENARIOS, small_book

from stresstest.cli.hedge.spec import HedgeSpec
from stresstest.cli.terminal import compact
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.writing import write_portfolio

SHOCKS = [part for name in SCENARIOS for part in ("--shocks", name)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hedge")
    write_portfolio(path / "small.yaml", small_book())
    (path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return path


def hedged(folder: Path, *more: str) -> Outcome:
    return run("hedge", folder / "small.yaml", "--policy", folder / "policy.yaml", *SHOCKS, *more)


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    files = ["--output", str(folder / "trades.csv"), "--hedged", str(folder / "after.yaml")]
    done = hedged(folder, "--json", "--frontier", *files)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_the_document_keeps_to_its_schema(document: dict[str, Any]) -> None:
    HedgeSpec.model_validate(document)
    assert document["schema"] == "stresstest/hedge/1"
    fields = ["instrument", "quantity", "lots", "cost"]
    assert [name for name in fields if name not in document["trades"][0]] == []
    for key in ("status", "scenarios", "binding", "gap", "diagnosis"):
        assert key in document
    assert {one["name"]: one["held_out"] for one in document["scenarios"]}["soft_landing"] is True


def test_the_document_holds_every_receipt(document: dict[str, Any]) -> None:
    assert {one["name"] for one in document["challenges"]} >= {"beats_pro_rata", "stable_weights", "tradable"}
    assert {one["rule"] for one in document["frontiers"]} == {"participation", "premium", "cost_ceiling"}
    assert document["verification"]["passed"] is True
    assert document["plan"]["worst_loss"] < document["comparisons"][0]["worst_loss"]
    assert document["sellers"][0]["pnl_if_failing"]["time_bomb"] < 0.0


def test_the_files_are_the_plans(folder: Path, document: dict[str, Any]) -> None:
    trades = load_portfolio(folder / "trades.csv").positions
    rows = dict(zip(trades.ids, trades.quantity.tolist(), strict=True))
    for trade in document["trades"]:
        assert rows[trade["instrument"]] == trade["quantity"]
    done = run("run", folder / "after.yaml", *SHOCKS, "--json")
    assert done.code == 0, done.err
    stressed = {
        one["name"]: one["stressed_value"] for one in json.loads(done.out)["portfolios"][0]["scenarios"]
    }
    for one in document["scenarios"]:
        after = document["base_value"] + one["pnl_after"]
        assert stressed[one["name"]] == pytest.approx(after, abs=1e-9 * document["base_value"])


@pytest.fixture(scope="module")
def table(folder: Path) -> str:
    done = hedged(folder)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_nothing_is_wider_than_the_terminal(table: str) -> None:
    assert max(len(line) for line in table.splitlines()) <= 80


@pytest.mark.parametrize(
    "says",
    [
        "small hedged by small",
        "Optimal (gap",
        "Less of what falls in time_bomb.",
        "Gives back upside in boom_continues, so that more can be sold of what falls.",
        "Held out: not used to plan",
        "What holds it back",
        " points off the objective, at first at a rate of 0.",
        "Given up: boom_continues",
        "Where nothing moves for a year",
        "Clearing house Options Clearing Corporation: stands behind 44",
        "Effective bets:",
        "Beside simpler hedges",
        "Reasons to reject it",
        "Checked: trades file read back, book revalued in 5 scenarios",
        "valued at half of their life",
    ],
)
def test_the_table_says(table: str, says: str) -> None:
    assert says in " ".join(table.split())


@pytest.mark.usefixtures("document")
def test_the_cash_that_moves_is_that_of_the_trades_file(folder: Path, table: str) -> None:
    trades = load_portfolio(folder / "trades.csv").positions
    rows = dict(zip(trades.ids, trades.quantity.tolist(), strict=True))
    cash = rows["cash-usd"] + rows["roll-reserve"]
    assert f"cash changes by {compact(cash)}." in " ".join(table.split())


CASH = """\
version: 1
name: cash
currency: USD
positions:
  - {id: cash-usd, type: cash, currency: USD, quantity: 10_000_000}
"""
A_FLOOR = (
    "rules:\n  - {name: floor, min_weight: 4%, select: {asset_class: gold}, reason: The board wants gold.}\n"
)


def test_a_book_that_keeps_the_rules_and_gains_nothing_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "cash.yaml").write_text(CASH, encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    done = run("hedge", tmp_path / "cash.yaml", "--policy", tmp_path / "policy.yaml", *SHOCKS)
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "No trade: the book as it is keeps every rule, and no trade that they allow helps the" in text
    assert "its worst 12m loss is" in text
    trades = tmp_path / "trades.csv"
    done = run("hedge", tmp_path / "cash.yaml", "--policy", tmp_path / "policy.yaml", *SHOCKS, "-o", trades)
    assert done.code == 0
    assert f"note: {trades} is not written: there is nothing to trade" in done.err
    assert not trades.exists()


def test_a_rule_that_the_book_breaks_comes_first_and_its_cost_is_said(tmp_path: Path) -> None:
    """Cash loses nothing, so that gold can only cost: it is bought as the rule asks, and no more."""
    (tmp_path / "cash.yaml").write_text(CASH, encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY.replace("rules:\n", A_FLOOR), encoding="utf-8")
    arguments = ["hedge", tmp_path / "cash.yaml", "--policy", tmp_path / "policy.yaml", *SHOCKS]
    done = run(*arguments, "--no-challenges")
    assert done.code == 0, done.err
    text = " ".join(done.out.split())
    assert "Mends what the book breaks as it is: floor." in text
    assert "The rules come first: keeping them makes the objective worse by" in text
    found = json.loads(run(*arguments, "--no-challenges", "--json").out)
    assert [one["instrument"] for one in found["trades"]] == ["gld"]
    (floor,) = (one for one in found["rules"] if one["rule"] == "floor")
    assert floor["broken_before"] is True
    assert 0.04 <= floor["measured"] <= 0.05
    assert not any(one["broken_before"] for one in found["rules"] if one["rule"] != "floor")


def test_infeasible_ends_with_4_and_names_conflict_and_repairs(folder: Path) -> None:
    target = folder / "none.csv"
    done = hedged(folder, "--max-loss", "time_bomb=1%", "--output", str(target))
    assert (done.code, done.err) == (
        4,
        f"stresstest: note: {target} is not written: there is no plan\n",
    )
    text = " ".join(done.out.split())
    assert "rules cannot hold together; any one of them left out, the others can." in text
    assert "loss_limit_time_bomb: max_loss 1% in time_bomb" in text
    assert "% instead of 1 %" in text
    assert "The book has" in text
    assert not target.exists()
    document = json.loads(hedged(folder, "--max-loss", "time_bomb=1%", "--json").out)
    HedgeSpec.model_validate(document)
    assert document["status"] == "infeasible"
    assert document["exit_codes"] == [4]
    repairs = {one["rule"]: one["repaired"] for one in document["diagnosis"]["repairs"]}
    assert repairs["loss_limit_time_bomb"] > 0.01


RUIN = """\
version: 1
name: ruin
horizon: 12m
shocks:
  - {select: {issuer: MSFT}, factor: spot, shift: -99.9%}
"""
RUINS = """\
version: 1
name: ruins
members:
  - {scenario: ./ruin.yaml, severity: {low: 90%, mode: 100%, high: 100%}}
sample: {columns: 100, seed: 1}
"""
FREE = """\
version: 1
name: free
title: A put at a hundredth of the price, worth nothing today
horizon: 12m
universe:
  - {name: wings, type: european_option, underlying: MSFT, right: put, strikes: [1%], expiries: [6m],
     strike_step: 1, reason: Nothing to pay.}
objective:
  - {minimise: expected_shortfall, set: ruins.yaml, confidence_level: 90%, columns: 100, seed: 1}
rules:
  - {name: calm, min_participation: 0%, scenario: boom_continues, reason: The boom may go on.}
"""


def test_a_trade_without_end_ends_with_4_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its price rounds to nothing, it pays in every draw, and no rule caps it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ruin.yaml").write_text(RUIN, encoding="utf-8")
    (tmp_path / "ruins.yaml").write_text(RUINS, encoding="utf-8")
    (tmp_path / "free.yaml").write_text(FREE, encoding="utf-8")
    (tmp_path / "cash.yaml").write_text(CASH, encoding="utf-8")
    shocks = ["--shocks", tmp_path / "ruin.yaml", "--shocks", "boom_continues"]
    arguments = ["hedge", tmp_path / "cash.yaml", "--policy", tmp_path / "free.yaml", *shocks]
    done = run(*arguments)
    assert done.code == 4, done.err
    assert "UNBOUNDED: no rule limits how much msft-put-5-2026-04-17 to buy" in " ".join(done.out.split())
    found = json.loads(run(*arguments, "--json").out)
    assert (found["status"], found["trades"], found["exit_codes"]) == ("unbounded", [], [4])
    assert found["diagnosis"]["unbounded"] == {"instrument": "msft-put-5-2026-04-17", "direction": "buy"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--max-loss", "time_bom=15%"], "error[ST493] scenario 'time_bom'"),
        (["--max-loss", "haven_failure_bonds=15%"], "expected one over 12m, the horizon of policy small"),
        (["--max-loss", "time_bomb"], "no SCENARIO=PERCENT"),
        (["--max-loss", "time_bomb=0.15"], "did you mean '15%'?"),
        (["--max-loss", "time_bomb=15%", "--max-loss", "time_bomb=16%"], "stands twice"),
        (["--budget", "1"], "did you mean '1%'?"),
        (["--budget", "-1%"], "-1% is below 0%"),
        (["--output", "trades.txt"], "one of .csv, .parquet, .xlsx, .yaml, .yml, .json"),
        (["--hedged", "after.json"], "error[ST147] output format '.json'; expected one of .csv, .parquet,"),
        (["--output", "one.csv", "--hedged", "./one.csv"], "--output and --hedged are both ./one.csv"),
        (["--hedged", "no/such/folder.yaml"], "error[ST146]"),
        (["--policy", "bufet"], "did you mean 'buffett'?"),
        (["--set", "capex=1%"], "error[ST328]"),
    ],
)
def test_wrong_input_is_refused_with_its_place(folder: Path, arguments: list[str], says: str) -> None:
    done = hedged(folder, *arguments)
    assert done.code == 2
    assert done.out == ""
    assert says in done.err


def test_a_file_is_replaced_only_by_force(folder: Path) -> None:
    taken = folder / "taken.csv"
    taken.write_text("mine", encoding="utf-8")
    done = hedged(folder, "--output", str(taken))
    assert done.code == 2
    assert "error[ST145]" in done.err
    assert taken.read_text(encoding="utf-8") == "mine"


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nname: p\ncurrency: USD\npositions: 3\n", encoding="utf-8")
    (tmp_path / "h.yaml").write_text(
        POLICY.replace("min_participation", "min_partcipation"), encoding="utf-8"
    )
    done = run("hedge", tmp_path / "p.yaml", "--policy", tmp_path / "h.yaml", "--shocks", "time_bom")
    assert done.code == 2
    for part in ("p.yaml:4:", "h.yaml:", "scenario 'time_bom'"):
        assert part in done.err


def test_the_schema_is_the_shipped_one() -> None:
    done = run("schema", "hedge")
    assert done.out == (ROOT / "docs" / "schemas" / "hedge.json").read_text(encoding="utf-8")

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.cli.runner import run

BROKER = (
    "Symbol,Shares,Market Value,Description,Sector\n"
    'NVDA,"1,250",234525,Nvidia,Information Technology\n'
    "ACME,100,5000,Acme Corp,Health Care\n"
    "US78462F1030,10,6690,,\n"
    "ACME,50,2500,Acme Corp,Health Care\n"
    "ZZZ,5,,unknown,\n"
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_new_project_runs_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "project"
    code, out, _ = run("init", folder)
    assert code == 0
    assert f"next: stresstest run {folder / 'portfolio.yaml'} --shocks {folder / 'shocks'}" in out
    code, out, err = run("run", folder / "portfolio.yaml", "--shocks", folder / "shocks")
    assert code == 0, err
    assert "my_scenario" in out


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    mine = tmp_path / "portfolio.yaml"
    mine.write_text("mine", encoding="utf-8")
    code, _, err = run("init", tmp_path)
    assert code == 2
    assert "ST145" in err
    assert [path.name for path in tmp_path.iterdir()] == ["portfolio.yaml"]
    assert mine.read_text(encoding="utf-8") == "mine"
    assert run("init", tmp_path, "--force").code == 0
    assert mine.read_text(encoding="utf-8").startswith("# yaml-language-server")


def test_holdings_become_a_portfolio_and_prices_to_fill(tmp_path: Path) -> None:
    holdings, folder = tmp_path / "broker.csv", tmp_path / "mine"
    holdings.write_text(BROKER, encoding="utf-8")
    code, out, err = run("init", "--from", holdings, folder)
    assert code == 0, err
    assert "states no value of ZZZ" in out
    portfolio = rows(folder / "portfolio.csv")
    assert [row["id"] for row in portfolio] == ["nvda", "acme", "us78462f1030", "acme-2", "zzz"]
    assert [row["type"] for row in portfolio] == ["equity", "equity", "fund", "equity", "equity"]
    assert portfolio[0]["quantity"] == "1250"
    assert portfolio[0]["stated_value"] == ""
    assert (portfolio[1]["stated_value"], portfolio[1]["proxy"]) == ("5000", "XLV")
    prices = rows(folder / "prices.csv")
    assert [(row["issuer"], row["close"], row["sector"], row["proxy"]) for row in prices] == [
        ("ACME", "", "health_care", "XLV"),
        ("ZZZ", "", "", "SPY"),
    ]


def test_positions_move_with_their_proxy_until_their_price_is_filled_in(tmp_path: Path) -> None:
    holdings, folder = tmp_path / "broker.csv", tmp_path / "mine"
    holdings.write_text(BROKER.replace("ZZZ,5,,unknown,\n", ""), encoding="utf-8")
    assert run("init", "--from", holdings, folder).code == 0
    prices = folder / "prices.csv"
    arguments = (
        folder / "portfolio.csv",
        "--market",
        "2025-10-03",
        "--market",
        prices,
        "--shocks",
        "ai_capex_collapse",
    )
    code, out, err = run("run", *arguments)
    assert code == 0, err
    assert "moved through a proxy (3 % of gross value): acme, acme-2" in out
    prices.write_text(prices.read_text(encoding="utf-8").replace("ACME,,", "ACME,60,"), encoding="utf-8")
    code, out, err = run("run", *arguments, "--positions")
    assert code == 0, err
    assert "proxy" not in out
    assert "6,000" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name,Shares\nNvidia,5\n", ["ST140", "issuer"]),
        ("Symbol,Name\nNVDA,Nvidia\n", ["ST140", "quantity"]),
        ("Symbol,Shares\nNVDA,5\n,7\n", ["ST165", "broker.csv:3:"]),
    ],
    ids=["no issuer", "no quantity", "blank cell"],
)
def test_a_list_that_cannot_be_read_is_refused(text: str, words: list[str], tmp_path: Path) -> None:
    holdings = tmp_path / "broker.csv"
    holdings.write_text(text, encoding="utf-8")
    code, _, err = run("init", "--from", holdings, tmp_path / "mine")
    assert code == 2
    for word in words:
        assert word in err
    assert not (tmp_path / "mine").exists()


def test_a_date_that_is_none_is_bad_usage(tmp_path: Path) -> None:
    holdings = tmp_path / "broker.csv"
    holdings.write_text(BROKER, encoding="utf-8")
    code, _, err = run("init", "--from", holdings, tmp_path / "mine", "--as-of", "2025/06/30")
    assert code == 2
    assert "--as-of" in err

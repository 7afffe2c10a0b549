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


def converted(folder: Path, text: str) -> list[dict[str, str]]:
    holdings = folder / "broker.csv"
    holdings.write_text(text, encoding="utf-8")
    code, _, err = run("init", "--from", holdings, folder / "mine")
    assert code == 0, err
    layers = ["--market", "2025-10-03"]
    if (folder / "mine" / "prices.csv").exists():
        layers += ["--market", str(folder / "mine" / "prices.csv")]
    code, _, err = run("run", folder / "mine" / "portfolio.csv", *layers, "--shocks", "deepseek_cost_shock")
    assert code == 0, err
    return rows(folder / "mine" / "portfolio.csv")


def test_amounts_are_read_as_brokers_write_them(tmp_path: Path) -> None:
    found = converted(
        tmp_path,
        "Symbol,Qty (Quantity),Mkt Val (Market Value)\n"
        'ZZZ,"1,250.5","$1,876.20"\nYYY,(5),$100.00\nXXX,-5,($100.00)\nNVDA,1,--\n',
    )
    assert [(row["quantity"], row["stated_value"]) for row in found] == [
        ("1250.5", "1876.20"),
        ("-5", "-100.00"),
        ("-5", "-100.00"),
        ("1", ""),
    ]


def test_money_is_cash_and_no_share(tmp_path: Path) -> None:
    found = converted(tmp_path, "Symbol,Shares,Currency\nCASH,500,EUR\nUSD,100,\nNVDA,1,USD\n")
    assert [(row["type"], row["issuer"], row["currency"]) for row in found] == [
        ("cash", "", "EUR"),
        ("cash", "", "USD"),
        ("equity", "NVDA", ""),
    ]


def test_the_market_s_name_is_found_behind_a_broker_s(tmp_path: Path) -> None:
    text = "Symbol,ISIN,Shares\nBRK/B,,1\nBRK B,,1\nnvda,,1\nXYZ.O,US67066G1040,1\n"
    found = converted(tmp_path, text)
    assert [row["issuer"] for row in found] == ["BRK-B", "BRK-B", "NVDA", "US67066G1040"]
    assert not (tmp_path / "mine" / "prices.csv").exists()


def test_ids_stay_unique(tmp_path: Path) -> None:
    found = converted(tmp_path, "Symbol,Shares,Value\nZZZ,1,1\nZZZ-2,1,1\nZZZ,1,1\n")
    assert [row["id"] for row in found] == ["zzz", "zzz-2", "zzz-3"]


def test_what_no_portfolio_can_hold_is_refused_at_its_place(tmp_path: Path) -> None:
    holdings = tmp_path / "broker.csv"
    holdings.write_text(
        'Symbol,Shares,Value\nNVDA 260116P00160000,2,\n=cmd(),1,\nZZZ,"1.040,5",1\n', encoding="utf-8"
    )
    code, _, err = run("init", "--from", holdings, tmp_path / "mine")
    assert code == 2
    found = [line.removeprefix(f"{holdings}:").split(" ", 2)[:2] for line in err.splitlines()]
    assert sorted(found) == [["2:1:", "error[ST164]"], ["3:1:", "error[ST164]"], ["4:5:", "error[ST155]"]]
    assert not (tmp_path / "mine").exists()


def test_the_set_of_a_new_project_is_sampled(tmp_path: Path) -> None:
    code, out, _ = run("init", tmp_path / "project")
    assert code == 0
    assert f"--shocks {tmp_path / 'project' / 'sets' / 'my_set.yaml'}" in out
    code, out, err = run(
        "run", tmp_path / "project" / "portfolio.yaml", "--shocks", tmp_path / "project/sets/my_set.yaml"
    )
    assert code == 0, err
    assert "Sample of 2,000 draws (seed 1)" in out


def test_the_driver_of_a_new_scenario_can_be_swept(tmp_path: Path) -> None:
    assert run("init", tmp_path).code == 0
    scenario, portfolio = tmp_path / "shocks" / "my_scenario.yaml", tmp_path / "portfolio.yaml"
    code, out, err = run(
        "sweep", scenario, "--portfolio", portfolio, "--set-range", "chip_fall", "--steps", "8"
    )
    assert code == 0, err
    assert "limit worst_case (30.0 % of base) is not breached over the range: largest loss" in out

"""A run with a network, as its reader sees it: by mechanism, round by round, who loses; in JSON too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.runner import run

from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.state import State

SCENARIO = """\
version: 1
name: capex_and_funding
horizon: 12m
source: [A1, A7]
network: ai_circular_financing
shocks:
  - {select: {issuer: [MSFT, GOOGL, AMZN, META]}, factor: capex, shift: -50%}
  - {select: {issuer: OPENAI}, factor: funding, shift: -100%}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("scenario") / "ours.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


def test_the_table_by_mechanism_adds_up_to_the_total(scenario: str) -> None:
    code, out, _ = run("run", "ai_growth_fund", "--shocks", scenario, "--no-card", "--by", "mechanism")
    assert code == 0
    lines = out[out.index("P&L by mechanism") : out.index("Networks:")].splitlines()
    figures = {line.split("  ")[0]: float(line.split()[-2]) for line in lines if line.endswith("%")}
    total = figures.pop("total")
    assert figures["shocks as stated"] == 0.0
    assert figures["capitalised_revenue"] < -5.0
    assert sum(figures.values()) == pytest.approx(total, abs=0.05 * len(figures) + 0.05)


def test_rounds_build_up_to_the_loss(scenario: str) -> None:
    code, out, _ = run("run", "ai_growth_fund", "--shocks", scenario, "--no-card", "--rounds")
    assert code == 0
    table = out[out.index("round by round") : out.index("Networks:")].splitlines()
    steps = [line for line in table if "round " in line and "%" in line]
    assert len(steps) >= 4
    loss = next(line for line in out.splitlines() if line.startswith("capex_and_funding"))
    assert steps[-1].split()[-2 if steps[-1].split()[-1] == "%" else -3] in loss


def test_it_says_who_loses_who_fails_and_how_it_came_to_rest(scenario: str) -> None:
    _, out, _ = run("run", "ai_growth_fund", "--shocks", scenario, "--no-card")
    told = out[out.index("Networks:") :]
    assert "NVDA -" in told
    assert "out of money: OPENAI in month" in told
    assert "at rest" in told
    assert "lets OPENAI, CRWV_SPV fail: hypothetical" in " ".join(out.split())


def test_json_has_the_network_and_the_stages_by_position(scenario: str) -> None:
    _, out, _ = run("run", "ai_growth_fund", "--shocks", scenario, "--by", "mechanism", "--json")
    document = json.loads(out)
    (network,) = document["networks"]
    assert (network["scenario"], network["network"]) == ("capex_and_funding", "ai_circular_financing")
    assert network["converged"] is True
    failed = {firm["id"] for firm in network["firms"] if firm["failed_month"] is not None}
    assert failed == {"OPENAI"}
    (portfolio,) = document["portfolios"]
    (stages,) = portfolio["stages"]
    pnl = portfolio["scenarios"][0]["pnl"]
    assert sum(part["pnl"] for part in stages["parts"]) == pytest.approx(pnl, abs=0.005)
    by_position = {item["id"]: item["pnl"]["capex_and_funding"] for item in portfolio["positions"]}
    for position, parts in stages["positions"].items():
        assert sum(parts.values()) == pytest.approx(by_position[position], abs=0.005)


def test_it_says_how_likely_money_ends_before_it_does(tmp_path: Path) -> None:
    file = tmp_path / "quarter.yaml"
    file.write_text(SCENARIO.replace("-100%", "-75%").replace("-50%", "-1%"), encoding="utf-8")
    _, out, _ = run("run", "ai_growth_fund", "--shocks", str(file), "--no-card")
    told = re.search(r"may run out of money: OPENAI (\d+) %", out)
    assert told is not None
    assert "out of money: OPENAI in month" not in out
    firms = json.loads(run("run", "ai_growth_fund", "--shocks", str(file), "--json")[1])["networks"][0][
        "firms"
    ]
    (lab,) = [firm for firm in firms if firm["id"] == "OPENAI"]
    assert 100.0 * lab["doubt"] == pytest.approx(float(told.group(1)), abs=0.5)


def test_without_a_network_there_is_nothing_to_say() -> None:
    _, out, _ = run("run", "ai_growth_fund", "--shocks", "deepseek_cost_shock", "--json")
    assert json.loads(out)["networks"] == []


def test_a_mistyped_setting_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    use = "network: {name: ai_circular_financing, mechanisms: [clearin]}"
    text = SCENARIO.replace("network: ai_circular_financing", use)
    file.write_text(text, encoding="utf-8")
    code, _, err = run("run", "ai_growth_fund", "--shocks", str(file))
    assert code == 2
    assert "wrong.yaml:5:" in err
    assert "clearing" in err


def test_what_the_network_takes_from_a_stated_price_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    stated = SCENARIO + "  - {select: {issuer: NVDA}, factor: spot, shift: -10%}\n"
    for text, marked in ((stated, True), (SCENARIO, False)):
        file.write_text(text, encoding="utf-8")
        _, out, _ = run("run", "ai_growth_fund", "--shocks", str(file), "--no-card")
        assert ("%*" in out) is marked
        assert ("* worth in the network; the price stays where a line states it: NVDA" in out) is marked
        _, out, _ = run("run", "ai_growth_fund", "--shocks", str(file), "--json")
        firms = json.loads(out)["networks"][0]["firms"]
        assert [firm["id"] for firm in firms if firm["price_stated"]] == (["NVDA"] if marked else [])


def test_a_network_without_rest_fails_its_scenario_for_books_without_its_firms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turns(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
        del surroundings, settings
        return replace(state, purchases_cut=1.0 - state.purchases_cut)

    known = {"turns": Mechanism("turns", "", Timescale.INSTANT, (), turns, "none")}
    monkeypatch.setattr("stresstest.scenarios.network_reading.all_mechanisms", lambda: known)
    scenario, book = tmp_path / "ours.yaml", tmp_path / "book.yaml"
    scenario.write_text(
        "version: 1\nname: ours\nhorizon: 12m\nnetwork: ai_circular_financing\nshocks:\n"
        "  - {select: {issuer: MSFT}, factor: capex, shift: -50%}\n",
        encoding="utf-8",
    )
    book.write_text(
        "version: 1\nname: book\ncurrency: USD\n"
        "positions:\n  - {id: ko, type: equity, issuer: KO, quantity: 1}\n",
        encoding="utf-8",
    )
    code, out, _ = run("run", str(book), "--shocks", str(scenario), "--no-card")
    assert code == 3
    assert "does not come to rest without any shock" in " ".join(out.split())
    code, out, _ = run("run", str(book), "--shocks", str(scenario), "--json")
    assert (code, json.loads(out)["networks"][0]["converged"]) == (3, False)


def test_what_happened_stands_beside_what_the_network_of_2000_gives() -> None:
    """Losses beyond the direct shock, near the documented end, and no position of today feels them."""
    both = ("run", "ai_growth_fund", "--shocks", "dotcom_replay", "--shocks", "dotcom_replay_vendors")
    _, out, _ = run(*both, "--no-card")
    assert re.search(r"LU: -49 % as stated, -9[4-8] % with the network, -99 % in fact", out)
    assert re.search(r"CSCO: -49 % as stated, -8\d % with the network, -88 % in fact", out)
    document = json.loads(run(*both, "--json")[1])
    alone, beside = document["portfolios"][0]["scenarios"]
    assert alone["pnl"] == beside["pnl"]
    (network,) = document["networks"]
    firms = {firm["id"]: firm for firm in network["firms"]}
    assert set(network["unpriced"]) == {"LU", "NT", "CSCO", "WCII", "GX"}
    for vendor, happened in (("LU", -0.99), ("NT", -0.99), ("CSCO", -0.88)):
        assert firms[vendor]["direct_change"] == pytest.approx(-0.491)
        assert firms[vendor]["outcome"] == happened
        assert firms[vendor]["equity_change"] == pytest.approx(happened, abs=0.08)

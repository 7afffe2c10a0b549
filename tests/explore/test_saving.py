"""A view as a file and as a command line gives the numbers of the page."""

from __future__ import annotations

import shlex

import pytest
from tests.browser.explore.command_line import document, pnl
from tests.explore.conftest import SCENARIOS

import stresstest as st
from stresstest.explore.saving import Sources, command_line, is_shipped, report_options

OWN = """version: 1
name: own
title: "A fall: of one name"
source: [A1]
horizon: 3m
drivers:
  fall: {value: 20%, range: [5%, 60%], description: how far}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: fall, slope: -1%}}
"""
SETS = "version: 1\nname: pair\nmembers:\n  - {scenario: ai_capex_collapse, severity: 60%}\n"


def asked(scenario, severity="100%", **drivers):
    return {
        "portfolios": ["ai_growth_fund"],
        "scenario": scenario,
        "severity": severity,
        "settings": {scenario: drivers} if drivers else {},
    }


def number(desk, view):
    return desk.move(view)["portfolios"][0]["pnl"]


@pytest.mark.parametrize(
    ("name", "severity", "drivers"),
    [
        ("ai_capex_collapse", "100%", {}),
        ("ai_capex_collapse", "62.5%", {"capex_cut": "33.3%"}),
        ("ai_capex_collapse_network", "120%", {"capex_cut": "12%"}),
        ("slow_grind", "50%", {}),
    ],
)
def test_file_and_command_line_give_the_number(desk, tmp_path, name, severity, drivers):
    view = desk.view(asked(name, severity, **drivers))
    saved = desk.scenario_file(view)
    target = tmp_path / saved.name
    target.write_text(saved.text, encoding="utf-8")
    assert pnl(document("ai_growth_fund", "--shocks", target), f"{name}_saved") == number(desk, view)
    words = shlex.split(desk.move(view)["command"])
    assert pnl(document(*words[2:]), name) == number(desk, view)


def opened(tmp_path, text, name):
    from stresstest.explore.desk import Desk
    from stresstest.explore.live import LiveBook

    target = tmp_path / f"{name} file.yaml"
    target.write_text(text, encoding="utf-8")
    scenarios = st.load_scenarios(target)
    portfolio = st.load_portfolio("ai_growth_fund")
    live = LiveBook.of([portfolio], scenarios, st.load_market("2025-10-03"))
    return Desk(live, Sources({"ai_growth_fund": "ai_growth_fund"}, (str(target),), ("2025-10-03",)))


def test_an_own_scenario_is_named_by_its_file(tmp_path):
    desk = opened(tmp_path, OWN, "own")
    view = desk.view(asked("own", "80%", fall="35%"))
    saved = desk.scenario_file(view)
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / saved.name
    target.write_text(saved.text, encoding="utf-8")
    assert pnl(document("ai_growth_fund", "--shocks", target), "own_saved") == number(desk, view)
    words = shlex.split(desk.move(view)["command"])
    assert words[-4:] == ["--severity", "80%", "--set", "own.fall=35%"]
    assert pnl(document(*words[2:]), "own") == number(desk, view)


def test_a_member_of_a_set_keeps_the_severity_of_its_set(tmp_path):
    desk = opened(tmp_path, SETS, "pair")
    view = desk.view(asked("ai_capex_collapse", "50%"))
    saved = desk.scenario_file(view)
    target = tmp_path / saved.name
    target.write_text(saved.text, encoding="utf-8")
    found = document("ai_growth_fund", "--shocks", target)
    assert pnl(found, "ai_capex_collapse_saved") == pytest.approx(number(desk, view), rel=1e-12)
    words = shlex.split(desk.move(view)["command"])
    assert pnl(document(*words[2:]), "ai_capex_collapse") == number(desk, view)


def test_a_report_is_of_all_scenarios_of_the_page_as_they_are_moved(desk):
    settings = {"slow_grind": {}, "ai_capex_collapse": {"capex_cut": "9%"}}
    view = desk.view({"scenario": "slow_grind", "severity": "90%", "settings": settings})
    words = [word for name in SCENARIOS for word in ("--shocks", name)]
    expected = (*words, "--severity", "90%", "--set", "ai_capex_collapse.capex_cut=9%")
    assert report_options(view, desk.sources) == expected


def test_the_library_is_known_by_its_file(tmp_path):
    assert all(map(is_shipped, st.load_scenarios("slow_grind")))
    target = tmp_path / "slow_grind.yaml"
    target.write_text(OWN.replace("name: own", "name: slow_grind"), encoding="utf-8")
    (copied,) = st.load_scenarios(target)
    assert not is_shipped(copied)


def test_words_with_spaces_are_quoted(desk):
    view = desk.view(asked("slow_grind"))
    sources = Sources({"ai_growth_fund": "my book.yaml"}, (), ("my prices.csv",))
    line = command_line(view, sources, desk.live.scenarios["slow_grind"], True)
    words = ["my book.yaml", "--shocks", "slow_grind", "--market", "my prices.csv"]
    assert shlex.split(line) == ["stresstest", "run", *words]

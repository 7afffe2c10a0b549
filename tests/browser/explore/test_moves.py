"""What is moved on the page gives the numbers that `stresstest run` gives, to the last bit."""

from __future__ import annotations

import json

import pytest
from tests.browser.explore.command_line import document, pnl
from tests.cli.runner import run

PORTFOLIOS = ("ai_growth_fund", "balanced_60_40")


@pytest.mark.parametrize("scenario", ["ai_capex_collapse", "ai_capex_collapse_network"])
def test_a_moved_driver_gives_what_set_prints(watched, scenario):
    watched.open(f"#scenario={scenario}")
    before = watched.pnl()
    watched.move("driver-capex_cut", "65")
    words = *PORTFOLIOS, "--shocks", scenario, "--set", f"{scenario}.capex_cut=65%"
    found = document(*words)
    assert before == pnl(document(*PORTFOLIOS, "--shocks", scenario), scenario)
    assert watched.pnl() == pnl(found, scenario) != before
    assert watched.pnl("balanced_60_40") == pnl(found, scenario, "balanced_60_40")
    printed = run("run", *words).out
    shown = watched.text('#headline-portfolios [data-portfolio="ai_growth_fund"] data.pnl')
    assert shown.removesuffix(" USD") in printed


def test_severity_gives_what_the_option_prints(watched):
    watched.open("#scenario=slow_grind")
    watched.move("severity", "63")
    found = document(*PORTFOLIOS, "--shocks", "slow_grind", "--severity", "63%")
    assert watched.pnl() == pnl(found, "slow_grind")


def test_the_command_line_that_the_page_shows_prints_its_number(watched):
    page = watched.open("#scenario=ai_capex_collapse_network&portfolio=ai_growth_fund")
    watched.move("severity", "80")
    watched.move("driver-capex_cut", "33")
    words = page.locator("#command-line code").inner_text().split()
    assert words[:2] == ["stresstest", "run"]
    assert watched.pnl() == pnl(document(*words[2:]), "ai_capex_collapse_network")


def test_every_line_of_the_table_is_a_scenario_of_the_run(watched):
    page = watched.open("#portfolio=balanced_60_40")
    watched.move("severity", "120")
    found = document("balanced_60_40", "--severity", "120%", *shocks(page))
    for line in page.locator("#scenarios tbody tr").all():
        name = line.get_attribute("data-scenario")
        shown = float(line.locator("data").first.get_attribute("value"))
        assert shown == pnl(found, name, "balanced_60_40")


def shocks(page):
    names = [line.get_attribute("data-scenario") for line in page.locator("#scenarios tbody tr").all()]
    return [word for name in names for word in ("--shocks", name)]


def test_the_parts_of_the_waterfall_add_up_to_the_number(watched):
    page = watched.open("#scenario=ai_capex_collapse_network")
    parts = [float(one.get_attribute("value")) for one in page.locator("#waterfall data").all()]
    assert len(parts) > 3
    assert sum(parts[:-1]) == pytest.approx(watched.pnl(), rel=1e-12)
    assert parts[-1] == pytest.approx(watched.pnl(), rel=1e-12)


def test_positions_are_those_of_the_run_and_open_factor_by_factor(watched):
    page = watched.open("#portfolio=ai_growth_fund&scenario=ai_capex_collapse")
    whole = document("ai_growth_fund", "--shocks", "ai_capex_collapse")["portfolios"][0]["positions"]
    expected = {one["id"]: one["pnl"]["ai_capex_collapse"] for one in whole}
    lines = page.locator("#positions tbody tr[data-position]").all()
    shown = {one.get_attribute("data-position"): one.locator("data").first for one in lines}
    assert {name: float(cell.get_attribute("value")) for name, cell in shown.items()} == expected
    page.locator("tr[data-position='nvda-put-jan26'] th button").click()
    page.wait_for_selector("tr.drill-row")
    parts = [float(one.get_attribute("value")) for one in page.locator("tr.drill-row data").all()]
    assert page.locator("tr.drill-row", has_text="spot/NVDA").count() == 1
    assert sum(parts[:-1]) == pytest.approx(parts[-1], rel=1e-9)
    assert parts[-1] == pytest.approx(expected["nvda-put-jan26"], rel=1e-12)
    page.locator("tr[data-position='nvda-put-jan26'] th button").click()
    page.wait_for_selector("tr.drill-row", state="detached")


def test_a_position_is_found_by_a_part_of_its_name(watched):
    page = watched.open("#portfolio=ai_growth_fund")
    page.locator("#find").fill("put")
    watched.settle()
    names = [line.get_attribute("data-position") for line in page.locator("#positions tbody tr").all()]
    assert len(names) == 3
    assert all("put" in name for name in names)
    page.locator("#find").fill("no such name")
    watched.settle()
    assert "No position of ai_growth_fund" in watched.text("#positions")


def test_a_heat_map_by_another_attribute_adds_up_to_each_scenario(watched):
    page = watched.open("#portfolio=ai_growth_fund")
    page.locator("#by").select_option("sector")
    watched.settle()
    heads = page.locator("#heat thead th").all_inner_texts()
    assert heads[0] == "sector"
    assert set(heads[1:]) == {"ai_capex_collapse", "ai_capex_collapse_network", "slow_grind"}
    rows = [row.locator("td").all_inner_texts() for row in page.locator("#heat tbody tr").all()]
    total = sum(float(cells[heads.index("ai_capex_collapse") - 1] or 0) for cells in rows)
    percent = page.locator("tr[data-scenario='ai_capex_collapse'] data").nth(1)
    assert total == pytest.approx(float(percent.get_attribute("value")), abs=0.05 * len(rows))


def test_a_changed_quantity_and_a_new_position_give_what_the_saved_portfolio_gives(watched, tmp_path):
    page = watched.open("#portfolio=ai_growth_fund&scenario=ai_capex_collapse_network")
    before = watched.pnl()
    page.locator("#quantity-nvda").fill("100000")
    page.locator("#quantity-nvda").press("Tab")
    watched.settle()
    less = watched.pnl()
    assert less > before
    page.locator("#add-text").fill("- {id: short-crwv, type: equity, issuer: CRWV, quantity: -5000}")
    page.get_by_role("button", name="Apply").click()
    watched.page.wait_for_selector("tr[data-position='short-crwv']")
    watched.settle()
    assert watched.pnl() > less
    with page.expect_download() as saved:
        page.locator("#save-portfolio").click()
    target = tmp_path / saved.value.suggested_filename
    saved.value.save_as(target)
    found = document(target, "--shocks", "ai_capex_collapse_network")
    assert watched.pnl() == pnl(found, "ai_capex_collapse_network")
    for button in ("Undo nvda", "Undo added positions"):
        page.get_by_role("button", name=button).click()
    watched.settle()
    assert watched.pnl() == before


def test_a_wrong_trade_is_told_where_it_is_written_and_changes_nothing(watched):
    page = watched.open("#portfolio=ai_growth_fund")
    before = watched.pnl()
    page.locator("#add-text").fill("- {id: x, type: equty, issuer: NVDA, quantity: 5}\n- {id: y, type: bund}")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_selector("#add-problems li")
    told = watched.text("#add-problems")
    assert "trade:1:17: error[ST350]" in told
    assert "trade:2:17: error[ST350]" in told
    page.locator("#add-text").fill("- {id: x, type: equity, issuer: NVDIA, quantity: 5}")
    page.get_by_role("button", name="Apply").click()
    page.locator("#add-problems li", has_text="did you mean 'NVDA'").wait_for()
    watched.settle()
    assert watched.pnl() == before


def test_an_impossible_move_leaves_the_numbers_before_it_and_says_why(watched):
    page = watched.open("#scenario=ai_capex_collapse")
    before = watched.pnl()
    page.locator("#severity-number").fill("-5")
    page.locator("#severity-number").press("Enter")
    page.wait_for_selector("#problems li")
    assert "0%" in watched.text("#problems")
    assert page.locator("body.old").count() == 1
    assert watched.pnl() == before
    page.get_by_role("button", name="As written").click()
    watched.settle()
    assert page.locator("#problems").is_hidden()
    assert page.locator("body.old").count() == 0


def test_the_network_shows_the_losses_that_the_run_tells(watched):
    page = watched.open("#scenario=ai_capex_collapse_network&portfolio=ai_growth_fund")
    found = document("ai_growth_fund", "--shocks", "ai_capex_collapse_network")["networks"]
    firms = json.dumps(found)
    assert page.locator("#network svg circle").count() > 10
    first = page.locator("#firms tbody tr").first
    assert first.locator("th").inner_text() in firms
    page.locator("#scenario").select_option("ai_capex_collapse")
    watched.settle()
    assert page.locator("#section-network").is_hidden()

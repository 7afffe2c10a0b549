"""What the page saves: scenario, portfolio and report, and the hedge that it asks for."""

from __future__ import annotations

import re

import pytest
from tests.browser.explore.command_line import document, pnl
from tests.cli.runner import run


def saved(page, button, folder):
    with page.expect_download(timeout=120_000) as download:
        page.locator(button).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def base_value(watched):
    return float(watched.text("#headline-portfolios .aside").split()[1].replace(",", ""))


@pytest.mark.parametrize(
    ("scenario", "driver"),
    [("ai_capex_collapse", "capex_cut"), ("ai_capex_collapse_network", "capex_cut"), ("slow_grind", None)],
)
def test_a_saved_scenario_runs_to_the_same_number(watched, tmp_path, scenario, driver):
    page = watched.open(f"#scenario={scenario}&portfolio=ai_growth_fund")
    watched.move("severity", "85")
    if driver:
        watched.move(f"driver-{driver}", "62")
    target = saved(page, "#save-scenario", tmp_path)
    assert target.name == f"{scenario}_saved.yaml"
    found = document("ai_growth_fund", "--shocks", target)
    assert watched.pnl() == pnl(found, f"{scenario}_saved")


def test_the_report_is_the_file_that_the_command_writes(watched, tmp_path):
    page = watched.open("#scenario=ai_capex_collapse&portfolio=ai_growth_fund")
    watched.move("severity", "90")
    watched.move("driver-capex_cut", "40")
    target = saved(page, "#save-report", tmp_path)
    expected = tmp_path / "expected.html"
    shocks = ("ai_capex_collapse", "ai_capex_collapse_network", "slow_grind")
    words = [word for name in shocks for word in ("--shocks", name)]
    moved = "--severity", "90%", "--set", "ai_capex_collapse.capex_cut=40%"
    assert run("report", "ai_growth_fund", *words, *moved, "-o", expected).code == 0
    assert target.read_bytes() == expected.read_bytes()
    assert "Saved ai_growth_fund_report.html" in watched.text("#saved")


def test_the_report_of_a_traded_book_holds_its_trades_and_no_place_of_this_machine(watched, tmp_path):
    page = watched.open("#scenario=ai_capex_collapse&portfolio=ai_growth_fund")
    page.locator("#add-text").fill("- {id: crwv-what-if, type: equity, issuer: CRWV, quantity: -68000}")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_selector("tr[data-position='crwv-what-if']")
    watched.settle()
    text = saved(page, "#save-report", tmp_path).read_text(encoding="utf-8")
    assert "crwv-what-if" in text
    assert "stresstest-explore-" not in text


def test_a_hedge_is_asked_for_and_its_trades_put_into_the_book(watched):
    page = watched.open("#portfolio=ai_growth_fund&scenario=ai_capex_collapse")
    page.locator("#policy").select_option("tail_puts")
    page.locator("#hedge-ask").click()
    page.locator("#hedge-progress", has_text="Done in").wait_for(timeout=240_000)
    line = page.locator("#hedge tbody tr", has=page.locator("th", has_text="ai_capex_collapse_saved"))
    base, gain = base_value(watched), watched.pnl()
    before, after = (float(one.get_attribute("value")) for one in line.locator("data").all())
    assert before == pytest.approx(gain, rel=1e-12)
    page.locator("#hedge-apply").click()
    watched.settle()
    assert watched.pnl() > before
    # The plan counts what trades cost as lost; the hedged book begins without that money.
    assert base_value(watched) + watched.pnl() == pytest.approx(base + after, abs=1.5)
    assert "stale" in page.locator("#hedge").get_attribute("class")


def test_a_hedge_can_be_given_up(watched):
    page = watched.open("#portfolio=ai_growth_fund&scenario=slow_grind")
    page.locator("#hedge-ask").click()
    page.locator("#hedge-cancel").click()
    page.locator("#hedge-progress", has_text=re.compile("Cancelled after")).wait_for()
    assert page.locator("#hedge-cancel").is_hidden()
    assert page.locator("#hedge-ask").is_enabled()


def test_a_hedge_is_asked_for_again_where_something_moves(watched):
    page = watched.open("#portfolio=ai_growth_fund&scenario=ai_capex_collapse")
    page.locator("#hedge-live").check()
    page.locator("#hedge-cancel").click()
    page.locator("#hedge-progress", has_text="Cancelled").wait_for()
    watched.move("severity", "50")
    page.locator("#hedge-progress", has_text="step 1 of 2").wait_for()
    page.locator("#hedge-live").uncheck()
    page.locator("#hedge-cancel").click()
    page.locator("#hedge-progress", has_text="Cancelled").wait_for()

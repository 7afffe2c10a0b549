"""The file that `docs/explore.md` shows is the one that the page saves, and gives the page's number."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.explore.command_line import document, pnl
from tests.end_to_end.pages import page_text, shown_files

import stresstest as st
from stresstest.cli.app import VERBS
from stresstest.explore.desk import Desk
from stresstest.explore.live import LiveBook
from stresstest.explore.saving import Sources

PAGE = page_text("explore.md")


def test_the_saved_scenario_is_as_shown_and_runs_to_the_same_number(tmp_path: Path) -> None:
    portfolio, scenarios = st.load_portfolio("ai_growth_fund"), st.load_scenarios("ai_capex_collapse")
    live = LiveBook.of([portfolio], scenarios, st.load_market("2025-10-03"))
    desk = Desk(live, Sources({"ai_growth_fund": "ai_growth_fund"}))
    view = desk.view({"severity": "85%", "settings": {"ai_capex_collapse": {"capex_cut": "62%"}}})
    saved = desk.scenario_file(view)
    (shown,) = shown_files(PAGE)
    assert saved.text == shown
    target = tmp_path / saved.name
    target.write_text(shown, encoding="utf-8")
    found = document("ai_growth_fund", "--shocks", target)
    assert pnl(found, "ai_capex_collapse_saved") == desk.move(view)["portfolios"][0]["pnl"]


@pytest.mark.parametrize("library", ["Panel", "Dash", "Streamlit", "marimo", "NiceGUI", "Starlette"])
def test_every_library_that_was_weighed_is_compared(library: str) -> None:
    assert f"| **{library}** " in PAGE


def test_the_verb_is_known() -> None:
    assert "explore" in VERBS

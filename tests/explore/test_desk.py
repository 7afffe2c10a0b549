"""Answers of the desk: every part of a page, and what makes files of it."""

from __future__ import annotations

import json

import pytest
from tests.explore.conftest import SCENARIOS

import stresstest as st
from stresstest.errors import InputError
from stresstest.explore.desk import Desk
from stresstest.explore.freshness import OpenedFiles
from stresstest.explore.saving import Sources

ADDED = "- {id: short-crwv, type: equity, issuer: CRWV, quantity: -5000}"


def whole(detail):
    return detail.shown | detail.rest()


def test_every_answer_is_json(desk):
    for name in SCENARIOS:
        view = desk.view({"scenario": name, "by": "sector"})
        answers = [
            desk.move(view),
            desk.scenario(view, name),
            whole(desk.detail(view)),
            desk.position(view, "nvda"),
        ]
        assert json.loads(json.dumps(answers)) == answers


def test_detail_splits_by_mechanism_or_by_factors(desk):
    detail = whole(desk.detail(desk.view({"scenario": "ai_capex_collapse_network"})))
    assert detail["by"] == "mechanism"
    assert detail["network"]["name"] == "ai_circular_financing"
    detail = whole(desk.detail(desk.view({"scenario": "ai_capex_collapse"})))
    assert detail["by"] == "group of factors"
    assert detail["network"] is None
    assert len(detail["waterfall"]) > 3


def test_a_line_of_another_scenario_moves_by_its_own_settings(desk):
    settings = {"ai_capex_collapse": {"capex_cut": "65%"}}
    view = desk.view({"scenario": "slow_grind", "settings": settings})
    moved = desk.scenario(view, "ai_capex_collapse")["portfolios"][0]["pnl"]
    own = desk.move(desk.view({"scenario": "ai_capex_collapse", "settings": settings}))
    assert moved == own["portfolios"][0]["pnl"]


def test_an_attribute_that_no_position_knows_falls_back_to_issuers(desk):
    view = desk.view({"scenario": "slow_grind", "by": "no_such"})
    assert desk.scenario(view, "slow_grind")["groups"]["by"] == "issuer"


@pytest.mark.parametrize(
    ("settings", "suggestion"), [({"capex_cutt": "5%"}, "capex_cut"), ({"capex_cut": "500%"}, "")]
)
def test_impossible_drivers_are_told(desk, settings, suggestion):
    view = desk.view({"scenario": "ai_capex_collapse", "settings": {"ai_capex_collapse": settings}})
    with pytest.raises(InputError) as caught:
        desk.move(view)
    assert caught.value.problems[0].suggestion == suggestion


def test_trades_have_no_command_line_and_are_in_the_saved_portfolio(desk, tmp_path):
    view = desk.view({"trades": {"ai_growth_fund": {"quantities": {"nvda": 5}, "added": ADDED}}})
    assert desk.move(view)["command"] == ""
    saved = desk.portfolio_file(view)
    target = tmp_path / saved.name
    target.write_text(saved.text, encoding="utf-8")
    positions = st.load_portfolio(target).positions
    assert positions.ids[-1] == "short-crwv"
    assert positions.quantity[positions.ids.index("nvda")] == 5.0
    other = desk.view(
        {"portfolios": ["balanced_60_40"], "trades": {"ai_growth_fund": {"quantities": {"nvda": 5}}}}
    )
    assert desk.move(other)["command"].startswith("stresstest run balanced_60_40")


def test_a_report_is_asked_of_the_sources_and_of_what_was_traded(desk):
    view = desk.view({"trades": {"ai_growth_fund": {"added": ADDED}}})
    question = desk.report_question(view)
    assert question.name == "ai_growth_fund_report.html"
    assert dict(question.portfolios) == desk.sources.portfolios
    assert list(question.traded) == ["ai_growth_fund"]
    assert "short-crwv" in question.traded["ai_growth_fund"]


def test_a_hedge_is_asked_of_the_book_as_it_stands(desk):
    view = desk.view({"shown": "balanced_60_40", "severity": "50%"})
    question = desk.hedge_question(view, "buffett")
    assert "name: balanced_60_40" in question.portfolio
    assert "severity: 50%" in question.scenario
    assert question.opened.name == "balanced_60_40"
    with pytest.raises(InputError) as caught:
        desk.hedge_question(view, "buffet")
    assert caught.value.problems[0].suggestion == "buffett"


def test_files_are_made_only_of_what_was_opened(live, tmp_path):
    target = tmp_path / "book.yaml"
    target.write_text("before")
    names = {"ai_growth_fund": str(target), "balanced_60_40": "balanced_60_40"}
    desk = Desk(live, Sources(names, (), (), OpenedFiles([target])))
    view = desk.view({})
    desk.scenario_file(view)
    target.write_text("something else")
    for ask in (desk.scenario_file, desk.report_question, lambda one: desk.hedge_question(one, "buffett")):
        with pytest.raises(InputError) as caught:
            ask(view)
        assert caught.value.problems[0].code == "ST416"
    assert desk.move(view)["portfolios"]


def test_what_ends_between_steps_ends_the_detail(desk):
    class EndedError(Exception):
        pass

    def end():
        raise EndedError

    with pytest.raises(EndedError):
        desk.detail(desk.view({"severity": "12.5%"}), end)
    with pytest.raises(EndedError):
        desk.scenario(desk.view({"severity": "12.75%"}), "slow_grind", end)


def test_templates_are_told_with_their_type(desk):
    assert desk.template("equity")["type"] == "equity"
    assert "type: equity" in desk.template("equity")["text"]
    assert desk.template("no_such_type")["text"] == ""


def test_an_unknown_scenario_is_told(desk):
    with pytest.raises(InputError):
        desk.scenario(desk.view({}), "no_such")

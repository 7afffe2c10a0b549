from __future__ import annotations

from dataclasses import replace

from tests.report.samples import book, market, scenarios, stress, view

import stresstest as st
from stresstest.api.reporting import material_of, report_view_of
from stresstest.report.building.books import brief_view
from stresstest.scenarios.scenario import ScenarioSet


def test_the_title_is_that_of_the_portfolios_unless_one_is_given() -> None:
    assert view().title == "The small report"
    assert brief_view(material_of(stress(), cards=False)).title == ""
    two = st.stress([book(), book("other", title="")], scenarios("rise"), market())
    assert report_view_of(two).title == "A small book, other"


def test_totals_alone_say_that_positions_are_missing() -> None:
    kept = st.stress(book(), scenarios("fall", "slide"), market(), resources=st.Resources(memory=1))
    (found,) = report_view_of(kept).books
    assert found.heat is None
    assert (found.waterfalls, found.shares, found.concentration, found.exits) == ((), (), None, None)
    assert found.losses.lines[0].pnl == view().books[0].losses.lines[0].pnl
    assert any("totals only" in text for text in found.missing)


def test_a_brief_view_has_losses_and_limits_but_no_revaluation() -> None:
    material = material_of(stress(), cards=False)
    found = brief_view(replace(material, banded=False))
    (brief,), (whole,) = found.books, view().books
    assert [line.pnl for line in brief.losses.lines] == [line.pnl for line in whole.losses.lines]
    assert brief.limits == whole.limits
    assert brief.severity is None
    assert "staged" not in vars(material)


def test_no_scenario_is_no_error() -> None:
    found = report_view_of(st.stress(book(), ScenarioSet(()), market()))
    assert found.books[0].losses.lines == ()
    assert found.books[0].losses.worst is None


def test_a_portfolio_worth_nothing_is_no_error() -> None:
    cash = {"id": "cash", "type": "cash", "currency": "USD", "quantity": 0}
    nothing = st.build_portfolio({"version": 1, "name": "nothing", "currency": "USD", "positions": [cash]})
    (found,) = report_view_of(st.stress(nothing, scenarios("fall"), market())).books
    assert (found.base_value, found.gross_value) == (0.0, 0.0)
    assert found.losses.lines[0].percent is None


def test_a_severity_scales_the_whole_report() -> None:
    half = report_view_of(st.stress(book(), scenarios("fall"), market(), severity=0.5))
    assert half.severity == 0.5
    line = view().books[0].losses.line("fall")
    assert line is not None
    assert half.books[0].losses.lines[0].percent == line.milder


def test_the_draws_of_a_sampled_set_have_their_tail() -> None:
    found = st.stress(book(), scenarios("fall"), market())
    sampled = replace(found, sampled=st.stress(book(), scenarios(), market()).result)
    facts = dict(report_view_of(sampled).books[0].further)
    assert any(name.startswith("Expected shortfall of the draws at 95 %") for name in facts)

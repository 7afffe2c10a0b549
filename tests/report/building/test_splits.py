from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.samples import book, market, scenarios, stress, view

import stresstest as st
from stresstest.api.reporting import material_of
from stresstest.report.building.splits import MOST_POSITIONS, OTHERS, ROWS, heat_map, shares, waterfalls

(HELD,) = stress().result.portfolios
(BOOK,) = view().books


def test_every_column_of_the_heat_map_adds_up_to_its_scenario() -> None:
    assert BOOK.heat is not None
    for column, name in enumerate(BOOK.heat.columns):
        line = BOOK.losses.line(name)
        assert line is not None
        assert sum(row[column] or 0.0 for row in BOOK.heat.percent) == pytest.approx(line.percent, rel=1e-12)


def test_the_rows_that_lose_most_in_all_come_first() -> None:
    assert BOOK.heat is not None
    sums = [sum(cell or 0.0 for cell in row) for row in BOOK.heat.percent]
    assert sums == sorted(sums)


def wide(count: int) -> st.Stress:
    """Return shares of two issuers in many positions, of which the last is the largest."""
    positions = [
        {"id": f"p{number}", "type": "equity", "issuer": ("NVDA", "AMD")[number % 2], "quantity": 10 + number}
        for number in range(count)
    ]
    found = st.build_portfolio({"version": 1, "name": "wide", "currency": "USD", "positions": positions})
    return st.stress(found, scenarios("fall", "rise"), market())


def test_more_rows_than_a_page_shows_are_added_up_in_the_last() -> None:
    result = wide(MOST_POSITIONS)
    found = heat_map(material_of(result, cards=False), result.result.portfolios[0])
    assert found is not None
    assert (found.by, len(found.rows)) == ("position", ROWS + 1)
    assert found.rows[-1] == f"{OTHERS} ({MOST_POSITIONS - ROWS})"
    worst = [row[found.columns.index("fall")] or 0.0 for row in found.percent]
    percent = 100.0 * result.to_numpy()[0, 0] / result.result.portfolios[0].base_value
    assert sum(worst) == pytest.approx(percent, rel=1e-12)


def test_many_positions_are_shown_by_issuer() -> None:
    result = wide(MOST_POSITIONS + 1)
    found = heat_map(material_of(result, cards=False), result.result.portfolios[0])
    assert found is not None
    assert (found.by, set(found.rows)) == ("issuer", {"NVDA", "AMD"})


def test_steps_of_a_waterfall_add_up_to_the_scenario() -> None:
    assert [fall.scenario for fall in BOOK.waterfalls] == ["fall", "stop"]
    for fall in BOOK.waterfalls:
        assert sum(step.pnl for step in fall.steps) == pytest.approx(fall.pnl, abs=1e-6)
        assert sum(step.percent or 0.0 for step in fall.steps) == pytest.approx(fall.percent, abs=1e-9)


def test_a_network_splits_a_loss_by_mechanism_and_stated_shocks_by_factors() -> None:
    fall, stop = BOOK.waterfalls
    assert (fall.by, stop.by) == ("factor group", "mechanism")
    assert fall.through_network == 0.0
    stated = next(step for step in stop.steps if step.name == "shocks as stated")
    assert stated.pnl == pytest.approx(-0.01 * 66.3 * 800 - 0.01 * 0.02 * 10_000 * 1.1, abs=1.0)
    assert stop.through_network == pytest.approx((stop.percent or 0.0) - (stated.percent or 0.0))


def test_a_scenario_that_is_chosen_is_looked_into() -> None:
    chosen = replace(material_of(stress(), cards=False), chosen="slide")
    assert [fall.scenario for fall in waterfalls(chosen, HELD, 0)] == ["slide"]
    assert {share.scenario for share in shares(chosen, HELD)} == {"slide"}


def test_contributions_add_up_to_the_worst_loss() -> None:
    assert [share.by for share in BOOK.shares] == ["theme", "sector", "issuer", "factor_group"]
    for share in BOOK.shares:
        assert share.scenario == "fall"
        assert sum(line.pnl for line in share.lines) == pytest.approx(BOOK.losses.lines[0].pnl, abs=1e-6)
        sizes = [abs(line.pnl) for line in share.lines]
        assert sizes == sorted(sizes, reverse=True)


def test_funds_are_looked_through_for_issuers() -> None:
    fund = st.build_portfolio(
        {
            "version": 1,
            "name": "fund",
            "currency": "USD",
            "positions": [{"id": "spy", "type": "fund", "issuer": "SPY", "quantity": 100}],
        }
    )
    result = st.stress(fund, scenarios("fall"), market())
    found = shares(material_of(result, cards=False), result.result.portfolios[0])
    issuers = {line.group for one in found if one.by == "issuer" for line in one.lines}
    assert {"NVDA", "AMD", "KO"} <= issuers


def test_totals_alone_have_neither_heat_nor_contributions() -> None:
    result = st.stress(book(), scenarios("fall"), market(), resources=st.Resources(memory=1))
    (held,) = result.result.portfolios
    material = material_of(result, cards=False)
    assert held.units is None
    assert heat_map(material, held) is None
    assert shares(material, held) == ()

"""One position factor by factor, valued by itself."""

from __future__ import annotations

import pytest

from stresstest.errors import InputError
from stresstest.explore.drill import traces_of
from stresstest.explore.moves import Move
from stresstest.measures.trace import trace


@pytest.mark.parametrize("position", ["nvda", "nvda-put-jan26", "crwv-2030", "cash-usd"])
def test_the_same_as_within_the_whole_book(live, position):
    stress = live.stress(Move(live.scenarios["ai_capex_collapse"]), ("ai_growth_fund",))
    columns = stress.compiled.columns
    found = traces_of(live.book, "ai_growth_fund", position, columns)
    assert found == trace(stress.result.portfolios[0], columns, position)


def test_a_weight_is_a_share_of_the_whole_portfolio(live):
    stress = live.stress(Move(live.scenarios["ai_capex_collapse"]), ("balanced_60_40",))
    held = stress.result.portfolios[0]
    for row, name in enumerate(held.position_ids[:3]):
        (found,) = traces_of(live.book, "balanced_60_40", name, stress.compiled.columns)
        assert found.pnl == pytest.approx(float(held.position_pnl[row, -1]), rel=1e-12, abs=1e-6)


def test_an_unknown_position_is_told_with_the_nearest(live):
    columns = live.moves.of(Move(live.scenarios["slow_grind"])).columns
    with pytest.raises(InputError) as caught:
        traces_of(live.book, "ai_growth_fund", "nvdaa", columns)
    assert caught.value.problems[0].suggestion == "nvda"

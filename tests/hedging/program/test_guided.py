"""Searches that cones lead: optima that rows prove, and conflicts proved by the least breach."""

from __future__ import annotations

import numpy as np
import pytest
from tests.hedging.rules.test_reverse_distance import CHEAP, OPTIONS, SHARE, TWO, deviation
from tests.hedging.tiny_books import inputs, line

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.guided import WIDE_ROOM, Asked, GuidedSearch
from stresstest.hedging.program.outer_program import CutPool, Shape
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.rule_rows import RuleRows
from stresstest.hedging.tails.solvers import SolverSettings


def search(found: HedgeInputs) -> tuple[GuidedSearch, Asked]:
    program = HedgeProgram(found)
    rows = RuleRows(program.terms, program.rules)
    return GuidedSearch(rows, CutPool(), SolverSettings()), Asked(frozenset(), program.amounts())


def bent(amount: float, *rules: str) -> HedgeInputs:
    text = TWO.replace("distance: 1,", f"distance: {amount},")
    return inputs(f"name: far, {text}", *rules, head=CHEAP, positions=OPTIONS)


@pytest.mark.parametrize("amount", [1.2, 2.0])
def test_the_best_plan_and_its_bound_meet(amount: float) -> None:
    guided, asked = search(bent(amount))
    found = guided.best(asked, Shape())
    assert found.trades is not None
    assert found.answer.objective - found.lower_bound <= 1e-8 * found.answer.objective
    assert not guided.rows.sharpened(found.trades, *asked)
    assert guided.unproved == 0


def test_the_least_breach_is_above_nothing_exactly_where_no_trades_bear_every_move() -> None:
    stay = "name: stay, max_turnover: 20%"
    found = inputs(
        "name: far, min_reverse_distance: 1, loss: 20%, factors: [spot/NVDA]",
        *("name: none, max_premium: 0%", stay),
        head=CHEAP,
        positions=SHARE,
    )
    left = float(found.held_shares[line(found, "nvda", held=True)]) - 0.2
    border = -np.log1p(-0.2 / left) / deviation(found)
    guided, asked = search(found)
    for amount, holds in ((border * 0.999, True), (border * 1.001, False)):
        deepest = guided.deepest(Asked(asked.without, {**asked.amounts, "far": amount}))
        assert deepest.is_proved
        assert (deepest.trades is not None) is holds


def test_trades_that_show_that_there_are_some_break_no_row_by_more_than_the_room() -> None:
    guided, asked = search(bent(1.5, "name: stay, max_turnover: 60%"))
    deepest = guided.deepest(asked)
    assert deepest.trades is not None
    assert guided.rows.excess(deepest.trades, *asked) <= WIDE_ROOM

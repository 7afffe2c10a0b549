"""Columns of moved scenarios are those of a run; what lines reach is looked up once."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.errors import InputError
from stresstest.explore import moves
from stresstest.explore.moves import CompiledMoves, Move
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import ScenarioSet


def rows(compiled):
    return {key: row.tolist() for key, row in compiled.columns.moved.items()}


@pytest.mark.parametrize("name", ["ai_capex_collapse", "ai_capex_collapse_network", "slow_grind"])
@pytest.mark.parametrize("severity", [0.0, 0.4, 1.0, 1.3])
def test_columns_are_those_of_a_run(live, scenarios, name, severity):
    found = live.moves.of(Move(scenarios[name], severity=severity))
    expected = compile_scenarios(ScenarioSet((scenarios[name],)), live.book.market, severity)
    assert rows(found) == rows(expected)
    assert found.columns.table.scenarios == expected.columns.table.scenarios
    assert found.columns.table.stage == expected.columns.table.stage
    assert found.columns.elapsed_years == expected.columns.elapsed_years


def test_columns_do_not_depend_on_what_was_asked_before(live, scenarios, monkeypatch):
    monkeypatch.setattr(moves, "_MOST_PREPARED", 3)
    one, scenario = CompiledMoves(live.book.market), scenarios["ai_capex_collapse"]
    for cut in range(10, 40):
        moved = scenario.with_drivers(capex_cut=f"{cut}%")
        one.of(Move(moved, (("capex_cut", f"{cut}%"),)))
    again = one.of(Move(scenario.with_drivers(capex_cut="65%"), (("capex_cut", "65%"),)))
    fresh = CompiledMoves(live.book.market).of(Move(scenario.with_drivers(capex_cut="65%")))
    assert rows(again) == rows(fresh)


def test_a_move_is_compiled_once(live, scenarios):
    move = Move(scenarios["slow_grind"], severity=0.7)
    assert live.moves.of(move) is live.moves.of(move)
    assert live.moves.of(move) is not live.moves.of(move, acting="others")


def test_stages_are_columns_of_their_own(live, scenarios):
    scenario = scenarios["ai_capex_collapse_network"]
    last = live.moves.of(Move(scenario)).columns
    staged = live.moves.of(Move(scenario, stages=True)).columns
    assert staged.n_columns > last.n_columns == 2
    some = next(iter(last.moved))
    assert np.array_equal(staged.moved[some][-1], last.moved[some][-1], equal_nan=True)


def test_an_impossible_severity_is_refused(live, scenarios):
    with pytest.raises(InputError):
        live.moves.of(Move(scenarios["slow_grind"], severity=1e6))

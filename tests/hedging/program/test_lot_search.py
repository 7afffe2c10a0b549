"""A search over lines and lots against every choice there is, and what it says where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.hedging.tiny_books import ruled

from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.guided import Asked
from stresstest.hedging.program.lot_search import LotAnswer, _Search, best_lots
from stresstest.hedging.program.outer_program import OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.tails.solvers import SolverSettings

RULES = (
    "name: participation, min_participation: 60%, scenario: boom_continues",
    "name: turnover, max_turnover: 50%",
    "name: names, min_effective_names: 1.5, select: {type: equity}",
    "name: premium, max_premium: 1%",
)
SETTINGS = SolverSettings(most_nodes=400)


def inputs(*counts: str) -> HedgeInputs:
    return ruled(*RULES, *counts)


def test_what_is_found_is_in_lots_keeps_the_rules_and_lies_above_its_bound() -> None:
    found = inputs("name: small, min_trade: 1%", "name: count, max_trades: 4")
    program = HedgeProgram(found)
    relaxed = program.solve(integers=False)
    assert relaxed.state is not None
    lots = program._existence.lots(Asked(frozenset(), program.amounts()))
    at = np.concatenate([relaxed.state.sell, relaxed.state.buy])
    answer = best_lots(lots, at, SETTINGS, relaxed.lower_bound)
    assert answer.trades is not None
    assert lots.keeps(answer.trades)
    assert lots.rows.breach(answer.trades) <= 1e-9
    assert answer.objective == lots.rows.objective(answer.trades)
    assert relaxed.lower_bound <= answer.lower_bound <= answer.objective
    number = answer.trades / lots.sizes.share
    whole = np.isclose(
        answer.trades, np.append(np.abs(found.held_shares[: found.n_held]), np.full(50, -1.0))[: len(number)]
    )
    assert (np.isclose(number, np.round(number), atol=1e-6) | whole).all()


def test_a_gap_as_asked_for_is_proved() -> None:
    program = HedgeProgram(inputs("name: small, min_trade: 1%", "name: count, max_trades: 4"))
    answer = program.solve()
    assert answer.gap <= program.settings.integer_gap
    assert answer.status == "optimal"


def test_fewer_nodes_give_the_same_answer_again_and_a_wider_gap_is_stated() -> None:
    program = HedgeProgram(inputs("name: small, min_trade: 1%", "name: count, max_trades: 4"))
    relaxed = program.solve(integers=False)
    assert relaxed.state is not None
    at = np.concatenate([relaxed.state.sell, relaxed.state.buy])
    few = SolverSettings(most_nodes=4)
    answers = []
    for _ in range(2):
        fresh = HedgeProgram(program.inputs)
        answers.append(
            best_lots(
                fresh._existence.lots(Asked(frozenset(), fresh.amounts())), at, few, relaxed.lower_bound
            )
        )
    assert answers[0].status == answers[1].status
    assert answers[0].lower_bound == answers[1].lower_bound <= program.solve().objective
    if answers[0].trades is not None:
        assert np.array_equal(answers[0].trades, answers[1].trades)


@pytest.mark.parametrize("counts", [("name: count, max_trades: 0", "name: floor, min_cash: 40%")])
def test_no_choice_of_lines_is_told_as_such(counts: tuple[str, ...]) -> None:
    program = HedgeProgram(inputs(*counts))
    relaxed = program.solve(integers=False)
    assert relaxed.state is not None
    at = np.concatenate([relaxed.state.sell, relaxed.state.buy])
    answer = best_lots(
        program._existence.lots(Asked(frozenset(), program.amounts())), at, SETTINGS, relaxed.lower_bound
    )
    assert answer.trades is None
    assert answer.status == "infeasible"


@pytest.mark.parametrize(("known", "concluded"), [(True, "optimal"), (False, "infeasible")])
def test_infeasible_beside_known_lots_proves_nothing(known: bool, concluded: str) -> None:
    """The known lots keep to every such program: a bound made of their objective would be invented."""
    program = HedgeProgram(inputs("name: small, min_trade: 1%"))
    search = _Search(program._existence.lots(Asked(frozenset(), program.amounts())), SETTINGS, 0.1)
    trades = np.zeros(program.inputs.n_lines) if known else None
    search.best = LotAnswer("optimal", trades, 0.1, (), 0.2 if known else np.inf)
    search._conclude(OuterAnswer("infeasible", np.nan, -np.inf, ()))
    assert search.best.lower_bound == 0.1
    assert search.best.status == concluded


def test_sizes_that_no_solver_finds_end_all_bounds() -> None:
    program = HedgeProgram(inputs("name: small, min_trade: 1%"))
    search = _Search(program._existence.lots(Asked(frozenset(), program.amounts())), SETTINGS, 0.1)
    search._raise_bound(0.15)
    search._is_bounded = False
    search._raise_bound(0.19)
    assert search.best.lower_bound == 0.15


def test_a_search_that_loses_what_is_known_is_repeated_in_two_other_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = HedgeProgram(inputs("name: small, min_trade: 1%", "name: count, max_trades: 4"))
    relaxed = program.solve(integers=False)
    assert relaxed.state is not None
    at = np.concatenate([relaxed.state.sell, relaxed.state.buy])
    lots = program._existence.lots(Asked(frozenset(), program.amounts()))
    known = best_lots(lots, at, SETTINGS, relaxed.lower_bound)
    solve, calls = OuterProgram.solve, []

    def erring(self: OuterProgram, settings: SolverSettings, most_rounds: int = 60) -> OuterAnswer:
        calls.append((settings.has_presolve, np.isfinite(self.useless)))
        if len(calls) < 3:
            return OuterAnswer("infeasible", np.inf, -np.inf, ())
        return solve(self, settings, most_rounds)

    monkeypatch.setattr(OuterProgram, "solve", erring)
    search = _Search(lots, SETTINGS, relaxed.lower_bound)
    search.best = known
    whole = OuterProgram(lots.rows, lots.limits, Shape(lots=lots.sizes, counts=lots.counts), lots.pool)
    whole.useless = search._useless()
    assert search._solved(whole, SETTINGS, 1).is_found
    assert calls == [(True, True), (False, True), (True, False)]

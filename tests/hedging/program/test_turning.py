import numpy as np
from tests.hedging.tiny_books import ruled

from stresstest.hedging.program.outer_program import CutPool, OuterProgram, Shape
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows
from stresstest.hedging.program.turning import solved_in_turns
from stresstest.hedging.tails.solvers import SolverSettings

BETS = "name: bets, min_effective_bets: {}, regime: stressed"
REST = ("name: turnover, max_turnover: 60%", "name: premium, max_premium: 0%")


def parts(amount: float) -> tuple[TradeRows, TradeLimits]:
    program = HedgeProgram(ruled(BETS.format(amount), *REST))
    rows = TradeRows.of(program.terms, program.rules, program.amounts())
    return rows, TradeLimits.of(rows.inputs, np.zeros(rows.inputs.n_lines, np.bool_))


def bets(rows: TradeRows, trades: np.ndarray) -> float:
    cone = next(cone for cone in rows.cones if cone.is_sufficient)
    vector = cone.vector.at(trades, rows.cost(trades))
    return float((vector**2).sum() ** 2 / (vector**4).sum())


def test_turns_find_trades_where_the_first_direction_allows_none() -> None:
    rows, limits = parts(3.3)
    once = OuterProgram(rows, limits, Shape(), CutPool())
    assert not once.solve(SolverSettings()).is_found
    turned = solved_in_turns(rows, limits, Shape(), CutPool(), SolverSettings())
    assert turned.answer.is_found
    assert bets(rows, turned.program.found()) >= 3.3 - 1e-6
    assert turned.lower_bound < turned.answer.objective


def test_a_plan_turned_to_itself_is_no_worse() -> None:
    rows, limits = parts(3.3)
    turned = solved_in_turns(rows, limits, Shape(), CutPool(), SolverSettings())
    again = OuterProgram(rows.turned(turned.program.found()), limits, Shape(), CutPool())
    assert again.solve(SolverSettings()).objective <= turned.answer.objective * (1.0 + 1e-6)


def test_a_rule_that_does_not_bind_costs_one_turn_and_the_bound_is_its_own() -> None:
    rows, limits = parts(1.0)
    turned = solved_in_turns(rows, limits, Shape(), CutPool(), SolverSettings())
    assert not turned.program.is_turnable
    assert turned.lower_bound == turned.answer.lower_bound

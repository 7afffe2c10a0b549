import numpy as np
import pytest
from tests.hedging.tiny_books import ruled

from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.trade_rows import RowMaker, TradeRows
from stresstest.hedging.program.trade_state import state_of

RULES = (
    "name: participation, min_participation: 60%, scenario: boom_continues",
    "name: cash, min_cash: 10%, of: cash_and_listed",
    "name: gold, max_weight: 10%, select: {asset_class: gold}",
    "name: names, min_effective_names: 2, select: {type: equity}",
    "name: bets, min_effective_bets: 1.2, regime: stressed",
    "name: tracking, max_tracking_error: 40%, benchmark: {KO: 100%}, regime: calm",
)


def rows() -> TradeRows:
    program = HedgeProgram(ruled(*RULES))
    return TradeRows.of(program.terms, program.rules, program.amounts())


def trades() -> np.ndarray:
    inputs = rows().inputs
    most = np.append(np.abs(inputs.held_shares[: inputs.n_held]), np.full(len(inputs.candidates), 0.02))
    return most * np.random.default_rng(5).uniform(0.0, 1.0, inputs.n_lines)


def test_matrices_say_what_the_rules_say_of_a_state() -> None:
    found, at = rows(), trades()
    held, cost = found.inputs.n_held, found.cost(at)
    state = state_of(found.inputs, at[:held], at[held:], cost)
    values = found.limits.at(at, cost)
    for rule in found.rules:
        own = values[np.array(found.owners) == rule.name]
        cones = [cone.breach(at, cost) for cone in found.cones if cone.rule == rule.name]
        assert max([*own, *cones]) == pytest.approx(rule.breach(state, found.amounts[rule.name]), abs=1e-12)


def test_the_objective_is_that_of_the_terms() -> None:
    program, found, at = HedgeProgram(ruled(*RULES)), rows(), trades()
    held = found.inputs.n_held
    state = state_of(found.inputs, at[:held], at[held:], found.cost(at))
    assert found.objective(at) == pytest.approx(program.terms.value(state), rel=1e-12)


def test_a_cone_turned_to_trades_that_keep_its_rule_holds_there_and_implies_the_rule() -> None:
    found, at = rows(), trades()
    cost = found.cost(at)
    bets = next(cone for cone in found.cones if cone.is_sufficient)
    vector = bets.vector.at(at, cost)
    assert bets.shape.is_kept is not None
    assert bets.shape.is_kept(vector)
    turned = bets.turned(at, cost)
    assert bets.shape.length(vector) <= float(turned.bound.at(at, cost)[0]) + 1e-12
    draw = np.random.default_rng(7)
    for _ in range(100):
        other = at * draw.uniform(0.0, 1.0, len(at))
        moved, paid = turned.vector.at(other, cost), cost
        if bets.shape.length(moved) <= float(turned.bound.at(other, paid)[0]):
            assert bets.shape.is_kept(moved)


def test_a_cone_that_is_its_rule_is_not_turned() -> None:
    found = rows()
    names = next(cone for cone in found.cones if cone.rule == "names")
    assert names.turned(trades(), 0.0) is names


def test_slopes_are_the_change_of_rows_per_unit_of_the_amount() -> None:
    found, at = rows(), trades()
    rule = next(rule for rule in found.rules if rule.name == "participation")
    program = HedgeProgram(ruled(*RULES))
    more = TradeRows.of(program.terms, program.rules, {**program.amounts(), "participation": 0.7})
    own, cost = np.array(found.owners) == "participation", found.cost(at)
    change = (more.limits.at(at, cost) - found.limits.at(at, cost))[own] / 0.1
    assert found.slopes(rule, at)[0] == pytest.approx(change, rel=1e-6)


def test_rows_of_a_rule_are_made_once_for_each_amount() -> None:
    program = HedgeProgram(ruled(*RULES))
    maker, stated = RowMaker(program.terms), program.amounts()
    first = maker.rows(program.rules, stated)
    name = program.rules[0].name
    other = maker.rows(program.rules[:1], {**stated, name: stated[name] * 0.9})
    again = maker.rows(program.rules, stated)
    for rows, rules, amounts in (first, program.rules, stated), (other, program.rules[:1], other.amounts):
        fresh = TradeRows.of(program.terms, rules, amounts)
        assert np.array_equal(rows.limits.matrix, fresh.limits.matrix)
        assert np.array_equal(rows.limits.offset, fresh.limits.offset)
        assert rows.owners == fresh.owners
    assert len(maker._made) == len(program.rules) + 1
    assert again.tails[0][2] is first.tails[0][2] if first.tails else again.worst[0][1] is first.worst[0][1]

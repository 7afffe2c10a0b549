import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.hedging.tiny_books import HEAD, POSITIONS, inputs, ruled, state

from stresstest.arrays import frozen
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.guided import Asked
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.solution import FEASIBLE, INFEASIBLE, NO_TRADE, OPTIMAL, UNBOUNDED

RULES = (
    "name: participation, min_participation: 60%, scenario: boom_continues",
    "name: cash, min_cash: 10%",
    "name: gold, max_weight: 10%, select: {asset_class: gold}",
    "name: premium, max_premium: 1%",
    "name: turnover, max_turnover: 50%",
)
COUNTS = ("name: small, min_trade: 2%", "name: count, max_trades: 3")
FEW = HEAD.replace("type: equity, issuer: [KO, JNJ]", "type: equity, issuer: [KO]").replace(
    "underlying: [SPY, NVDA]", "underlying: [SPY]"
)
ROUND = FEW.replace("{equity: 100, fund: 100,", "{equity: 500, fund: 100,")
ROUND = ROUND.replace("zero_bond: 10_000, european_option: 1}", "zero_bond: 100_000, european_option: 10}")


def test_the_optimum_is_proved_and_keeps_every_rule() -> None:
    program = HedgeProgram(ruled(*RULES))
    found = program.solve(integers=False)
    assert found.status == OPTIMAL
    assert found.gap <= 1e-8
    assert found.state is not None
    assert found.violation <= 1e-8
    assert found.objective < found.unhedged
    for rule in program.rules:
        assert rule.breach(found.state, rule.rule.amount) <= 1e-8


def test_shadow_prices_are_the_slope_of_the_optimum() -> None:
    program = HedgeProgram(ruled(*RULES))
    found = program.solve(integers=False)
    priced = [name for name, price in found.shadow_prices.items() if abs(price) > 1e-3]
    assert "participation" in priced
    for name in priced:
        amount, step = program.amounts()[name], 1e-4
        sides = [program.solve({name: amount + side}, integers=False).objective for side in (step, -step)]
        slope = 100.0 * (sides[0] - sides[1]) / (2.0 * step)
        one_sided = [100.0 * (side - found.objective) / step for side in (sides[0],)]
        one_sided += [100.0 * (found.objective - sides[1]) / step]
        low, high = min(*one_sided, slope), max(*one_sided, slope)
        assert low - 1e-3 * abs(low) - 1e-4 <= found.shadow_prices[name] <= high + 1e-3 * abs(high) + 1e-4, (
            name
        )


def test_lots_are_the_best_of_all_that_there_are() -> None:
    rules = (RULES[0], RULES[2], RULES[4], "name: premium, max_premium: 0%", *COUNTS)
    positions = [one for one in POSITIONS if one["id"] != "calls"]
    found = inputs(*rules, head=ROUND, positions=positions)
    program = HedgeProgram(found)
    answer = program.solve()
    assert answer.status in (OPTIMAL, FEASIBLE)
    best = _best_by_trial(program, found)
    assert answer.objective == pytest.approx(best, rel=2e-4)
    assert answer.objective >= best - 1e-12
    assert answer.lower_bound <= best + 1e-12
    assert answer.violation <= 1e-8
    lots = np.concatenate([answer.sell, answer.buy]) / [
        found.policy.costs.lot_size(line.type) for line in found.lines
    ]
    assert lots == pytest.approx(np.round(lots), abs=1e-6)


def _best_by_trial(program: HedgeProgram, found: HedgeInputs) -> float:
    """Return the least objective over every number of lots of every line."""
    share = [
        found.policy.costs.lot_size(line.type) * one / found.nav
        for line, one in zip(found.lines, found.scale, strict=True)
    ]
    most = [
        round(abs(line.quantity) / found.policy.costs.lot_size(line.type)) if line.is_held else int(0.5 / one)
        for line, one in zip(found.lines, share, strict=True)
    ]
    options = [[0, *range(1, size + 1)] for size in most]
    options = [[0] if line.is_option else sizes for line, sizes in zip(found.lines, options, strict=True)]
    caps = program._existence.lots(Asked(frozenset(), program.amounts()))
    best = float(program.solve().unhedged)
    for lots in itertools.product(*options):
        trades = np.array(lots) * share
        if not caps.counts.keeps(trades):
            continue
        tried = program._checked(frozen(trades), frozenset(), program.amounts())
        if tried.violation <= 1e-9:
            best = min(best, tried.objective)
    return best


def test_the_same_trades_in_any_order_of_positions_and_on_any_threads() -> None:
    answers = [
        HedgeProgram(inputs(*RULES, *COUNTS, positions=order, threads=threads)).solve()
        for order, threads in ((POSITIONS, 1), (POSITIONS[::-1], 2))
    ]
    assert np.array_equal(answers[0].sell, answers[1].sell)
    assert np.array_equal(answers[0].buy, answers[1].buy)
    assert answers[0].objective == answers[1].objective


def test_counts_and_least_trades_hold() -> None:
    found = ruled(*RULES, *COUNTS)
    answer = HedgeProgram(found).solve()
    assert answer.state is not None
    trades = np.concatenate([answer.state.sell, answer.state.buy])
    value = np.abs(found.value_per_scale) * trades
    assert (trades > 0.0).sum() <= 3
    whole = np.append(np.abs(found.held_shares[: found.n_held]), np.full(len(answer.buy), np.inf))
    assert ((trades == 0.0) | (value >= 0.02 - 1e-12) | (trades >= whole - 1e-12)).all()
    assert answer.objective <= answer.unhedged


def test_written_calls_stay_covered() -> None:
    answer = HedgeProgram(ruled("name: cash, min_cash: 5%")).solve()
    found = ruled("name: cash, min_cash: 5%")
    left = {line.id: abs(line.quantity) - size for line, size in zip(found.held, answer.sell, strict=True)}
    assert left["nvda"] >= 100.0 * left["calls"] - 1e-6


def test_a_book_that_needs_no_hedge_gets_none() -> None:
    cash = [{"id": "cash", "type": "cash", "currency": "USD", "quantity": 1_000_000}]
    answer = HedgeProgram(
        inputs("name: floor, min_weight: 0%, select: {asset_class: equity}", positions=cash)
    ).solve()
    assert answer.status == NO_TRADE
    assert not answer.buy.any()
    assert answer.broken == ()


def test_rules_that_the_book_breaks_come_before_the_objective() -> None:
    """Shares are bought because a rule asks for them, as few and as cheap as it allows."""
    cash = [{"id": "cash", "type": "cash", "currency": "USD", "quantity": 1_000_000}]
    forced = inputs("name: floor, min_weight: 50%, select: {asset_class: equity}", positions=cash)
    program = HedgeProgram(forced)
    answer = program.solve()
    assert answer.status == OPTIMAL
    assert answer.broken == ("floor",)
    assert answer.violation <= 1e-8
    assert answer.state is not None
    assert program.rules[0].measured(answer.state) == pytest.approx(0.5, abs=0.01)
    assert answer.objective > answer.unhedged
    freed = HedgeProgram(forced).solve(without=["floor"])
    assert (freed.status, freed.broken) == (NO_TRADE, ())


def test_rules_that_the_book_breaks_and_no_trade_mends_are_a_conflict() -> None:
    cash = [{"id": "cash", "type": "cash", "currency": "USD", "quantity": 1_000_000}]
    rules = ("name: floor, min_weight: 50%, select: {asset_class: equity}", "name: still, max_turnover: 20%")
    program = HedgeProgram(inputs(*rules, positions=cash))
    assert program.solve().status == INFEASIBLE
    assert program.nearest("floor") == pytest.approx(0.2, abs=1e-6)


def test_a_conflict_is_infeasible_and_the_nearest_amount_ends_it_exactly() -> None:
    none = "name: premium, max_premium: 0%"
    rules = (RULES[0].replace("60%", "95%"), "name: loss, max_loss: 20%, scenario: time_bomb", none)
    program = HedgeProgram(ruled(*rules))
    assert program.solve().status == INFEASIBLE
    assert not program.holds()
    for name, side in (("participation", 1.0), ("loss", -1.0)):
        assert program.holds(without=[name])
        amount = program.nearest(name)
        assert amount is not None
        assert program.holds(amounts={name: amount - side * 1e-6})
        assert not program.holds(amounts={name: amount + side * 1e-6})


def test_rules_that_are_no_variable_of_the_program_are_searched() -> None:
    rules = (
        "name: names, min_effective_names: 4, select: {type: equity}",
        "name: turnover, max_turnover: 30%",
    )
    program = HedgeProgram(ruled(*rules))
    assert not program.holds()
    amount = program.nearest("names")
    assert amount is not None
    assert 1.0 < amount < 4.0
    assert program.holds(amounts={"names": amount - 1e-5})
    assert not program.holds(amounts={"names": amount + 1e-4})


def test_the_fewest_trades_are_found() -> None:
    rules = ("name: loss, max_loss: 25%, scenario: time_bomb", "name: count, max_trades: 0")
    program = HedgeProgram(ruled(*rules))
    assert not program.holds()
    fewest = program.nearest("count")
    assert fewest is not None
    assert program.holds(amounts={"count": fewest})
    assert not program.holds(amounts={"count": fewest - 1.0})


def test_an_instrument_that_pays_and_costs_nothing_is_named() -> None:
    found = ruled()
    place = next(p for p, line in enumerate(found.lines) if line.source == "gold")
    price = found.unit_value.copy()
    price[place] = 0.0
    unit = found.scenarios.unit.copy()
    unit[place] = 5.0
    costs = replace(
        found.costs,
        **{name: _without(getattr(found.costs, name), place) for name in ("spread", "fee", "impact")},
    )
    free = replace(
        found, unit_value=frozen(price), scenarios=replace(found.scenarios, unit=frozen(unit)), costs=costs
    )
    objective = tuple(term for term in found.policy.objective if term.minimise == "worst_loss")
    answer = HedgeProgram(free, replace(found.policy, objective=objective)).solve(integers=False)
    if answer.status != UNBOUNDED:
        assert answer.objective == 0.0
    else:
        assert answer.unbounded == (found.lines[place].id, "buy")


def _without(values: Any, place: int) -> Any:
    other = values.copy()
    other[place] = 0.0
    return frozen(other)


def test_a_state_of_units_is_what_the_program_says() -> None:
    found = ruled(*RULES)
    program = HedgeProgram(found)
    answer = program.solve(integers=False)
    assert answer.state is not None
    assert answer.costs is not None
    again = state(found, cost=answer.costs.trading)
    assert again.cash == pytest.approx(found.cash_share - answer.costs.trading)
    assert program.terms.value(answer.state) == answer.objective


def test_the_worst_probabilities_within_a_distance_are_found() -> None:
    text = HEAD.replace(
        "  - {minimise: cost, weight: 1}",
        "  - {minimise: expected_shortfall, set: ai_outlook, columns: 400, confidence_level: 90%,"
        " ambiguity: 3%, weight: 1}\n  - {minimise: cost, weight: 1}",
    ).replace("  - {minimise: worst_loss, scenarios: [time_bomb, ai_capex_collapse], weight: 1}\n", "")
    found = inputs(RULES[1], RULES[4], head=text)
    program = HedgeProgram(found)
    answer = program.solve(integers=False)
    assert answer.status == OPTIMAL
    assert answer.objective < answer.unhedged
    losses = np.sort(-found.samples[0].before / found.nav)[::-1]
    # Move 3 % of probability from the best draws to the worst one, then take the worst tenth.
    weight = np.full(400, 1.0 / 400)
    weight[0] += 0.03
    tail = np.minimum(weight, np.maximum(0.1 - (np.cumsum(weight) - weight), 0.0)) / 0.1
    assert program.terms.value(program.resting()) == pytest.approx(float(tail @ losses), rel=1e-9)

from dataclasses import replace

import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state

from stresstest.hedging.rules.registry import build_rule
from stresstest.hedging.rules.scenario_pnl import MATERIAL_GAIN


def test_participation_is_a_share_of_the_unhedged_gain() -> None:
    rule, found = rule_and_inputs("name: r, min_participation: 60%, scenario: boom_continues")
    boom = found.scenarios.place("boom_continues")
    assert rule.measured(state(found)) == pytest.approx(1.0)
    lost = 1_000 * found.scenarios.unit[line(found, "nvda", held=True), boom]
    gain = found.scenarios.before[boom]
    assert rule.measured(state(found, nvda=-1_000, cost=0.001)) == pytest.approx(
        (gain - lost - 0.001 * found.nav) / gain
    )


def test_no_participation_is_asked_for_where_nothing_is_gained() -> None:
    rule, found = rule_and_inputs("name: r, min_participation: 60%, scenario: time_bomb")
    assert rule.breach(state(found, nvda=-4_000), 0.6) <= 0.0


def test_a_loss_counts_bought_options_as_carried_and_all_that_is_paid() -> None:
    rule, found = rule_and_inputs("name: r, max_loss: 30%, scenario: time_bomb")
    bomb, put = found.scenarios.place("time_bomb"), line(found, "spy-put", held=False)
    rolls = found.costs.roll_share[put - found.n_held] * found.scale[put]
    after = found.scenarios.before[bomb] + 10 * (found.scenarios.unit[put, bomb] - rolls) - 0.002 * found.nav
    assert rule.measured(state(found, spy_put=10, cost=0.002)) == pytest.approx(-after / found.nav)


def test_any_scenario_of_the_horizon() -> None:
    rule, found = rule_and_inputs("name: r, max_loss: 30%, scenario: any")
    worst = min(found.scenarios.before[found.scenarios.place(name)] for name in found.of_horizon())
    assert rule.measured(state(found)) == pytest.approx(-worst / found.nav)
    assert "haven_failure_bonds" not in found.of_horizon()


def test_what_is_kept_when_a_refuge_fails_on_top() -> None:
    text = "name: r, keep_with: 60%, scenario: time_bomb, with: [haven_failure_gold]"
    rule, found = rule_and_inputs(text)
    alone, both = (found.scenarios.place(name) for name in ("time_bomb", "time_bomb+haven_failure_gold"))
    gold = line(found, "gld", held=False)
    assert rule.measured(state(found, gld=100)) < 0.0
    sold = line(found, "nvda", held=True)
    saved = [
        -1_000 * found.scenarios.unit[sold, one] + 100 * found.scenarios.unit[gold, one]
        for one in (alone, both)
    ]
    assert rule.measured(state(found, gld=100, nvda=-1_000)) == pytest.approx(saved[1] / saved[0])


def test_a_part_of_next_to_nothing_is_not_asked_for_and_that_is_said() -> None:
    text = "name: floor, min_participation: 60%, scenario: boom_continues"
    rule, found = rule_and_inputs(text)
    boom = found.scenarios.place("boom_continues")
    assert rule.silence == ""
    assert rule.linear(state(found), 0.6)
    for gain in (MATERIAL_GAIN - 0.002, -0.02):
        before = found.scenarios.before.copy()
        before[boom] = gain * found.nav
        small = replace(found, scenarios=replace(found.scenarios, before=before))
        silent = build_rule(rule.rule, small)
        assert silent.linear(state(small), 0.6) == []
        assert silent.silence.startswith("floor asks for nothing: the book as it is gains ")
        assert ("gains 4.8 % of" in silent.silence) == (gain > 0.0)

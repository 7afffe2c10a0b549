from dataclasses import replace

import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state

from stresstest.hedging.rules.protection import not_from


def test_a_source_gives_a_share_of_what_is_saved() -> None:
    rule, found = rule_and_inputs("name: r, max_protection_share: 25%, by: source, scenario: time_bomb")
    bomb = found.scenarios.place("time_bomb")
    put, nvda = line(found, "spy-put", held=False), line(found, "nvda", held=True)
    gain = 10 * found.scenarios.unit[put, bomb]
    rolls = 10 * found.costs.roll_share[put - found.n_held] * found.scale[put]
    saved = gain - rolls - 1_000 * found.scenarios.unit[nvda, bomb]
    assert rule.measured(state(found, spy_put=10, nvda=-1_000)) == pytest.approx(gain / saved)
    assert rule.measured(state(found, nvda=-1_000)) == 0.0


def test_nothing_from_a_seller_inside_the_scenario_unless_it_is_cleared() -> None:
    rule, found = rule_and_inputs("name: r, not_from: 20%")
    place = line(found, "spy-put", held=False)
    owed = replace(found.lines[place], seller="NVDA", is_cleared=False)
    lines = (*found.lines[:place], owed, *found.lines[place + 1 :])
    other = replace(found, lines=lines, seller_loss={"NVDA": 0.7})
    built = not_from(found.policy.rules[0], other)
    assert built.forbidden is not None
    assert built.forbidden(0.2)[place]
    assert not built.forbidden(0.7)[place]
    assert built.steps == (0.0, 0.7)
    assert built.measured(state(other, spy_put=1)) == 0.7
    assert rule.forbidden is not None
    assert not rule.forbidden(0.2).any()

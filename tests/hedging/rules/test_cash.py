import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state


def test_cash_and_bills_count_after_costs() -> None:
    rule, found = rule_and_inputs("name: r, min_cash: 20%, within: 12m")
    bill = line(found, "bill", held=False)
    before = 100_000 / found.nav
    assert rule.measured(state(found)) == pytest.approx(before)
    assert rule.measured(state(found, bill=50_000, cost=0.01)) == pytest.approx(before - 0.01)
    sold = 1_000 * found.unit_value[line(found, "nvda", held=True)] / found.nav
    assert rule.measured(state(found, nvda=-1_000)) == pytest.approx(before + sold)
    assert found.value_per_scale[bill] == 1.0


def test_a_share_of_cash_and_listed_securities() -> None:
    rule, found = rule_and_inputs("name: r, min_cash: 20%, of: cash_and_listed")
    cost = 0.02
    assert rule.measured(state(found, cost=cost)) == pytest.approx(
        (100_000 / found.nav - cost) / (1.0 - cost)
    )


def test_a_cost_makes_no_room_under_a_ceiling() -> None:
    rule, found = rule_and_inputs("name: r, max_cash: 5%")
    over = 100_000 / found.nav - 0.05
    assert rule.breach(state(found, cost=0.5), 0.05) == pytest.approx(over)

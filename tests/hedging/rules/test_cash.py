import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, rule_and_protected, state


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


@pytest.mark.parametrize("sense", ["min_cash", "max_cash"])
def test_what_a_swap_brings_and_its_margin_are_no_reserve(sense: str) -> None:
    rule, found = rule_and_protected(f"name: r, {sense}: 5%")
    before, after = state(found), state(found, cdx=100_000)
    assert after.cash > before.cash - after.rolls
    share = 100_000 / found.nav
    lost = 0.04 * share + after.rolls
    assert rule.measured(after) == pytest.approx(rule.measured(before) - lost)

import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, rule_and_protected, state


def test_turnover_is_the_larger_side() -> None:
    rule, found = rule_and_inputs("name: r, max_turnover: 50%")
    sold = 1_000 * found.unit_value[line(found, "nvda", held=True)] / found.nav
    bought = 500 * found.unit_value[line(found, "gld", held=False)] / found.nav
    assert rule.measured(state(found, nvda=-1_000, gld=500)) == pytest.approx(max(sold, bought))


def test_a_short_bought_back_is_a_purchase() -> None:
    """½ · Σ |change| with cash as a position: 800 sold, calls bought back and gold bought for less."""
    rule, found = rule_and_inputs("name: r, max_turnover: 50%")
    traded = state(found, nvda=-800, calls=-20, gld=100)
    sold = 800 * found.unit_value[line(found, "nvda", held=True)] / found.nav
    bought = 20 * found.unit_value[line(found, "calls", held=True)] / found.nav
    bought += 100 * found.unit_value[line(found, "gld", held=False)] / found.nav
    assert rule.measured(traded) == pytest.approx(max(sold, bought))
    assert rule.measured(traded) == pytest.approx(0.5 * (sold + bought + abs(sold - bought)))
    more = state(found, calls=-20, gld=2_000)
    bought = 20 * found.unit_value[line(found, "calls", held=True)] / found.nav
    bought += 2_000 * found.unit_value[line(found, "gld", held=False)] / found.nav
    assert rule.measured(more) == pytest.approx(bought)
    assert rule.breach(more, bought - 1e-3) == pytest.approx(1e-3)


def test_protection_is_traded_by_its_notional() -> None:
    rule, found = rule_and_protected("name: r, max_turnover: 50%")
    assert rule.measured(state(found, cdx=200_000)) == pytest.approx(200_000 / found.nav)


def test_cost_and_days() -> None:
    rule, found = rule_and_inputs("name: r, max_cost: 1%")
    assert rule.measured(state(found, cost=0.02)) == 0.02
    days, found = rule_and_inputs("name: r, max_adv_days: 10, share: 20%")
    place = line(found, "ko", held=False)
    volume = found.costs.daily_volume[place] * found.nav / found.scale[place]
    assert days.measured(state(found, ko=0.6 * volume)) == pytest.approx(3.0)
    assert days.breach(state(found, ko=3.0 * volume), 10.0) > 0.0

import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, rule_and_protected, state

from stresstest.market.keys import RiskFactorKey


def test_income_of_shares_bills_and_a_rolled_option() -> None:
    rule, found = rule_and_inputs("name: r, min_carry: -1%")
    levels = found.book.market.levels
    ko, put = line(found, "ko", held=False), line(found, "spy-put", held=False)
    spent = 1_000 * found.unit_value[ko]
    dividends = spent * levels[RiskFactorKey("dividend_yield", "KO")]
    interest = found.risk.cash_carry
    assert interest > 0.03
    assert rule.measured(state(found, ko=1_000)) * found.nav == pytest.approx(dividends - spent * interest)
    lost = 10 * found.risk.carry[put] - 10 * found.unit_value[put] * interest
    rolls = 10 * found.costs.roll_share[put - found.n_held] * found.scale[put] * (1.0 + interest)
    assert rule.measured(state(found, spy_put=10)) * found.nav == pytest.approx(lost - rolls)
    assert found.risk.carry[put] < 0.0


def test_protection_is_paid_for_once() -> None:
    rule, found = rule_and_protected("name: r, min_carry: -1%")
    place, bought = line(found, "cdx", held=False), state(found, cdx=100_000)
    kept = 100_000 * (found.risk.later[place] - found.unit_value[place])
    interest = found.risk.cash_carry * (bought.cash - found.cash_share) * found.nav
    assert kept < -3_000.0
    assert rule.measured(bought) * found.nav == pytest.approx(kept + interest)

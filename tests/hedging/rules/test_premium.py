import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, rule_and_protected, state


def test_premium_a_year_at_the_ask_with_its_rolls() -> None:
    rule, found = rule_and_inputs("name: r, max_premium: 1%")
    put = line(found, "spy-put", held=False)
    yearly = found.costs.premium[put - found.n_held] * found.scale[put]
    assert rule.measured(state(found, spy_put=7)) == pytest.approx(7 * yearly / found.nav)
    assert yearly > found.unit_value[put]


def test_the_share_on_an_index_and_in_one_expiry() -> None:
    index, found = rule_and_inputs("name: r, min_index_share: 70%")
    assert index.measured(state(found)) == 1.0
    assert index.measured(state(found, nvda_put=3)) == 0.0
    assert index.breach(state(found, nvda_put=3), 0.7) > 0.0
    assert index.measured(state(found, spy_put=3)) == pytest.approx(1.0)
    expiry, found = rule_and_inputs("name: r, max_expiry_share: 50%")
    assert expiry.measured(state(found, spy_put=3)) == pytest.approx(1.0)
    assert expiry.measured(state(found)) == 0.0


def test_protection_on_a_credit_index_is_premium_on_an_index() -> None:
    rule, found = rule_and_protected("name: r, max_premium: 1%")
    place = line(found, "cdx", held=False) - found.n_held
    yearly = found.costs.premium[place] * 100_000 / found.nav
    assert rule.measured(state(found, cdx=100_000)) == pytest.approx(yearly)
    index, found = rule_and_protected("name: r, min_index_share: 70%")
    assert index.measured(state(found, cdx=100_000)) == pytest.approx(1.0)

import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state


def test_the_largest_group_counts() -> None:
    rule, found = rule_and_inputs("name: r, max_weight: 30%, by: issuer")
    nvda = line(found, "nvda", held=True)
    calls = line(found, "calls", held=True)
    weight = (4_000 * found.unit_value[nvda] - 20 * found.unit_value[calls]) / found.nav
    assert rule.measured(state(found)) == pytest.approx(weight)
    assert rule.breach(state(found), 0.3) == pytest.approx(weight - 0.3)
    less = (3_000 * found.unit_value[nvda] - 20 * found.unit_value[calls]) / found.nav
    msft = 1_000 * found.unit_value[line(found, "msft", held=True)] / found.nav
    assert rule.measured(state(found, nvda=-1_000)) == pytest.approx(max(less, msft))


def test_new_names_and_exceptions_have_caps_of_their_own() -> None:
    rule, found = rule_and_inputs("name: r, max_weight: 90%, new: 6%, by: issuer, except: {MSFT: 40%}")
    price = found.unit_value[line(found, "ko", held=False)]
    assert rule.breach(state(found, ko=0.05 * found.nav / price), 0.9) <= 0.0
    assert rule.breach(state(found, ko=0.08 * found.nav / price), 0.9) == pytest.approx(0.02)
    msft = 1_000 * found.unit_value[line(found, "msft", held=True)] / found.nav
    assert rule.breach(state(found), 2.0) == pytest.approx(msft - 0.4)


def test_a_floor_under_a_selection() -> None:
    rule, found = rule_and_inputs("name: r, min_weight: 50%, select: {asset_class: equity}")
    shares = sum(
        size * found.unit_value[line(found, name, held=True)]
        for name, size in (("nvda", 4_000), ("msft", 1_000))
    )
    assert rule.measured(state(found)) == pytest.approx(shares / found.nav)
    assert rule.breach(state(found, nvda=-4_000), 0.5) > 0.0


def test_a_cluster_is_what_moves_with_one_name() -> None:
    rule, found = rule_and_inputs(
        "name: r, max_weight: 10%, by: cluster, correlation: 0.01, regime: stressed"
    )
    shares = sum(
        size * found.unit_value[line(found, name, held=True)]
        for name, size in (("nvda", 4_000), ("msft", 1_000))
    )
    assert rule.measured(state(found)) == pytest.approx(shares / found.nav)

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from tests.hedging.tiny_books import POSITIONS, inputs, line, rule_and_inputs, rule_and_protected, state

from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import Denominator
from stresstest.hedging.rules.registry import build_rule


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
    cost, calls = 0.02, line(found, "calls", held=True)
    owed = -found.quantity[calls] * found.unit_value[calls] / found.nav
    assert owed > 0.0
    assert rule.measured(state(found, cost=cost)) == pytest.approx(
        (100_000 / found.nav - cost) / (1.0 - cost + owed)
    )


def test_a_debit_counts_as_no_cash_and_no_book_has_less_than_nothing_listed() -> None:
    borrowed = [{"id": "cash", "type": "cash", "currency": "USD", "quantity": -2_500_000}]
    shares = [one for one in POSITIONS if one["id"] in ("nvda", "msft")]
    found = inputs("name: r, min_cash: 20%, of: cash_and_listed", positions=[*shares, *borrowed])
    rule = build_rule(found.policy.rules[0], found)
    assert found.base_value < 0.0
    owned = 1.0 + 2_500_000 / found.nav - 2.0
    assert owned > 0.0
    assert rule.measured(state(found)) == pytest.approx(-2_500_000 / found.nav / owned)
    sold = 1_000 * found.unit_value[line(found, "nvda", held=True)] / found.nav
    assert rule.measured(state(found, nvda=-1_000)) == pytest.approx((sold - 2_500_000 / found.nav) / owned)
    assert rule.breach(state(found), 0.2) > 0.0


def test_a_share_of_nothing_is_none() -> None:
    whole = Denominator(np.zeros(1))
    empty = SimpleNamespace(cash=0.0, after=np.zeros(1))
    assert whole.share(0.3, cast(TradeState, empty)) == 0.0


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

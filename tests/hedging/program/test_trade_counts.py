from dataclasses import replace

import numpy as np
import pytest
from tests.hedging.tiny_books import line, ruled

from stresstest.arrays import frozen
from stresstest.hedging.program.trade_counts import Counts, LotSizes
from stresstest.hedging.program.trade_limits import TradeLimits

RULES = ("name: small, min_trade: 2%", "name: count, max_trades: 3")


def test_counts_of_a_policy_and_what_keeps_them() -> None:
    inputs = ruled(*RULES)
    counts = Counts.of(inputs, {rule.name: rule.amount for rule in inputs.policy.rules})
    assert counts.most_trades == 3
    none: np.ndarray = np.zeros(inputs.n_lines)
    assert counts.keeps(none)
    trades = none.copy()
    place = line(inputs, "ko", held=False)
    trades[place] = 0.019
    assert not counts.keeps(trades)
    trades[place] = 0.02
    assert counts.keeps(trades)
    assert not counts.keeps(np.where(np.arange(len(trades)) < 4, np.maximum(counts.least, 0.02), 0.0))


def test_a_whole_position_may_be_less_than_the_least_trade() -> None:
    inputs = ruled(*RULES)
    counts = Counts.of(inputs, {"small": 0.9})
    trades = np.zeros(inputs.n_lines)
    trades[0] = abs(inputs.held_shares[0])
    assert trades[0] < 0.9
    assert counts.keeps(trades)


def test_rules_left_out_do_not_count() -> None:
    counts = Counts.of(ruled(*RULES), {})
    assert counts.most_trades is None
    assert not counts.least.any()


def test_lots_and_what_the_last_sale_adds() -> None:
    inputs = ruled(*RULES)
    limits = TradeLimits.of(inputs, np.zeros(inputs.n_lines, np.bool_))
    sizes = LotSizes.of(inputs, limits)
    msft = line(inputs, "msft", held=True)
    assert sizes.full[msft] == 10.0
    assert sizes.rest[msft] == 0.0
    odd = limits.most.copy()
    odd[msft] *= 1.043
    more = LotSizes.of(inputs, replace(limits, most=frozen(odd)))
    assert more.full[msft] == 10.0
    assert more.rest[msft] == pytest.approx(0.43 * more.share[msft])


def test_lots_of_next_to_nothing_come_many_at_a_time() -> None:
    inputs = ruled(*RULES)
    large = replace(inputs, base_value=1e6 * inputs.base_value)
    limits = TradeLimits.of(large, np.zeros(large.n_lines, np.bool_))
    one, many = (LotSizes.of(inputs, limits).share / 1e6, LotSizes.of(large, limits).share)
    assert (many >= 1e-6 * (1.0 - 1e-12)).all()
    assert many / one == pytest.approx(np.round(many / one), rel=1e-9)

"""Columns of American options: terms, dividends, tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fixtures.option_market import TODAY, YIELD, flat_market, option_market
from tests.fixtures.unit_values import columns_of
from tests.instruments.american_option.options import AMERICAN, american

from stresstest.errors import InputError

DIVIDENDS = [(0, 9.0), (30, 1.0), (120, 2.0), (200, 9.0), (300, 9.0)]


def test_dividends_of_the_options_life_latest_first() -> None:
    specs = [
        american(days=200),
        american(days=200, dividends=DIVIDENDS),
        american(days=30, dividends=DIVIDENDS),
    ]
    dividends = columns_of(AMERICAN, specs, option_market())[0].dividends
    assert dividends.offsets.tolist() == [0, 0, 2, 2]
    assert dividends.is_dated.tolist() == [0, 1, 1]
    assert dividends.amount.tolist() == [2.0, 1.0]
    assert dividends.time.tolist() == pytest.approx([80 / 200, 170 / 200])
    assert dividends.inverse_yield.tolist() == [1 / 0.0125] * 3


def test_without_a_yield_in_the_market_dividends_are_fixed() -> None:
    market = flat_market()
    market = replace(market, levels={**market.levels, YIELD: 0.0})
    columns, _ = columns_of(AMERICAN, [american(dividends=DIVIDENDS)], market)
    assert columns.dividends.inverse_yield.tolist() == [0.0]


def test_terms_become_numbers() -> None:
    columns, rows = columns_of(AMERICAN, [american("call", 150.0, 365, multiplier=100)], option_market())
    contract = columns.contract
    assert (contract.is_call[0], contract.strike[0], contract.multiplier[0]) == (1, 150.0, 100.0)
    assert (contract.years[0], contract.sqrt_years[0]) == (1.0, 1.0)
    assert rows.n_derived == 5


def test_an_option_expired_at_a_later_valuation_is_refused() -> None:
    later = replace(option_market(), as_of=TODAY + timedelta(days=31))
    with pytest.raises(InputError, match="that ended on"):
        columns_of(AMERICAN, [american(days=30)], later)

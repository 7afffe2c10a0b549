"""A zero-coupon bond along a path: it pulls to par, is repaid once, and its face stays as cash."""

from __future__ import annotations

from datetime import date

import pytest
from tests.fixtures.books import instrument, portfolio, small_market
from tests.fixtures.path_columns import path_columns

from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()
MATURITY = date(2026, 9, 30)


def test_value_and_cash_are_continuous_over_the_maturity():
    item = instrument("zero_bond", issuer="BOLT", maturity=MATURITY)
    book = compile_book([portfolio([("zero", item, 1_000.0)])], MARKET)
    days = [date(2026, 4, 1), date(2026, 9, 29), date(2026, 10, 1)]
    held = apply_holdings(book, revalue(book, path_columns(MARKET, [(day, {}) for day in days]))).portfolios[
        0
    ]
    base, spring, last_day, repaid = held.value[[0, 1, 3, 5]].tolist()
    assert base < spring < last_day < 1_000.0
    assert last_day == pytest.approx(1_000.0, rel=3e-4)
    assert repaid == pytest.approx(1_000.0, rel=3e-4)
    assert repaid >= 1_000.0

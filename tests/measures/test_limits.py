"""Limits on books whose base value is 0."""

from __future__ import annotations

import math

import pytest
from tests.fixtures.books import columns, instrument, portfolio, small_market

from stresstest.measures.limits import check_limits
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Limit
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()


@pytest.mark.parametrize(
    ("spot", "loss", "breached"), [(60.0, math.inf, True), (120.0, 0.0, False), (240.0, -math.inf, False)]
)
def test_any_loss_on_a_base_value_of_0_is_a_breach(spot, loss, breached):
    """A book that finances itself must not pass its limit for want of a denominator."""
    rows = [
        ("acme", instrument("equity", issuer="ACME"), 1.0),
        ("loan", instrument("cash", currency="USD"), -120.0),
    ]
    book = compile_book([portfolio(rows, limits=(Limit("any", 0.25), Limit("any", 0.25, "gross")))], MARKET)
    held = apply_holdings(book, revalue(book, columns(MARKET, [{"spot/ACME": spot}]))).portfolios[0]
    base, gross = check_limits(held)
    assert held.base_value == 0.0
    assert (base.loss, base.breached) == (loss, breached)
    assert gross.loss == (120.0 - spot) / 240.0

from __future__ import annotations

from datetime import date

import pytest
from tests.fixtures.books import BOND, columns, instrument, portfolio, small_market, stated

from stresstest.measures.proxies import OWN_LEVEL, STATED_VALUE, proxied_share, proxy_register
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = small_market()


def test_every_position_without_a_market_price_stands_with_what_it_follows_and_its_age() -> None:
    """QUIET: 1,000 stated on 2025-06-30, rolled by 10 % with INDEX; the bond has a price of its own."""
    quiet = instrument("equity", issuer="QUIET", owner="quiet", stated=stated(1_000.0, 4.0), proxy="INDEX")
    marked = instrument("fixed_bond", owner="marked", **BOND, clean_price=80.0)
    rows = [
        ("acme", instrument("equity", issuer="ACME"), 10.0),
        ("quiet", quiet, 4.0),
        ("marked", marked, 500.0),
    ]
    book = compile_book([portfolio(rows), portfolio(rows[:1], name="priced")], MARKET)
    result = apply_holdings(book, revalue(book, columns(book.market, [{"spot/ACME": 60.0}])))
    first, second = proxy_register(result.portfolios)
    assert (first.position, first.how, first.follows) == ("quiet", STATED_VALUE, "INDEX")
    assert (first.stated_value, first.stated_on, first.roll) == (1_000.0, date(2025, 6, 30), 0.1)
    assert first.age_days == (date(2025, 10, 3) - date(2025, 6, 30)).days == 95
    assert first.base_value == pytest.approx(1_100.0, rel=1e-12)
    held = result.portfolios[0]
    assert first.share == pytest.approx(1_100.0 / held.gross_value, rel=1e-12)
    assert (second.position, second.how, second.follows, second.age_days) == (
        "marked",
        OWN_LEVEL,
        "BOLT",
        None,
    )
    assert proxied_share((first, second)) == pytest.approx(1.0 - 1_200.0 / held.gross_value, rel=1e-12)

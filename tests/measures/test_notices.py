"""Notices on options: horizons without decay, crashes with flat vols."""

from __future__ import annotations

from datetime import date

from tests.fixtures.books import columns, every_type, instrument, portfolio, small_market

import stresstest as st
from stresstest.measures.notices import option_notices
from stresstest.portfolio.book import compile_book
from stresstest.scenarios.scenario import Scenario, Shock

MARKET = small_market()
BOOK = compile_book([portfolio(every_type())], MARKET)
SHOCK = Shock.of("spot", "-50%", issuer="ACME")


def test_long_instant_horizons_are_named_once():
    scenarios = [Scenario("year", (SHOCK,), "12m"), Scenario("day", (SHOCK,), "1d")]
    (notice,) = option_notices(BOOK, scenarios, columns(MARKET, [{}, {}]))
    assert notice.startswith("2 options are revalued today")
    assert notice.endswith("year (12m)")


def test_options_on_rates_and_bonds_with_rights_count():
    book = compile_book([st.load_portfolio("pension_fund")], st.load_market("2025-10-03"))
    vols = ("implied_vol/", "normal_vol/")
    count = sum(
        any(str(key).startswith(vols) for key in item.requirements.factors) for item in book.instruments
    )
    kinds = {item.tag for item in book.instruments}
    assert {"swaption", "callable_bond"} <= kinds
    notice, *_ = option_notices(book, [Scenario("year", (SHOCK,), "12m")], columns(book.market, [{}]))
    assert notice.startswith(f"{count} options are revalued today")


def test_a_callable_counts_where_the_market_has_its_vol_and_one_without_rights_does_not():
    market = st.load_market("2025-10-03")
    terms = {"issuer": "CRWV", "coupon": "6%", "maturity": date(2035, 10, 3), "frequency": 2}
    terms["day_count"] = "30/360"
    called = {**terms, "calls": [{"date": date(2030, 10, 3), "price": 100}]}
    scenario = Scenario("year", (SHOCK,), "12m")

    def notices(fields):
        book = compile_book([portfolio([("a", instrument("callable_bond", **fields), 1.0)])], market)
        return option_notices(book, [scenario], columns(market, [{}]))

    assert notices(called)[0].startswith("1 option is revalued today")
    assert notices(terms) == ()


def test_a_crash_with_flat_vols_is_named():
    moves = [
        {"spot/ACME": 60.0},
        {"spot/ACME": 60.0, "implied_vol/ACME/1Y": 0.5},
        {"spot/ACME": 110.0},
        {"spot/BOLT": 1.0},
    ]
    found = option_notices(BOOK, [], columns(MARKET, moves))
    assert found == ("s0: spot falls by a fifth or more with flat implied vols for ACME",)


def test_a_book_without_options_has_none():
    plain = compile_book([portfolio([("a", instrument("equity", issuer="ACME"), 1.0)])], MARKET)
    assert (
        option_notices(plain, [Scenario("year", (SHOCK,), "12m")], columns(MARKET, [{"spot/ACME": 1.0}]))
        == ()
    )


def test_a_surface_that_a_shock_makes_arbitrageable_is_named():
    calm, twisted = {"implied_vol/ACME/1Y": 0.5}, {"implied_vol/ACME/3M": 0.9, "implied_vol/ACME/1Y": 0.2}
    (notice,) = option_notices(BOOK, [], columns(MARKET, [calm, twisted]))
    assert notice == "s1: ACME: total variance falls from the pillar before 1Y"

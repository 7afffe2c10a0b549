"""Notices on options: horizons without decay, crashes with flat vols."""

from __future__ import annotations

from tests.fixtures.books import columns, every_type, instrument, portfolio, small_market

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

"""What callable bonds depend on, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.fixtures.refusals import codes, names, refused, texts
from tests.instruments.callable_bond.bonds import CALLS, TAG, TERMS, market

MARKET = market()
TODAY = MARKET.as_of


def test_rates_spread_and_vol_are_declared() -> None:
    found = names(TAG, {**TERMS, "calls": CALLS}, MARKET)
    assert found[-2:] == ["credit_spread/CRWV", "normal_vol/USD_SWAPTION/5Y"]
    assert {name.split("/")[2] for name in found[:-2]} == {"1M", "3M", "6M", "1Y", "2Y", "5Y"}


def test_a_vol_that_is_stated_or_that_no_right_reads_is_not_declared() -> None:
    for terms in ({}, {"calls": CALLS, "rate_vol": "90bp"}):
        assert names(TAG, {**TERMS, **terms}, MARKET)[-1] == "credit_spread/CRWV"


def test_what_the_market_lacks_is_said() -> None:
    bare = replace(MARKET, price_curves={})
    (text,) = texts(TAG, {**TERMS, "calls": CALLS}, bare)
    assert "normal_vol/USD_SWAPTION" in text
    assert "rate_vol" in text
    assert codes(TAG, {**TERMS, "issuer": "NONE"}, MARKET) == ["ST355"]
    assert codes(TAG, {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert codes(TAG, {**TERMS, "issuer": "BARE"}, MARKET) == ["ST357"]


def test_a_bond_that_is_over_or_to_come_is_refused() -> None:
    assert codes(TAG, {**TERMS, "maturity": TODAY}, MARKET) == ["ST370"]
    later = {**TERMS, "issue_date": date(2026, 1, 5)}
    assert codes(TAG, later, MARKET) == ["ST371"]


def test_terms_that_no_bond_has_are_refused() -> None:
    twice = {**TERMS, "z_spread": "450bp", "clean_price": 97.5}
    assert "z_spread and clean_price are both given" in refused(TAG, twice)
    assert "in the order of their dates" in refused(TAG, {**TERMS, "calls": CALLS[::-1]})
    late = ({"date": TERMS["maturity"], "price": 100.0},)
    assert "before the maturity" in refused(TAG, {**TERMS, "puts": late})
    above = ({"date": CALLS[0]["date"], "price": 106.0},)
    assert "above the call" in refused(TAG, {**TERMS, "calls": CALLS, "puts": above})

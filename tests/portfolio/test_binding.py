"""Portfolios against a market: issuers by any name, stated values through proxies, overrides made private."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.fixtures.books import BOND, OPTION, instrument, portfolio, small_market, stated

from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.binding import bind
from stresstest.portfolio.book import compile_book

MARKET = small_market()


def messages(*rows, **more) -> list[str]:
    with pytest.raises(InputError) as caught:
        bind([portfolio(list(rows), **more)], MARKET)
    return [problem.format() for problem in caught.value.problems]


def test_ticker_and_isin_are_one_instrument():
    rows = [
        ("a", instrument("equity", issuer="ACME"), 1.0),
        ("b", instrument("equity", issuer="US0378331005"), 2.0),
    ]
    bound = bind([portfolio(rows)], MARKET)
    assert [item.spec.issuer for item in bound.instruments] == ["ACME"]
    assert bound.rows == ((0, 0),)
    assert bound.market is MARKET


def test_everything_wrong_is_said_at_once_and_names_its_position():
    found = messages(
        ("a", instrument("equity", issuer="ACMEE"), 1.0),
        ("b", instrument("european_option", **{**OPTION, "underlying": "BOLT"}), 1.0),
        ("c", instrument("equity", issuer="QUIET"), 1.0),
        ("d", instrument("equity", issuer="X", stated=stated(5.0, 1.0), proxy="NOPE", owner="d"), 1.0),
        ("e", instrument("equity", issuer="X", stated=stated(5.0, 1.0), owner="e"), 1.0),
        ("f", instrument("equity", issuer="QUIET", stated=stated(-5.0, 1.0), owner="f"), 1.0),
        ("g", instrument("cash", currency="JPY"), 1.0),
    )
    text = "\n".join(found)
    for code, name in zip(("251", "361", "252", "255", "253", "254", "218"), "abcdefg", strict=True):
        assert any(f"ST{code}" in line and f"position '{name}'" in line for line in found), (code, text)
    assert "did you mean 'ACME'?" in text


def test_a_currency_without_a_rate_is_refused_once_for_the_portfolio():
    found = messages(("a", instrument("cash", currency="JPY"), 1.0), currency="JPY")
    assert len(found) == 1
    assert "no exchange rate from JPY to USD" in found[0]


def test_a_stated_value_is_rolled_and_linked_to_its_proxy():
    item = instrument("equity", issuer="X1", stated=stated(500.0, 10.0), proxy="INDEX", owner="a")
    bound = bind([portfolio([("a", item, 10.0)])], MARKET)
    key = RiskFactorKey("spot", "X1#a")
    assert bound.market.levels[key] == pytest.approx(55.0)
    assert bound.market.links[-1].target == key
    assert bound.market.links[-1].weights == ((RiskFactorKey("spot", "INDEX"), 1.0),)
    record = bound.instruments[0].proxied
    assert record is not None
    assert (record.position, record.issuer, record.proxy, record.roll) == ("a", "X1", "INDEX", 0.1)
    assert "rolled by INDEX +10.00%" in bound.market.provenance[key].note


def test_a_stated_value_without_a_roll_stays_as_stated():
    item = instrument(
        "equity", issuer="X1", stated=stated(500.0, 10.0, date(2025, 3, 31)), proxy="INDEX", owner="a"
    )
    bound = bind([portfolio([("a", item, 10.0)])], MARKET)
    assert bound.market.levels[RiskFactorKey("spot", "X1#a")] == 50.0
    assert "not rolled" in bound.market.provenance[RiskFactorKey("spot", "X1#a")].note


def test_attributes_alone_carry_an_unpriced_issuer():
    item = instrument("equity", issuer="QUIET", stated=stated(500.0, 10.0, MARKET.as_of), owner="a")
    bound = bind([portfolio([("a", item, 10.0)])], MARKET)
    assert bound.market.links == MARKET.links
    assert bound.market.issuers["QUIET#a"].attributes == {"sector": "energy"}


def test_the_market_may_name_the_proxy():
    quiet = replace(MARKET.issuers["QUIET"], attributes={"proxy": "INDEX"})
    market = replace(MARKET, issuers={**MARKET.issuers, "QUIET": quiet})
    item = instrument("equity", issuer="QUIET", stated=stated(500.0, 10.0), owner="a")
    bound = bind([portfolio([("a", item, 10.0)])], market)
    assert bound.market.levels[RiskFactorKey("spot", "QUIET#a")] == pytest.approx(55.0)


def test_a_price_of_the_market_beats_a_stated_value():
    item = instrument("equity", issuer="ACME", stated=stated(1.0, 1.0), owner="a")
    bound = bind([portfolio([("a", item, 1.0)])], MARKET)
    assert bound.instruments[0].spec.issuer == "ACME"
    assert bound.instruments[0].proxied is None


def test_a_spread_override_is_private_and_matches_by_its_public_name():
    plain, marked = instrument("fixed_bond", **BOND), instrument("fixed_bond", **BOND, z_spread="7%")
    book = compile_book([portfolio([("a", plain, 1.0), ("b", marked, 1.0)])], MARKET)
    key = RiskFactorKey("credit_spread", "BOLT#b")
    assert book.market.levels[key] == pytest.approx(0.07)
    assert key.public_name == "BOLT"
    needs = [RiskFactorKey("credit_spread", "BOLT") in item.requirements.factors for item in book.instruments]
    assert sorted(needs) == [False, True]


def test_content_hash_ignores_order_and_sees_quantities():
    rows = [("a", instrument("equity", issuer="ACME"), 1.0), ("b", instrument("equity", issuer="BOLT"), 2.0)]
    first = compile_book([portfolio(rows)], MARKET).content_hash
    assert compile_book([portfolio(rows[::-1])], MARKET).content_hash == first
    rows[0] = ("a", rows[0][1], 1.5)
    assert compile_book([portfolio(rows)], MARKET).content_hash != first

"""A universe against the shipped market: listed contracts only, each once, held things under their ids."""

from __future__ import annotations

from datetime import date

import pytest
from tests.hedging.small_policies import policy

from stresstest.catalog import instrument_type
from stresstest.conventions.listed_days import option_expiry
from stresstest.errors import InputError
from stresstest.hedging.policies.candidates import CLEARING_HOUSE, CREDIT_CLEARING_HOUSE, Candidate
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.universe import expand_universe
from stresstest.io.resources import names
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.loading import build_portfolio, load_portfolio
from stresstest.portfolio.model import Portfolio

SHARES = "  - {name: shares, type: equity, issuer: [KO, MSFT], reason: to buy}"


@pytest.fixture(scope="module")
def market() -> MarketSnapshot:
    return load_market("2025-10-03")


def expanded(market: MarketSnapshot, text: str, portfolio: Portfolio | None = None) -> tuple[Candidate, ...]:
    return expand_universe(policy(SHARES, f"  - {{{text}, reason: x}}"), market, market.as_of, portfolio)


def test_puts_are_listed_ones_near_what_is_asked_for(market: MarketSnapshot) -> None:
    found = expanded(
        market,
        "name: puts, type: european_option, underlying: [SPY, NVDA], right: put, strikes: [75%, 90%],"
        " expiries: [6m, 15m]",
    )
    assert len(found) == 8
    for item in found:
        terms, spec = item.option, item.instrument.spec
        assert terms is not None
        assert spec.expiry == option_expiry(spec.expiry.year, spec.expiry.month) == terms.expiry
        spot = market.levels[RiskFactorKey("spot", terms.underlying)]
        assert terms.strike % (10.0 if spot > 200.0 else 5.0) == 0.0
        assert min(abs(terms.moneyness - wanted) for wanted in (0.75, 0.9)) <= 5.0 / spot + 1e-12
        assert (item.cleared, item.seller) == (True, CLEARING_HOUSE)
        assert terms.is_index is (terms.underlying == "SPY")
        assert (item.traits.values["asset_class"], spec.multiplier) == ("option", 100.0)
    assert {item.option.expiry for item in found if item.option} == {date(2026, 4, 17), date(2027, 1, 15)}
    assert found[0].id == "spy-put-500-2026-04-17"


def test_strikes_that_fall_together_are_bought_once(market: MarketSnapshot) -> None:
    found = expanded(
        market,
        "name: puts, type: european_option, underlying: OKLO, right: put, strikes: [80%, 80.1%],"
        " expiries: [6m, 7m, 188d]",
    )
    assert [item.option.expiry for item in found if item.option] == [date(2026, 4, 17), date(2026, 5, 15)]


def test_a_put_spread_is_long_above_and_short_below_in_equal_number(market: MarketSnapshot) -> None:
    (found,) = expanded(
        market,
        "name: s, package: put_spread, underlying: SPY, spreads: [{buy: 90%, sell: 75%}], expiries: [6m],"
        " strike_step: 5",
    )
    bought, sold = found.legs
    assert (bought.units, sold.units) == (1.0, -1.0)
    assert bought.instrument.spec.strike > sold.instrument.spec.strike
    assert bought.instrument.spec.expiry == sold.instrument.spec.expiry
    assert found.is_package
    assert found.id == "spy-put-spread-600-500-2026-04-17"


def test_an_over_the_counter_seller_owes_the_payment(market: MarketSnapshot) -> None:
    (found,) = expanded(
        market,
        "name: p, type: european_option, underlying: SPY, right: put, strikes: [80%], expiries: [6m],"
        " seller: GS",
    )
    assert (found.cleared, found.seller) == (False, "GS")


def test_bills_and_strips_fall_due_on_their_days(market: MarketSnapshot) -> None:
    found = expanded(market, "name: t, type: zero_bond, issuer: UST, maturities: [3m, 12m, 2y, 30y]")
    assert [item.id for item in found] == [
        "bill-2026-01-02", "bill-2026-10-01", "strip-2027-08-15", "strip-2055-08-15",
    ]  # fmt: skip
    assert {(item.cleared, item.seller) for item in found} == {(False, "UST")}
    assert found[1].traits.maturity_years == pytest.approx(363 / 365)


def test_a_selection_takes_what_it_says_and_has_a_price(market: MarketSnapshot) -> None:
    found = expanded(
        market,
        "name: m, type: equity, select: {theme: durable_moat, min_exposure: 90%}, except: [BRK-A, KO]",
    )
    assert {item.id for item in found} == {
        name.lower()
        for name, issuer in market.issuers.items()
        if issuer.themes.get("durable_moat", 0.0) >= 0.9 and name not in ("BRK-A", "KO")
    }
    media = expanded(market, "name: m, type: equity, select: {industry: media}")
    unpriced = [n for n, i in market.issuers.items() if i.attributes.get("industry") == "media"]
    assert {item.instrument.spec.issuer for item in media} < set(unpriced)


def test_what_is_held_keeps_its_id_and_what_is_short_is_no_purchase(market: MarketSnapshot) -> None:
    rows = [
        {"id": "cola", "type": "equity", "issuer": "KO", "quantity": 10},
        {"id": "softly", "type": "equity", "issuer": "MSFT", "quantity": -5},
        {"id": "v", "type": "equity", "issuer": "MA", "quantity": 5},
    ]
    book = build_portfolio({"version": 1, "name": "b", "currency": "USD", "positions": rows})
    found = expanded(market, "name: s, type: equity, issuer: [KO, MSFT, V]", book)
    assert [(item.id, item.held) for item in found] == [("cola", True), ("v-new", False)]


def test_one_thing_of_two_lines_is_bought_once(market: MarketSnapshot) -> None:
    lines = (
        "  - {name: a, type: fund, issuer: GLD, source: gold, reason: x}\n"
        "  - {name: b, type: fund, select: {asset_class: gold}, reason: x}"
    )
    (found,) = expand_universe(policy(SHARES, lines), market, market.as_of)
    assert (found.line, found.source) == ("a", "gold")


def test_everything_that_the_market_lacks_is_said(market: MarketSnapshot) -> None:
    lines = (
        "  - {name: a, type: equity, issuer: [KOO, SIRI], reason: x}\n"
        "  - {name: b, type: european_option, underlying: UNG, right: put, strikes: [80%], expiries: [6m],"
        " reason: x}\n"
        "  - {name: c, type: fund, select: {sector: energy}, reason: x}"
    )
    with pytest.raises(InputError) as caught:
        expand_universe(policy(SHARES, lines), market, market.as_of)
    assert [(p.code, p.location.line) for p in caught.value.problems] == [
        ("ST476", 5), ("ST357", 5), ("ST361", 6), ("ST476", 7),
    ]  # fmt: skip
    assert caught.value.problems[0].suggestion == "KO"


@pytest.mark.parametrize("name", [name for name, _ in names("hedges")])
@pytest.mark.parametrize("portfolio", ["ai_growth_fund", "balanced_60_40"])
def test_shipped_universes_are_priced_and_named_apart(
    name: str, portfolio: str, market: MarketSnapshot
) -> None:
    book = load_portfolio(portfolio)
    found = expand_universe(load_policy(name), market, market.as_of, book)
    assert len({item.id for item in found}) == len(found)
    for item in found:
        assert item.held == (item.id in book.positions.ids)
        for leg in item.legs:
            instrument_type(leg.instrument.tag).requirements(leg.instrument.spec, market)


def test_lots_come_from_the_costs(market: MarketSnapshot) -> None:
    found = expand_universe(load_policy("buffett"), market, market.as_of)
    assert {(item.instrument.tag, item.lot_size) for item in found} == {
        ("equity", 100.0), ("zero_bond", 10_000.0), ("fund", 100.0),
    }  # fmt: skip


def test_listed_puts_on_shares_and_funds_may_be_american(market: MarketSnapshot) -> None:
    found = expanded(
        market,
        "name: p, type: american_option, underlying: [NVDA, SPY], right: put, strikes: [80%], expiries: [6m]",
    )
    assert {item.instrument.tag for item in found} == {"american_option"}
    assert [item.option.is_index for item in found if item.option] == [False, True]
    assert {(item.cleared, item.seller, item.lot_size) for item in found} == {(True, CLEARING_HOUSE, 1.0)}


@pytest.mark.parametrize("exercise", ["american", "european"])
def test_both_legs_of_a_spread_are_exercised_alike(market: MarketSnapshot, exercise: str) -> None:
    (found,) = expanded(
        market,
        f"name: s, package: put_spread, exercise: {exercise}, underlying: SPY,"
        " spreads: [{buy: 90%, sell: 75%}], expiries: [6m]",
    )
    assert [leg.instrument.tag for leg in found.legs] == [f"{exercise}_option"] * 2


def test_protection_on_a_credit_index_ends_on_the_standard_day_and_is_cleared(market: MarketSnapshot) -> None:
    (found,) = expanded(
        market,
        "name: c, type: cds_index, index: CDX.NA.HY, series: 45, coupon: 500bp, recovery: 30%, tenors: [5y]",
    )
    spec = found.instrument.spec
    assert (found.id, spec.maturity) == ("cdx.na.hy-45-protection-2030-12-20", date(2030, 12, 20))
    assert (spec.coupon, spec.recovery, spec.series) == (0.05, 0.3, 45)
    assert (found.cleared, found.seller) == (True, CREDIT_CLEARING_HOUSE)
    assert found.traits.values["asset_class"] == "credit_swap"


def test_protection_on_what_is_no_index_is_refused(market: MarketSnapshot) -> None:
    with pytest.raises(InputError) as caught:
        expanded(market, "name: c, type: cds_index, index: NVDA, series: 45, coupon: 100bp, tenors: [5y]")
    assert "ST356" in [problem.code for problem in caught.value.problems]

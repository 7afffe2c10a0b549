"""What convertible bonds depend on, and what is refused."""

from __future__ import annotations

from dataclasses import replace

from tests.fixtures.refusals import codes, names, refused
from tests.fixtures.unit_values import unit_values
from tests.instruments.convertible_bond.convertibles import TAG, TERMS, TODAY, bond, day, market

from stresstest.api import load_market, load_portfolio
from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey

MARKET = market()


def test_share_spread_and_rates_are_declared() -> None:
    found = names(TAG, TERMS, MARKET)
    assert set(found) == {
        *(f"zero_rate/USD/{tenor}" for tenor in ("1Y", "2Y", "5Y")),
        *("credit_spread/ACME", "spot/ACME", "dividend_yield/ACME", "implied_vol/ACME/1Y"),
    }


def test_rates_count_where_something_is_paid_or_decided_whatever_the_steps() -> None:
    """Rates before move no value without coupons and dividends: reading them would leave rounding alone."""
    for steps in (11, 51, 101, 201, 301):
        terms = {**TERMS, "coupon": "0%", "steps": steps}
        rates = [name for name in names(TAG, terms, MARKET) if name.startswith("zero_rate")]
        assert rates == ["zero_rate/USD/2Y", "zero_rate/USD/5Y"]
        called = {**terms, "calls": ({"date": day(365), "until": day(365)},)}
        rates = [name for name in names(TAG, called, MARKET) if name.startswith("zero_rate")]
        assert set(rates) >= {"zero_rate/USD/2Y", "zero_rate/USD/5Y"}


def test_every_factor_of_the_shipped_notes_moves_them_whatever_the_steps() -> None:
    (item,) = [item for item in load_portfolio("market_neutral").instruments if item.tag == TAG]
    base, type_ = load_market(), instrument_type(TAG)
    declared = [key for key in type_.requirements(item.spec, base).factors if key in base.levels]
    assert len([key for key in declared if key.kind == "zero_rate"]) == 2
    bumps = [{}, *({key: base.levels[key] * 1.03 or 0.03} for key in declared)]
    specs = [item.spec.model_copy(update={"steps": steps}) for steps in (101, 121, 151, 201, 251)]
    for number, row in enumerate(unit_values(type_, specs, base, bumps)):
        still = [key for key, value in zip(declared, row[1:], strict=True) if value == row[0]]
        assert [key.kind for key in still] in ([], ["default_state", "recovery_rate"]), (specs[number], still)


def test_without_conversion_the_share_does_not_matter() -> None:
    for terms in ({"conversion_ratio": 0.0}, {"conversion_end": day(-1)}):
        assert not [name for name in names(TAG, {**TERMS, **terms}, MARKET) if name.startswith("spot")]


def test_a_spread_of_its_own_is_private_and_the_share_stays_public() -> None:
    override = instrument_type(TAG).override
    assert override is not None
    made = override(bond(z_spread="450bp", spread_factor=2.0), "ACME#p", MARKET, TODAY)
    assert made is not None
    assert made.levels == {RiskFactorKey("credit_spread", "ACME#p"): 0.045}
    assert made.spec.spread_factor == 1.0
    assert override(bond(), "ACME#p", MARKET, TODAY) is None


def test_what_the_market_lacks_is_said() -> None:
    assert codes(TAG, TERMS, replace(MARKET, smiles={})) == ["ST361"]
    assert codes(TAG, {**TERMS, "issuer": "NONE"}, MARKET) == ["ST355"]
    assert codes(TAG, {**TERMS, "maturity": TODAY}, MARKET) == ["ST370"]
    assert codes(TAG, {**TERMS, "issue_date": day(20)}, MARKET) == ["ST371"]
    without = {key: level for key, level in MARKET.levels.items() if key.kind != "credit_spread"}
    assert codes(TAG, TERMS, replace(MARKET, levels=without)) == ["ST357"]


def test_terms_that_no_bond_has_are_refused() -> None:
    twice = {**TERMS, "z_spread": "450bp", "clean_price": 97.5}
    assert "z_spread and clean_price are both given" in refused(TAG, twice)
    calls = ({"date": day(500)}, {"date": day(400)})
    assert "in the order of their dates" in refused(TAG, {**TERMS, "calls": calls})
    assert "before the maturity" in refused(TAG, {**TERMS, "puts": ({"date": TERMS["maturity"]},)})
    early = ({"date": day(500), "until": day(400)},)
    assert "not between it and maturity" in refused(TAG, {**TERMS, "calls": early})
    window = {"conversion_start": day(500), "conversion_end": day(400)}
    assert "conversion starts" in refused(TAG, {**TERMS, **window})

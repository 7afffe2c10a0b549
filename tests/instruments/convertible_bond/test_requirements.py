"""What convertible bonds depend on, and what is refused."""

from __future__ import annotations

from dataclasses import replace

from tests.fixtures.refusals import codes, names, refused
from tests.instruments.convertible_bond.convertibles import TAG, TERMS, TODAY, bond, day, market

from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey

MARKET = market()


def test_share_spread_and_rates_are_declared() -> None:
    found = names(TAG, TERMS, MARKET)
    assert set(found) == {
        *(f"zero_rate/USD/{tenor}" for tenor in ("3M", "1Y", "2Y", "5Y")),
        *("credit_spread/ACME", "spot/ACME", "dividend_yield/ACME", "implied_vol/ACME/1Y"),
    }


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
    calls = ({"date": day(500)}, {"date": day(400)})
    assert "in the order of their dates" in refused(TAG, {**TERMS, "calls": calls})
    assert "before the maturity" in refused(TAG, {**TERMS, "puts": ({"date": TERMS["maturity"]},)})
    early = ({"date": day(500), "until": day(400)},)
    assert "not between it and maturity" in refused(TAG, {**TERMS, "calls": early})
    window = {"conversion_start": day(500), "conversion_end": day(400)}
    assert "conversion starts" in refused(TAG, {**TERMS, **window})

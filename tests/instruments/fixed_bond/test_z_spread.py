"""The spread that a price implies, and overrides."""

from __future__ import annotations

from dataclasses import replace

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.instruments.fixed_bond.pricing import AS_OF, NODE_DAYS, RATES, SPREADS, bond, market, unit_values
from tests.oracle.quantlib_bonds import fixed_rate_bond, to_quantlib, zero_curve

from stresstest.errors import InputError
from stresstest.instruments.fixed_bond import INSTRUMENT_TYPE
from stresstest.instruments.fixed_bond.terms import accrued_interest, fixed_leg
from stresstest.instruments.fixed_bond.z_spread import solve_z_spread
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer


# The first call compiles.
@settings(deadline=None)
@given(
    spread=st.floats(-0.03, 3.0),
    maturity=st.dates(AS_OF.replace(year=2025, month=11), AS_OF.replace(year=2056)),
    coupon=st.floats(0.0, 0.15),
)
def test_the_spread_of_its_own_price_comes_back(spread: float, maturity: object, coupon: float) -> None:
    spec = bond(maturity=str(maturity), coupon=f"{100 * coupon:.6f}%")
    price = 100 * unit_values([spec], {"credit_spread/CRWV": [spread]})[0, 0]
    assert solve_z_spread(spec, market(), AS_OF, price, "dirty") == pytest.approx(spread, abs=1e-11)
    if price > 100 * accrued_interest(spec, AS_OF):
        clean = price - 100 * accrued_interest(spec, AS_OF)
        assert solve_z_spread(spec, market(), AS_OF, clean) == pytest.approx(spread, abs=1e-9)


def test_agrees_with_quantlib() -> None:
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(AS_OF)
        curve = zero_curve(AS_OF, NODE_DAYS, RATES)
        for price in (60.0, 99.5, 104.25):
            expected = QuantLib.BondFunctions.zSpread(
                fixed_rate_bond(fixed_leg(bond(), AS_OF)),
                QuantLib.BondPrice(price, QuantLib.BondPrice.Clean),
                curve,
                QuantLib.Actual365Fixed(),
                QuantLib.Continuous,
                QuantLib.Annual,
                to_quantlib(AS_OF),
                1e-13,
            )
            assert solve_z_spread(bond(), market(), AS_OF, price) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("price", [1e-3, 5.0, 150.0])
def test_distressed_and_rich_prices_have_a_spread(price: float) -> None:
    spread = solve_z_spread(bond(), market(), AS_OF, price, "dirty")
    value = unit_values([bond()], {"credit_spread/CRWV": [spread]})[0, 0]
    assert 100 * value == pytest.approx(price, rel=1e-13)


@pytest.mark.parametrize("price", [-1.0, 0.0, 1e7])
def test_prices_that_no_spread_gives_are_refused(price: float) -> None:
    with pytest.raises(InputError, match=r"ST373.*a price that some z-spread gives"):
        solve_z_spread(bond(), market(), AS_OF, price, "dirty")


def test_a_stated_spread_becomes_a_private_factor() -> None:
    assert INSTRUMENT_TYPE.override is not None
    found = INSTRUMENT_TYPE.override(bond(z_spread="350bp"), "CRWV#note", market(), AS_OF)
    assert found is not None
    assert found.spec == bond(issuer="CRWV#note")
    assert found.levels == {RiskFactorKey("credit_spread", "CRWV#note"): pytest.approx(0.035, abs=1e-17)}


@pytest.mark.parametrize("issuer", ["CRWV", "UST", "BARE"])
def test_a_stated_price_is_the_value_of_the_bond(issuer: str) -> None:
    base = market()
    stated = bond(issuer=issuer, clean_price="97.375")
    assert INSTRUMENT_TYPE.override is not None
    found = INSTRUMENT_TYPE.override(stated, f"{issuer}#note", base, AS_OF)
    assert found is not None
    private = Issuer(f"{issuer}#note", issuer, base.issuers[issuer].kind, "USD")
    extended = replace(
        base, levels={**base.levels, **found.levels}, issuers={**base.issuers, private.id: private}
    )
    value = unit_values([found.spec], base=extended)[0, 0]
    assert value == pytest.approx(0.97375 + accrued_interest(stated, AS_OF), abs=1e-15)
    assert (
        RiskFactorKey("credit_spread", private.id)
        in INSTRUMENT_TYPE.requirements(found.spec, extended).factors
    )


def test_a_bond_without_override_stays_as_it_is() -> None:
    assert INSTRUMENT_TYPE.override is not None
    assert INSTRUMENT_TYPE.override(bond(), "CRWV#note", market(), AS_OF) is None
    assert SPREADS["CRWV"] == market().levels[RiskFactorKey("credit_spread", "CRWV")]

"""Values of zero-coupon bonds against QuantLib and the oracle, and what they must obey."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import QuantLib
from tests.fixtures.books import BOND, instrument
from tests.fixtures.unit_values import unit_values
from tests.instruments.zero_bond.market import (
    AS_OF,
    BOLT_SPREAD,
    NODE_DAYS,
    USD_RATES,
    bond,
    market,
    values,
)
from tests.oracle import zero_bond as oracle
from tests.oracle.quantlib_bonds import to_quantlib, zero_curve

from stresstest.catalog import instrument_type

NODES = [(days / 365, rate) for days, rate in zip(NODE_DAYS.values(), USD_RATES, strict=True)]
MATURITIES = [
    AS_OF + timedelta(days=days)
    for days in (1, 2, 30, 91, 364, 365, 366, 730, 1824, 1825, 1826, 2700, 3649, 3650, 3651, 7305, 18_262)
]
ALL_RATES = [f"zero_rate/USD/{tenor}" for tenor in NODE_DAYS]


def ladder(issuer: str) -> list:
    return [bond(issuer, str(maturity)) for maturity in MATURITIES]


@pytest.mark.parametrize(("issuer", "spread"), [("GOV", 0.0), ("BOLT", BOLT_SPREAD)])
def test_values_are_those_of_quantlib(issuer: str, spread: float) -> None:
    riskless = QuantLib.YieldTermStructureHandle(zero_curve(AS_OF, [*NODE_DAYS.values()], USD_RATES))
    quote = QuantLib.QuoteHandle(QuantLib.SimpleQuote(spread))
    curve = QuantLib.ZeroSpreadedTermStructure(riskless, quote, QuantLib.Continuous)
    engine = QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(curve))
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(AS_OF)
        for maturity, got in zip(MATURITIES, values(ladder(issuer))[:, 0], strict=True):
            peer = QuantLib.ZeroCouponBond(0, QuantLib.NullCalendar(), 1.0, to_quantlib(maturity))
            peer.setPricingEngine(engine)
            assert got == pytest.approx(peer.NPV(), abs=1e-12), maturity
            assert got == pytest.approx(curve.discount(to_quantlib(maturity)), abs=1e-12), maturity


@pytest.mark.parametrize(("issuer", "spread"), [("GOV", 0.0), ("EMG", 0.02), ("BOLT", BOLT_SPREAD)])
def test_values_are_those_of_the_oracle(issuer: str, spread: float) -> None:
    for maturity, got in zip(MATURITIES, values(ladder(issuer))[:, 0], strict=True):
        expected = oracle.value(maturity, AS_OF, NODES, spread)
        assert got == pytest.approx(expected, abs=oracle.SIZE_TOLERANCE), maturity


def test_a_bond_at_a_node_is_worth_the_exponential_of_its_rate() -> None:
    assert oracle.value(date(2026, 10, 3), AS_OF, NODES, 0.0) == np.exp(-0.036)
    assert values([bond("GOV", "2026-10-03")])[0, 0] == pytest.approx(np.exp(-0.036), abs=1e-15)


def test_a_named_curve_and_another_currency_discount_the_face() -> None:
    on_sofr, in_euros = bond("GOV", "2026-10-03", curve="USD_SOFR"), bond("BOLT", currency="EUR")
    found = values([on_sofr, in_euros], {}, {"zero_rate/USD_SOFR/1Y": 0.05, "zero_rate/EUR/1Y": 0.0})
    years = (in_euros.maturity - AS_OF).days / 365
    assert found[0].tolist() == pytest.approx([np.exp(-0.035), np.exp(-0.05)], abs=1e-15)
    expected = [np.exp(-(rate + BOLT_SPREAD) * years) for rate in (0.02, 0.0)]
    assert found[1].tolist() == pytest.approx(expected, abs=1e-15)


def test_it_is_a_fixed_bond_with_a_coupon_of_zero() -> None:
    for issuer in ("GOV", "BOLT"):
        twins = [
            instrument("fixed_bond", **{**BOND, "issuer": issuer, "coupon": "0%", "maturity": maturity}).spec
            for maturity in MATURITIES
        ]
        expected = unit_values(instrument_type("fixed_bond"), twins, market(), [{}])
        assert values(ladder(issuer)) == pytest.approx(expected, abs=1e-15)


def test_value_falls_as_every_rate_and_the_spread_rise() -> None:
    levels = [-0.05, -0.01, 0.0, 1e-6, 0.02, 0.05, 0.2, 1.0]
    rising = [dict.fromkeys(ALL_RATES, level) for level in levels]
    spreads = [{"credit_spread/BOLT": level} for level in levels]
    for moves in (rising, spreads):
        found = values(ladder("BOLT"), *moves)
        assert np.all(np.diff(found, axis=1) < 0.0)
        assert np.all(found > 0.0)


def test_value_falls_with_maturity_while_forward_rates_are_positive() -> None:
    for issuer in ("GOV", "BOLT"):
        assert np.all(np.diff(values(ladder(issuer))[:, 0]) < 0.0)


def test_value_tends_to_the_face_as_maturity_nears() -> None:
    shortest = values([bond("GOV", "2025-10-04"), bond("BOLT", "2025-10-04")])[:, 0]
    assert shortest.tolist() == pytest.approx([1 - 0.036 / 365, 1 - (0.036 + BOLT_SPREAD) / 365], abs=1e-7)


def test_without_rate_and_spread_the_value_is_exactly_the_face() -> None:
    nothing = {**dict.fromkeys(ALL_RATES, 0.0), "credit_spread/BOLT": 0.0}
    assert np.all(values([*ladder("GOV"), *ladder("BOLT")], nothing) == 1.0)


def test_a_spread_of_zero_gives_the_bits_of_none() -> None:
    assert np.array_equal(values(ladder("BOLT"), {"credit_spread/BOLT": 0.0}), values(ladder("GOV")))


def test_a_negative_rate_is_worth_more_than_the_face() -> None:
    assert np.all(values(ladder("GOV"), dict.fromkeys(ALL_RATES, -0.01)) > 1.0)


def test_extreme_levels_end_at_nothing_and_at_infinity() -> None:
    found = values(
        [bond()],
        {"credit_spread/BOLT": 1e4},
        {"credit_spread/BOLT": np.inf},
        {"credit_spread/BOLT": -1e4},
    )
    assert found[0].tolist() == [0.0, 0.0, np.inf]


def test_what_is_not_a_number_gives_no_number_and_only_where_it_is_read() -> None:
    specs = [bond("BOLT", "2026-01-15"), bond("GOV", "2026-01-15")]
    assert np.isnan(values(specs, {"zero_rate/USD/1Y": np.nan})).all()
    assert np.isnan(values(specs, {"credit_spread/BOLT": np.nan})[:, 0]).tolist() == [True, False]
    assert np.isfinite(values(specs, {"zero_rate/USD/10Y": np.nan})).all()


def test_bonds_with_and_without_spread_do_not_influence_each_other() -> None:
    specs = [spec for pair in zip(ladder("GOV"), ladder("BOLT"), strict=True) for spec in pair]
    moves = [{}, {"credit_spread/BOLT": 0.1, "zero_rate/USD/5Y": 0.06}]
    together = values(specs, *moves)
    alone = np.vstack([values([spec], *moves) for spec in specs])
    assert together.tobytes() == alone.tobytes()

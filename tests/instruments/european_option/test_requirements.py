"""Factors that an option depends on, and everything that a market may lack."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fixtures.option_market import EUROPEAN, SPOT, YIELD, flat_market, option, option_market

from stresstest.arrays import frozen
from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, MarketSnapshot

MARKET = option_market()


def names(days: int, market: MarketSnapshot = MARKET, **terms: object) -> list[str]:
    found = EUROPEAN.requirements(option(days=days, **terms), market)
    assert found.currency == "USD"
    assert len(set(found.factors)) == len(found.factors)
    return [str(key) for key in found.factors][2:]


def pillar(tenor: str) -> list[str]:
    return [f"{kind}/ACME/{tenor}" for kind in ("implied_vol", "vol_skew", "vol_curvature")]


@pytest.mark.parametrize(
    ("days", "rates", "pillars"),
    [
        (10, ["3M"], ["1M"]),
        (60, ["3M"], ["1M", "3M"]),
        (200, ["3M", "1Y"], ["3M", "1Y"]),
        (365, ["1Y"], ["1Y"]),
        (500, ["1Y", "2Y"], ["1Y"]),
        (3000, ["5Y"], ["1Y"]),
    ],
)
def test_nodes_and_pillars_around_the_expiry(days: int, rates: list[str], pillars: list[str]) -> None:
    expected = [f"zero_rate/USD/{tenor}" for tenor in rates]
    assert names(days) == expected + [name for tenor in pillars for name in pillar(tenor)]


def test_spot_and_dividend_yield_come_first() -> None:
    assert EUROPEAN.requirements(option(), MARKET).factors[:2] == (SPOT, YIELD)


def test_a_flat_vol_has_no_skew() -> None:
    assert names(200, flat_market())[2:] == ["implied_vol/ACME/1Y"]


def test_on_the_day_of_expiry_only_the_spot_matters() -> None:
    assert EUROPEAN.requirements(option(days=0), MARKET).factors == (SPOT,)


def test_a_curve_of_the_option_replaces_the_discount_curve() -> None:
    sofr = Curve("SOFR", "USD", ("1Y",), frozen([1.0]))
    levels = {**MARKET.levels, RiskFactorKey("zero_rate", "SOFR", "1Y"): 0.04}
    market = replace(MARKET, curves={**MARKET.curves, "SOFR": sofr}, levels=levels)
    assert names(200, market, curve="SOFR")[0] == "zero_rate/SOFR/1Y"


def codes(market: MarketSnapshot, **terms: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        EUROPEAN.requirements(option(**terms), market)
    return [problem.code for problem in caught.value.problems]


def test_an_unknown_underlying_names_the_nearest() -> None:
    spec = option().model_copy(update={"underlying": "ACMEE"})
    with pytest.raises(InputError, match="did you mean 'ACME'"):
        EUROPEAN.requirements(spec, MARKET)


def test_an_expired_option_is_refused() -> None:
    assert codes(MARKET, days=-1) == ["ST360"]


def test_everything_missing_is_told_at_once() -> None:
    levels = {key: level for key, level in MARKET.levels.items() if key != YIELD}
    bare = replace(MARKET, levels=levels, smiles={}, discount_curves={})
    assert codes(bare) == ["ST362", "ST361", "ST357"]
    assert codes(MARKET, curve="USDX") == ["ST362"]


def test_a_curve_of_another_currency_is_refused() -> None:
    euro = replace(MARKET.curves["USD"], currency="EUR")
    assert codes(replace(MARKET, curves={"USD": euro})) == ["ST372"]


def test_missing_levels_are_told_on_the_day_of_expiry_too() -> None:
    levels = {key: level for key, level in MARKET.levels.items() if key != YIELD}
    assert codes(replace(MARKET, levels=levels), days=0) == ["ST357"]

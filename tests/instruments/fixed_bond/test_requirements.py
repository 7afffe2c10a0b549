"""Factors of a bond: exactly those that move its value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.instruments.fixed_bond.pricing import bond, market, unit_values

from stresstest.errors import InputError
from stresstest.instruments.fixed_bond import INSTRUMENT_TYPE
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.market.keys import RiskFactorKey

BONDS = {
    "corporate": bond(),
    "treasury": bond(issuer="UST", day_count="ACT/ACT ICMA", maturity="2027-09-30"),
    "sovereign with a spread": bond(issuer="EM", maturity="2060-01-01"),
    "zero coupon": bond(issuer="UST", coupon="0%", maturity="2034-05-15"),
    "matures on a node": bond(issuer="UST", coupon="0%", maturity="2026-10-03"),
    "other curve": bond(curve="USD_SOFR"),
    "euro": bond(currency="EUR", frequency="1"),
}


@pytest.mark.parametrize("spec", BONDS.values(), ids=BONDS.keys())
def test_declared_factors_and_no_others_move_the_value(spec: FixedBondSpec) -> None:
    base = market()
    declared = set(INSTRUMENT_TYPE.requirements(spec, base).factors)
    moving = set()
    for key, level in base.levels.items():
        before, after = unit_values([spec], {str(key): [level, level + 0.01]})[0]
        if after != before:
            moving.add(key)
    assert declared == moving


def test_currency_and_factors_of_the_coreweave_note() -> None:
    found = INSTRUMENT_TYPE.requirements(bond(), market())
    assert found.currency == "USD"
    assert [str(key) for key in found.factors] == [
        *(f"zero_rate/USD/{tenor}" for tenor in ("1M", "3M", "6M", "1Y", "2Y", "5Y")),
        "credit_spread/CRWV",
    ]
    assert INSTRUMENT_TYPE.requirements(bond(currency="EUR"), market()).currency == "EUR"


@pytest.mark.parametrize(
    ("cells", "codes", "words"),
    [
        ({"issuer": "CRVW"}, ["ST355"], "did you mean 'CRWV'"),
        ({"curve": "USD_SOFT"}, ["ST362"], "did you mean 'USD_SOFR'"),
        ({"currency": "JPY"}, ["ST362"], "no discount curve of JPY"),
        ({"currency": "EUR", "curve": "USD"}, ["ST372"], "curve 'USD' of USD for payments in EUR"),
        ({"issuer": "BARE"}, ["ST357"], "no level for credit_spread/BARE"),
        ({"issuer": "BARE", "currency": "JPY"}, ["ST362", "ST357"], "no discount curve of JPY"),
        ({"maturity": "2025-01-01"}, ["ST370"], "matures on 2025-01-01"),
    ],
)
def test_what_the_market_lacks_is_named(cells: dict[str, str], codes: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        INSTRUMENT_TYPE.requirements(bond(**cells), market())
    assert [problem.code for problem in caught.value.problems] == codes


def test_a_missing_node_is_named() -> None:
    base = market()
    levels = {
        key: level for key, level in base.levels.items() if key != RiskFactorKey("zero_rate", "USD", "2Y")
    }
    with pytest.raises(InputError, match="no level for zero_rate/USD/2Y"):
        INSTRUMENT_TYPE.requirements(bond(), replace(base, levels=levels))

"""Sensitivities to vols of rates: each kind of vol by its own bump, in its own unit."""

from __future__ import annotations

import math
from datetime import date

import pytest
from tests.fixtures.books import columns, instrument, portfolio
from tests.fixtures.rate_market import NORMAL_VOLS, rate_market

from stresstest.measures.sensitivities import factor_sensitivities, sensitivities
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings

MARKET = rate_market()
YEARS, VOL = 1.0, NORMAL_VOLS["1Y"]
TERMS = {"currency": "USD", "expiry": date(2026, 10, 3), "maturity": date(2031, 10, 3)}
CALLABLE = {
    "issuer": "CRWV", "coupon": "9.25%", "maturity": date(2030, 6, 1), "frequency": 2, "day_count": "30/360",
    "calls": ({"date": date(2028, 6, 1), "price": 102.3},),
}  # fmt: skip


def book(quantity: float = 1e6):
    rows = [
        (f"{right}-{strike}", instrument("swaption", **TERMS, right=right, strike=f"{strike}%"), quantity)
        for right in ("payer", "receiver")
        for strike in (3, 4)
    ]
    black = instrument("swaption", **TERMS, right="payer", strike="4%", model="black")
    rows += [("black", black, quantity), ("callable", instrument("callable_bond", **CALLABLE), quantity)]
    return compile_book([portfolio(rows)], MARKET)


def by_name(found):
    return {
        name: dict(zip(found.position_ids, found.value[:, column].tolist(), strict=True))
        for column, name in enumerate(found.names)
    }


def values_today(compiled):
    held = apply_holdings(compiled, revalue(compiled, columns(MARKET, []))).portfolios[0]
    return dict(zip(held.position_ids, held.position_value[:, 0].tolist(), strict=True))


def test_a_basis_point_of_normal_vol_is_worth_what_bachelier_says() -> None:
    """Annuity and forward by parity at two strikes; then dV/dσ = A·√T·φ((F − K)/σ√T)."""
    compiled = book()
    found = by_name(sensitivities(compiled)[0])
    value = values_today(compiled)
    swap = {strike: value[f"payer-{strike}"] - value[f"receiver-{strike}"] for strike in (3, 4)}
    annuity = (swap[3] - swap[4]) / 0.01
    for strike in (3, 4):
        distance = swap[strike] / annuity / (VOL * math.sqrt(YEARS))
        density = math.exp(-0.5 * distance * distance) / math.sqrt(2.0 * math.pi)
        expected = 1e-4 * annuity * math.sqrt(YEARS) * density
        for right in ("payer", "receiver"):
            assert found["rate_vega"][f"{right}-{strike}"] == pytest.approx(expected, rel=1e-4)
            assert found["vega"][f"{right}-{strike}"] == 0.0


def test_vega_is_of_lognormal_vols_and_rate_vega_of_normal_ones() -> None:
    found = by_name(sensitivities(book())[0])
    assert found["vega"]["black"] > 0.0 == found["rate_vega"]["black"]
    assert found["rate_vega"]["callable"] < 0.0 == found["vega"]["callable"]


def test_vols_of_rates_are_among_the_factors_by_themselves() -> None:
    compiled = book()
    by_factor = factor_sensitivities(compiled)
    places = [place for place, key in enumerate(by_factor.keys) if key.kind == "normal_vol"]
    assert {by_factor.keys[place].tenor for place in places} == {"1Y", "5Y"}
    total = sum(by_name(sensitivities(compiled)[0])["rate_vega"].values())
    assert by_factor.value[0, places].sum() == pytest.approx(total, rel=1e-6)

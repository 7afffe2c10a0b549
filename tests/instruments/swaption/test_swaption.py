"""Swaptions: QuantLib, the oracle, parity, bounds, expiries, paths, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, spec, values
from tests.fixtures.rate_market import NORMAL_VOLS, SMILES, TODAY, flat, rate_market
from tests.fixtures.refusals import codes, names, refused, texts
from tests.fixtures.unit_values import unit_values
from tests.oracle import swaption as oracle
from tests.oracle.floating import moved
from tests.oracle.quantlib_swaps import curve, evaluation_date
from tests.oracle.quantlib_swaps import swaption as twin_of

from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey

TAG, MARKET = "swaption", rate_market()
TERMS: dict[str, Any] = {
    "right": "payer",
    "currency": "USD",
    "strike": "3.7%",
    "expiry": date(2026, 10, 5),
    "maturity": date(2036, 10, 5),
}
BLACK = {**TERMS, "model": "black"}
VOL_FREE = {f"normal_vol/USD_SWAPTION/{tenor}": 0.0 for tenor in NORMAL_VOLS}


def random_swaptions(count: int) -> list[Any]:
    """Swaptions over models, rights, expiries, lengths, forward starts, day counts, holidays."""
    generator = np.random.default_rng(41)
    found = []
    for number in range(count):
        calendar = ("none", "weekends_only", "target", "us_federal_reserve")[number % 4]
        # A day of exercise is a business day: QuantLib refuses a swap that begins on the Friday before.
        expiry = moved(calendar, TODAY + timedelta(days=int(generator.integers(1, 3000))), "following")
        start = expiry + timedelta(days=int(generator.integers(0, 400))) if number % 3 == 0 else None
        terms = {
            **TERMS,
            "right": ("payer", "receiver")[number % 2],
            "model": ("bachelier", "black")[number // 2 % 2],
            "strike": f"{generator.uniform(0.5, 9):.4f}%",
            "expiry": expiry,
            "start": start,
            "maturity": (start or expiry) + timedelta(days=int(generator.integers(200, 10_000))),
            "frequency": int(generator.choice([1, 2, 4])),
            "day_count": str(generator.choice(["ACT/360", "ACT/365F", "30E/360"])),
            "calendar": calendar,
            "end_of_month": False,
        }
        found.append(spec(TAG, **terms))
    return found


def test_values_are_those_of_quantlib() -> None:
    """One vol for all expiries, so that QuantLib's constant one is the same."""
    specs = random_swaptions(200)
    move = {RiskFactorKey("normal_vol", "USD_SWAPTION", tenor): 0.0091 for tenor in NORMAL_VOLS}
    for tenor in SMILES:
        move[RiskFactorKey("implied_vol", "USD_SWAPTION", tenor)] = 0.27
        for kind in ("vol_skew", "vol_curvature"):
            move[RiskFactorKey(kind, "USD_SWAPTION", tenor)] = 0.0
    got = unit_values(instrument_type(TAG), specs, MARKET, [move])[:, 0]
    with evaluation_date():
        handle = curve("USD_SOFR")
        for terms, value in zip(specs, got, strict=True):
            twin = twin_of(terms, handle, 0.0091 if terms.model == "bachelier" else 0.27).NPV()
            assert value == pytest.approx(twin, abs=1e-11), f"{terms!r}: {value}, {twin}"


@pytest.mark.parametrize("stickiness", ["moneyness", "strike"])
def test_values_are_those_of_the_oracle(stickiness: str) -> None:
    market = rate_market(stickiness=stickiness)
    specs = random_swaptions(240)
    if stickiness == "strike":
        specs = [terms for terms in specs if 92 <= (terms.expiry - TODAY).days <= 1825]
    moves = [{}, {key: level * 1.1 for key, level in market.levels.items()}]
    got = unit_values(instrument_type(TAG), specs, market, moves)
    for column, move in enumerate(moves):
        for terms, value in zip(specs, got[:, column], strict=True):
            expected, _ = oracle.unit_value(
                terms,
                market,
                lambda *key, move=move: move.get(RiskFactorKey(*key), market.levels[RiskFactorKey(*key)]),
            )
            assert value == pytest.approx(expected, abs=1e-12), (terms, column)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.05, 12.0),
    st.integers(1, 4000),
    st.integers(1, 30),
    st.sampled_from(["bachelier", "black"]),
    st.floats(0.002, 0.09),
)
def test_payer_less_receiver_is_the_forward_swap(
    strike: float, days: int, years: int, model: str, rate: float
) -> None:
    expiry = TODAY + timedelta(days=days)
    terms = {
        **TERMS,
        "strike": f"{strike}%",
        "expiry": expiry,
        "maturity": expiry + timedelta(days=366 * years),
        "model": model,
    }
    rates = flat("USD_SOFR", rate)
    payer, receiver = (
        values(TAG, {**terms, "right": right}, MARKET, rates)[0] for right in ("payer", "receiver")
    )
    swap = {
        "side": "pay_fixed",
        "currency": "USD",
        "fixed_rate": f"{strike}%",
        "start": expiry,
        "maturity": terms["maturity"],
        "fixed_frequency": 1,
        "fixed_day_count": "ACT/360",
        "floating_frequency": 4,
        "business_day_convention": "modified_following",
    }
    (forward,) = values("interest_rate_swap", swap, MARKET, rates)
    assert payer - receiver == pytest.approx(forward, abs=1e-13)
    assert min(payer, receiver) >= 0.0
    assert payer >= forward - 1e-13
    assert receiver >= -forward - 1e-13


@pytest.mark.parametrize("terms", [TERMS, BLACK])
def test_price_rises_with_vol_and_falls_with_the_strike(terms: dict[str, Any]) -> None:
    kind = "normal_vol" if terms is TERMS else "implied_vol"
    scale = 0.003 if terms is TERMS else 0.1
    moves = [{f"{kind}/USD_SWAPTION/{tenor}": scale * step for tenor in SMILES} for step in range(1, 8)]
    assert np.all(np.diff(values(TAG, terms, MARKET, *moves)) > 0.0)
    by_strike = [values(TAG, {**terms, "strike": f"{rate}%"}, MARKET)[0] for rate in (1, 2, 3, 4, 5, 6)]
    assert np.all(np.diff(by_strike) < 0.0)
    assert np.all(np.diff(by_strike, 2) > 0.0)


def test_negative_rates_have_a_normal_price_and_no_lognormal_one() -> None:
    rates = flat("USD_SOFR", -0.01)
    (normal,) = values(TAG, {**TERMS, "strike": "-0.5%"}, MARKET, rates)
    (lognormal,) = values(TAG, BLACK, MARKET, rates)
    assert 0.0 < normal < 0.1
    assert np.isnan(lognormal)


def test_vols_of_zero_and_the_day_of_expiry_leave_the_intrinsic_value() -> None:
    today = {**TERMS, "expiry": TODAY, "maturity": date(2035, 10, 3), "right": "receiver", "strike": "5%"}
    swap = {
        "side": "receive_fixed",
        "currency": "USD",
        "fixed_rate": "5%",
        "start": TODAY,
        "maturity": today["maturity"],
        "fixed_frequency": 1,
        "fixed_day_count": "ACT/360",
        "floating_frequency": 1,
    }
    (expected,) = values("interest_rate_swap", swap, MARKET)
    assert values(TAG, today, MARKET) == pytest.approx([expected], abs=1e-15)
    assert values(TAG, {**today, "right": "payer"}, MARKET) == [0.0]
    assert not [name for name in names(TAG, today, MARKET) if "vol" in name]
    later, still = values(TAG, {**TERMS, "strike": "2%"}, MARKET, {}, VOL_FREE)
    assert later > still > 0.1


def test_a_path_pays_what_it_is_worth_on_expiry() -> None:
    terms = {**TERMS, "right": "receiver", "strike": "4%"}
    worth, cash = along_path(TAG, terms, MARKET, [(100, flat("USD_SOFR", 0.03)), (500, {}), (900, {})])
    assert cash[:2] == [0.0, 0.0]
    # The day of expiry is no step: the swap begins on it, at the 3 % in force.
    (expected,) = values(
        TAG,
        {**terms, "expiry": TODAY, "maturity": TODAY + (TERMS["maturity"] - TERMS["expiry"])},
        MARKET,
        flat("USD_SOFR", 0.03),
    )
    assert cash[2] == pytest.approx(expected, abs=1e-4)
    assert worth[2:] == cash[2:] == [cash[2]] * 2


def test_vols_between_and_beyond_expiries() -> None:
    """On a pillar that one's, beyond the last the last one's, between two both."""

    def used(day: date) -> list[str]:
        return [name for name in names(TAG, {**TERMS, "expiry": day}, MARKET) if "vol" in name]

    assert used(TODAY + timedelta(days=365)) == ["normal_vol/USD_SWAPTION/1Y"]
    assert used(date(2033, 1, 3)) == ["normal_vol/USD_SWAPTION/5Y"]
    assert used(date(2028, 1, 3)) == ["normal_vol/USD_SWAPTION/1Y", "normal_vol/USD_SWAPTION/5Y"]
    assert any(name.startswith("vol_skew") for name in names(TAG, BLACK, MARKET))


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "expiry": date(2025, 10, 2)}, MARKET) == ["ST360"]
    assert codes(TAG, {**TERMS, "currency": "EUR"}, MARKET) == ["ST361"]
    assert codes(TAG, {**BLACK, "vol_surface": "NONE", "curve": "EUR"}, MARKET) == ["ST372", "ST361"]
    assert "did you mean 'USD_SWAPTION'?" in texts(TAG, {**TERMS, "vol_surface": "USD_SWAPTIONS"}, MARKET)[0]
    levels = {key: level for key, level in MARKET.levels.items() if str(key) != "normal_vol/USD_SWAPTION/5Y"}
    assert codes(TAG, TERMS, replace(MARKET, levels=levels)) == ["ST357"]
    assert "before the expiry" in refused(TAG, {**TERMS, "start": TODAY})
    assert "bachelier has one" in refused(TAG, {**BLACK, "strike": "-1%"})


def test_hulls_swaption() -> None:
    """J. Hull, Options, Futures, and Other Derivatives, on European swap options; recalled, no page checked.

    The right to pay 6.2 % for three years from five years on, half-yearly, where all rates are 6 %
    continuously compounded and the vol is 20 %: 2.07 on 100. Our days are not exactly half years.
    """
    terms = {
        **BLACK,
        "strike": "6.2%",
        "expiry": date(2030, 10, 3),
        "maturity": date(2033, 10, 3),
        "frequency": 2,
        "day_count": "30/360",
    }
    vols = {f"implied_vol/USD_SWAPTION/{tenor}": 0.2 for tenor in SMILES}
    kinds = ("vol_skew", "vol_curvature")
    smile = {f"{kind}/USD_SWAPTION/{tenor}": 0.0 for kind in kinds for tenor in SMILES}
    (value,) = values(TAG, terms, MARKET, {**flat("USD_SOFR", 0.06), **vols, **smile})
    assert 100.0 * value == pytest.approx(2.07, abs=0.01)

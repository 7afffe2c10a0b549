"""Commodity futures: the curve, entry, roll-down, settlement, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, day, forward_market, requirements, values
from tests.fixtures.refusals import codes, names, texts

MARKET = forward_market()
TERMS = {"commodity": "OIL", "expiry": day(200)}
SHARE = (200 / 365 - 0.25) / 0.75


def test_without_an_entry_price_the_base_value_is_exactly_nothing() -> None:
    for days in (0, 30, 91, 200, 365, 900):
        assert values("commodity_future", {**TERMS, "expiry": day(days)}, MARKET) == [0.0]


@given(st.floats(-60.0, 200.0), st.floats(-60.0, 200.0))
def test_prices_are_linear_between_deliveries_and_may_be_negative(near: float, far: float) -> None:
    move = {"commodity_forward/OIL/3M": near, "commodity_forward/OIL/12M": far}
    (value,) = values("commodity_future", {**TERMS, "entry_price": 61.0, "multiplier": 1000}, MARKET, move)
    assert value == pytest.approx(1000 * ((1 - SHARE) * near + SHARE * far - 61.0), abs=1e-9)


def test_a_future_on_power_reads_the_power_curve() -> None:
    terms = {"commodity": "HUB", "expiry": day(100), "entry_price": -5.0}
    assert values("commodity_future", terms, MARKET, {"power_price/HUB/12M": -20.0}) == [-15.0]
    assert names("commodity_future", terms, MARKET) == ["power_price/HUB/12M"]
    assert requirements("commodity_future", {**terms, "currency": "EUR"}, MARKET).currency == "EUR"


def test_a_future_rolls_down_its_curve_and_settles_once() -> None:
    worth, cash = along_path("commodity_future", TERMS, MARKET, [(100, {}), (250, {}), (300, {})])
    start = (1 - SHARE) * 60.0 + SHARE * 63.0
    later = (100 / 365 - 0.25) / 0.75
    assert worth[1] == pytest.approx((1 - later) * 60.0 + later * 63.0 - start, abs=1e-12)
    assert cash[2] == cash[3] == pytest.approx(60.0 - start, abs=1e-12)
    assert worth[2:] == cash[2:]


def test_only_the_deliveries_around_the_expiry_matter() -> None:
    oil = [f"commodity_forward/OIL/{tenor}" for tenor in ("3M", "12M")]
    assert names("commodity_future", TERMS, MARKET) == oil
    assert names("commodity_future", {**TERMS, "expiry": day(20)}, MARKET) == oil[:1]
    assert names("commodity_future", {**TERMS, "expiry": day(800)}, MARKET) == oil[1:]


def test_refusals() -> None:
    (text,) = texts("commodity_future", {**TERMS, "commodity": "OIIL"}, MARKET)
    assert "OIL, HUB" in text
    assert "did you mean 'OIL'" in text
    assert codes("commodity_future", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    lacking = {key: level for key, level in MARKET.levels.items() if key.tenor != "12M"}
    assert codes("commodity_future", TERMS, replace(MARKET, levels=lacking)) == ["ST357"]

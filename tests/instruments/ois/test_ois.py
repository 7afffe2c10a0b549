"""Overnight index swaps: QuantLib, the oracle, telescoping, what accrues along a path, refusals."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, spec, values
from tests.fixtures.rate_market import TODAY, flat, rate_market
from tests.fixtures.refusals import codes, names, refused
from tests.fixtures.unit_values import unit_values
from tests.oracle import ois as oracle
from tests.oracle.quantlib_bonds import to_date
from tests.oracle.quantlib_swaps import curve, evaluation_date, overnight_swap

from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey

TAG, MARKET = "ois", rate_market()
TERMS: dict[str, Any] = {
    "side": "receive_fixed",
    "currency": "USD",
    "fixed_rate": "3.4%",
    "start": TODAY,
    "maturity": date(2035, 10, 3),
}
FIXING = 0.0425


def random_swaps(count: int) -> list[Any]:
    """Swaps over sides, frequencies, stubs, lags, margins and holidays; begun, beginning and ahead."""
    generator = np.random.default_rng(29)
    found = []
    for number in range(count):
        start = TODAY + timedelta(days=int(generator.integers(-300, 500)))
        terms = {
            **TERMS,
            "side": ("pay_fixed", "receive_fixed")[number % 2],
            "fixed_rate": f"{generator.uniform(-1, 8):.4f}%",
            "start": TODAY if number % 7 == 0 else start,
            "maturity": TODAY + timedelta(days=int(generator.integers(530, 11_000))),
            "frequency": int(generator.choice([1, 2, 4])),
            "margin": f"{generator.integers(-50, 200)}bp",
            "calendar": ("weekends_only", "target", "us_federal_reserve")[number % 3],
            "payment_lag": int(generator.integers(0, 4)),
            "end_of_month": False,
        }
        found.append(spec(TAG, **terms))
    return found


def compounded(twin: Any) -> float:
    """Return the rate compounded so far in the first unpaid period of a twin, from its fixings day by day."""
    coupon = next(
        coupon
        for coupon in map(QuantLib.as_overnight_indexed_coupon, twin.overnightLeg())
        if to_date(coupon.date()) > TODAY
    )
    days = [min(to_date(day), TODAY) for day in coupon.valueDates()]
    growth = math.prod(1.0 + FIXING * (end - start).days / 360 for start, end in pairwise(days))
    return (growth - 1.0) * 360 / (days[-1] - days[0]).days


def test_values_are_those_of_quantlib() -> None:
    specs, twins = [], []
    with evaluation_date():
        handle = curve("USD_SOFR")
        for terms in random_swaps(150):
            twin = overnight_swap(terms, handle, FIXING)
            if terms.start < TODAY:
                terms = terms.model_copy(update={"current_rate": compounded(twin)})  # noqa: PLW2901
            specs.append(terms)
            twins.append(twin.NPV())
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    for terms, value, twin in zip(specs, got, twins, strict=True):
        assert value == pytest.approx(twin, abs=1e-11), f"{terms!r}: {value}, {twin}"


def test_values_are_those_of_the_oracle() -> None:
    specs = random_swaps(200)
    specs += [terms.model_copy(update={"current_rate": 0.043}) for terms in specs[:60]]
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    for terms, value in zip(specs, got, strict=True):
        expected, _ = oracle.unit_value(terms, MARKET, lambda *key: MARKET.levels[RiskFactorKey(*key)])
        assert value == pytest.approx(expected, abs=1e-12), terms


def test_the_floating_leg_telescopes() -> None:
    """From a reset it is worth 1 − D(end), and only the fixed payments' nodes and the end's matter."""
    expected = np.exp(-0.04 * (TERMS["maturity"] - TODAY).days / 365) - 1.0
    for frequency in (1, 4, 12):
        terms = {**TERMS, "fixed_rate": "0%", "frequency": frequency}
        (value,) = values(TAG, terms, MARKET, flat("USD_SOFR", 0.04))
        assert value == pytest.approx(expected, abs=1e-15)
        assert [name.rsplit("/", 1)[1] for name in names(TAG, terms, MARKET)] == ["10Y"]


@settings(max_examples=30, deadline=None)
@given(st.integers(-200, 400), st.integers(1, 30), st.sampled_from([0, 2]))
def test_a_swap_at_its_par_rate_is_worth_nothing(ahead: int, years: int, lag: int) -> None:
    start = TODAY + timedelta(days=ahead)
    terms = {**TERMS, "start": start, "maturity": start + timedelta(days=366 * years), "payment_lag": lag}
    at = [values(TAG, {**terms, "fixed_rate": rate}, MARKET)[0] for rate in ("0%", "1%")]
    rate = at[0] / (at[0] - at[1])
    (value,) = values(TAG, {**terms, "fixed_rate": f"{rate:.17g}%"}, MARKET)
    assert abs(value) < 1e-14 * years


def test_both_sides_are_opposite_to_the_bit() -> None:
    moves = ({}, flat("USD_SOFR", 0.06), flat("USD_SOFR", -0.01))
    terms = {**TERMS, "payment_lag": 2, "start": date(2025, 1, 15), "margin": "30bp"}
    received = values(TAG, terms, MARKET, *moves)
    paid = values(TAG, {**terms, "side": "pay_fixed"}, MARKET, *moves)
    assert paid == [-value for value in received]


def test_what_has_compounded_is_past() -> None:
    terms = {**TERMS, "start": date(2025, 4, 3), "maturity": date(2026, 4, 3), "fixed_rate": "0%"}
    still = flat("USD_SOFR", 0.0)
    (stated,) = values(TAG, {**terms, "current_rate": "4.4%"}, MARKET, still)
    assert stated == pytest.approx(-0.044 * 183 / 360, abs=1e-15)
    # Not stated: the overnight rate of the market's own curve over 183 days, which no scenario moves.
    (unstated,) = values(TAG, terms, MARKET, still)
    assert unstated == pytest.approx(1.0 - np.exp(0.0415 * 183 / 365), abs=1e-14)


def test_every_day_of_a_path_accrues_the_rate_in_force() -> None:
    terms = {**TERMS, "fixed_rate": "0%", "maturity": date(2026, 10, 3), "payment_lag": 2}
    steps = [(100, flat("USD_SOFR", 0.05)), (300, flat("USD_SOFR", 0.02)), (366, {}), (400, {})]
    worth, cash = along_path(TAG, terms, MARKET, steps)
    # No interest up to day 100, 5 % up to 300, 2 % to the end on day 365; paid on day 367.
    grown = np.exp(0.05 * 200 / 365 + 0.02 * 65 / 365)
    assert worth[2] == pytest.approx(-(grown - 1.0) * np.exp(-0.02 * 67 / 365), abs=1e-13)
    assert cash[:4] == [0.0] * 4
    assert worth[3] == pytest.approx(-(grown - 1.0) * np.exp(-0.02 / 365), abs=1e-13)
    assert worth[4] == cash[4] == pytest.approx(-(grown - 1.0), abs=1e-13)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 700), st.sampled_from([0, 2]), st.floats(0.0, 0.08))
def test_no_day_makes_value_and_cash_jump(first: int, lag: int, rate: float) -> None:
    """One rate from the first day on: over each of three days at most a day's interest is earned or paid."""
    terms = {**TERMS, "maturity": date(2027, 10, 4), "payment_lag": lag, "frequency": 2}
    steps = [(1, flat("USD_SOFR", rate)), *((first + day, {}) for day in (1, 2, 3))]
    worth, _ = along_path(TAG, terms, MARKET, steps)
    assert np.all(abs(np.diff(worth[2:])) <= (0.04 + rate) / 360 + 1e-12)


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "start": date(2020, 10, 3), "maturity": TODAY}, MARKET) == ["ST360"]
    assert codes(TAG, {**TERMS, "currency": "GBP"}, MARKET) == ["ST362"]
    assert codes(TAG, {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "not in order" in refused(TAG, {**TERMS, "maturity": TODAY})
    assert "payment_lag" in refused(TAG, {**TERMS, "payment_lag": -1})

"""Interest-rate swaps: QuantLib, the oracle, identities, what a path sets and pays, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, spec, values
from tests.fixtures.rate_market import TODAY, flat, rate_market
from tests.fixtures.refusals import codes, names, refused, texts
from tests.fixtures.unit_values import unit_values
from tests.oracle import interest_rate_swap as oracle
from tests.oracle.quantlib_swaps import curve, evaluation_date, vanilla_swap

from stresstest.catalog import instrument_type
from stresstest.conventions.day_counts import DayCount
from stresstest.market.keys import RiskFactorKey

TAG, MARKET = "interest_rate_swap", rate_market()
TERMS: dict[str, Any] = {
    "side": "pay_fixed",
    "currency": "USD",
    "fixed_rate": "3.5%",
    "start": TODAY,
    "maturity": date(2035, 10, 3),
    "fixed_frequency": 1,
    "fixed_day_count": "ACT/360",
    "floating_frequency": 4,
}


def random_swaps(count: int) -> list[Any]:
    """Swaps over sides, day counts, frequencies, stubs, month ends, holidays; begun, beginning and ahead."""
    generator = np.random.default_rng(23)
    counts = [name for name in get_args(DayCount) if name not in ("ACT/ACT ICMA", "ACT/365L")]
    found = []
    for number in range(count):
        start = TODAY + timedelta(days=int(generator.integers(-800, 500)))
        terms = {
            **TERMS,
            "side": ("pay_fixed", "receive_fixed")[number % 2],
            "fixed_rate": f"{generator.uniform(-1, 8):.4f}%",
            "start": TODAY if number % 11 == 0 else start,
            "maturity": TODAY + timedelta(days=int(generator.integers(530, 11_000))),
            "fixed_frequency": int(generator.choice([1, 2, 4])),
            "fixed_day_count": str(generator.choice(counts)),
            "floating_frequency": int(generator.choice([1, 2, 4, 12])),
            "floating_day_count": str(generator.choice(["ACT/360", "ACT/365F", "30E/360"])),
            "margin": f"{generator.integers(-50, 200)}bp",
            "calendar": ("none", "weekends_only", "target", "us_federal_reserve")[number % 4],
            # QuantLib takes the last business day of a month for its end too.
            "end_of_month": number % 8 == 0,
        }
        if number % 5 == 0:
            terms["projection_curve"] = "USD"
        if terms["start"] <= TODAY:
            terms["current_rate"] = f"{generator.uniform(2, 5):.3f}%"
        found.append(spec(TAG, **terms))
    return found


def test_values_are_those_of_quantlib() -> None:
    specs = random_swaps(300)
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    with evaluation_date():
        discount, other = curve("USD_SOFR"), curve("USD")
        for terms, value in zip(specs, got, strict=True):
            twin = vanilla_swap(terms, discount, other if terms.projection_curve else discount)
            assert value == pytest.approx(twin.NPV(), abs=1e-11), f"{terms!r}: {value}, {twin.NPV()}"


def test_values_are_those_of_the_oracle() -> None:
    specs = [terms.model_copy(update={"payment_lag": n % 4}) for n, terms in enumerate(random_swaps(200))]
    specs += [terms.model_copy(update={"current_rate": None}) for terms in specs[:60]]
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    for terms, value in zip(specs, got, strict=True):
        expected, _ = oracle.unit_value(terms, MARKET, lambda *key: MARKET.levels[RiskFactorKey(*key)])
        assert value == pytest.approx(expected, abs=1e-12), terms


def par_rate(terms: dict[str, Any]) -> float:
    """Return the fixed rate at which a swap that receives it is worth nothing, from two of its values."""
    at = [values(TAG, {**terms, "side": "receive_fixed", "fixed_rate": r}, MARKET)[0] for r in ("0%", "1%")]
    return at[0] / (at[0] - at[1]) * 0.01


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400), st.integers(1, 30), st.sampled_from([1, 2, 4]), st.sampled_from([0, 2]))
def test_a_swap_at_its_par_rate_is_worth_nothing(ahead: int, years: int, frequency: int, lag: int) -> None:
    start = TODAY + timedelta(days=ahead)
    maturity = start + timedelta(days=365 * years)
    terms = {**TERMS, "start": start, "maturity": maturity, "fixed_frequency": frequency, "payment_lag": lag}
    rate = par_rate(terms)
    assert 0.0 < rate < 0.1
    (value,) = values(TAG, {**terms, "fixed_rate": f"{100 * rate:.17g}%"}, MARKET)
    assert abs(value) < 1e-14 * years + 1e-15


@pytest.mark.parametrize("lag", [0, 2])
def test_both_sides_are_opposite_to_the_bit(lag: int) -> None:
    moves = ({}, flat("USD_SOFR", 0.06), flat("USD_SOFR", -0.01))
    terms = {**TERMS, "payment_lag": lag, "start": date(2025, 1, 15), "margin": "30bp"}
    paid = values(TAG, terms, MARKET, *moves)
    received = values(TAG, {**terms, "side": "receive_fixed"}, MARKET, *moves)
    assert paid == [-value for value in received]


def test_who_pays_fixed_gains_when_rates_rise() -> None:
    base, up = values(TAG, TERMS, MARKET, {}, flat("USD_SOFR", 0.07))
    assert up > 0.2 > base


def test_a_floating_leg_is_the_difference_of_two_discount_factors() -> None:
    """Without fixed rate and margin, from a reset: 1 − D(end), however often it pays."""
    terms = {**TERMS, "fixed_rate": "0%"}
    expected = 1.0 - np.exp(-0.04 * (TERMS["maturity"] - TODAY).days / 365)
    for frequency in (1, 2, 4, 12):
        (value,) = values(TAG, {**terms, "floating_frequency": frequency}, MARKET, flat("USD_SOFR", 0.04))
        assert value == pytest.approx(expected, abs=1e-15)


def test_the_rate_of_the_running_period_is_past() -> None:
    terms = {**TERMS, "start": date(2025, 9, 3), "maturity": date(2025, 12, 3), "fixed_rate": "0%"}
    stated = {**terms, "current_rate": "5%"}
    base, moved = values(TAG, stated, MARKET, {}, flat("USD_SOFR", 0.0))
    assert moved == pytest.approx(0.05 * 91 / 360, abs=1e-15)
    assert base < moved
    # Not stated: the market's own rate for three months, which no scenario moves.
    (unstated,) = values(TAG, terms, MARKET, flat("USD_SOFR", 0.0))
    assert unstated == pytest.approx(np.exp(0.0395 * 91 / 365) - 1.0, abs=1e-14)


def test_a_path_sets_rates_pays_them_and_remembers() -> None:
    """Rates are 0, then 5 % from day 40 on: the period that begins on day 92 is set at that rate."""
    terms = {**TERMS, "fixed_rate": "0%", "start": date(2025, 10, 3), "maturity": date(2026, 10, 3)}
    set_rate = np.exp(0.05 * 90 / 365) - 1.0
    worth, cash = along_path(
        TAG, terms, MARKET, [(40, flat("USD_SOFR", 0.05)), (100, {}), (120, flat("USD_SOFR", 0.0)), (190, {})]
    )
    # On day 100 what is set is paid on day 182, and from there the leg is worth D(182) − D(365).
    left, end = np.exp(-0.05 * 82 / 365), np.exp(-0.05 * 265 / 365)
    assert worth[2] == pytest.approx(set_rate * left + left - end, abs=1e-14)
    assert cash[:2] == [0.0, 0.0]
    assert cash[2] == cash[3] == pytest.approx(0.0, abs=1e-15)  # set on the first day, at 0
    assert worth[3] == pytest.approx(set_rate, abs=1e-14)  # rates are 0 again: only what is set is left
    assert worth[4] == cash[4] == pytest.approx(set_rate, abs=1e-14)


def test_a_swap_that_has_run_out_keeps_its_cash() -> None:
    terms = {**TERMS, "maturity": date(2026, 10, 3), "fixed_rate": "4%"}
    worth, cash = along_path(TAG, terms, MARKET, [(200, {}), (400, {}), (800, {})])
    assert worth == pytest.approx([-0.04 * 365 / 360] * 4, abs=1e-15)
    assert cash[-1] == cash[-2] == worth[-1]


def test_a_swap_depends_on_the_nodes_of_what_does_not_cancel() -> None:
    terms = {**TERMS, "maturity": date(2030, 10, 3), "floating_frequency": 12}
    tenors = {name.rsplit("/", 1)[1] for name in names(TAG, terms, MARKET)}
    assert tenors == {"1Y", "2Y", "5Y"}  # monthly payments telescope away
    lagged = names(TAG, {**terms, "payment_lag": 2, "projection_curve": "USD"}, MARKET)
    assert {"zero_rate/USD/1M", "zero_rate/USD_SOFR/1M"} <= set(lagged)


def test_a_currency_without_overnight_curve_takes_its_only_curve() -> None:
    (value,) = values(TAG, {**TERMS, "currency": "EUR"}, MARKET)
    assert value < 0.0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 700), st.sampled_from([0, 2]), st.floats(0.0, 0.08))
def test_no_day_makes_value_and_cash_jump(first: int, lag: int, rate: float) -> None:
    """One rate from the first day on: over each of three days at most a day's interest is earned or paid."""
    terms = {**TERMS, "maturity": date(2027, 10, 4), "payment_lag": lag, "fixed_frequency": 2}
    steps = [(1, flat("USD_SOFR", rate)), *((first + day, {}) for day in (1, 2, 3))]
    worth, _ = along_path(TAG, terms, MARKET, steps)
    assert np.all(abs(np.diff(worth[2:])) <= (0.04 + rate) / 360 + 1e-12)


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "start": date(2020, 10, 3), "maturity": TODAY}, MARKET) == ["ST360"]
    assert codes(TAG, {**TERMS, "currency": "GBP"}, MARKET) == ["ST362"]
    assert codes(TAG, {**TERMS, "curve": "EUR", "projection_curve": "SOFR"}, MARKET) == ["ST372", "ST362"]
    assert "did you mean 'USD_SOFR'?" in texts(TAG, {**TERMS, "projection_curve": "USDSOFR"}, MARKET)[0]
    levels = {key: level for key, level in MARKET.levels.items() if str(key) != "zero_rate/USD_SOFR/6M"}
    assert codes(TAG, TERMS, replace(MARKET, levels=levels)) == ["ST357"]
    assert "not in order" in refused(TAG, {**TERMS, "maturity": TODAY})
    assert "pay_fixed" in refused(TAG, {**TERMS, "side": "payer"})


def test_hulls_swap() -> None:
    """J. Hull, Options, Futures, and Other Derivatives, on swaps; recalled, no page checked.

    8 % received each half year against six-month LIBOR, last set at 10.2 %; 15 months left, zero rates of 10
    %, 10.5 % and 11 % at 3, 9 and 15 months: −4.27 on 100. Our days are not exactly months.
    """
    months = {"3M": 0.10, "6M": 0.1025, "1Y": 0.1075, "2Y": 0.1175}
    terms = {
        **TERMS,
        "side": "receive_fixed",
        "fixed_rate": "8%",
        "start": date(2025, 7, 3),
        "maturity": date(2027, 1, 3),
        "fixed_frequency": 2,
        "fixed_day_count": "30/360",
        "floating_frequency": 2,
        "floating_day_count": "30/360",
        "current_rate": "10.2%",
    }
    rates = {f"zero_rate/USD_SOFR/{tenor}": rate for tenor, rate in months.items()}
    (value,) = values(TAG, terms, MARKET, rates)
    assert 100.0 * value == pytest.approx(-4.27, abs=0.02)

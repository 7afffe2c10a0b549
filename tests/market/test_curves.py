"""Zero curves: interpolation, and the bootstrap from par yields against repricing, QuantLib and mpmath."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.market.curves import (
    ParYieldError,
    discount_factor,
    interpolation_weights,
    zero_rate,
    zero_rates_from_par_yields,
)

SOURCE = Path(__file__).parents[2] / "src"
YEARS = (1 / 12, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 360)
# Treasury par yields of 2025-10-03, per cent (U.S. Treasury constant maturities, FRED series DGS1MO … DGS30).
TREASURY = (4.24, 4.03, 3.82, 3.64, 3.58, 3.72, 4.13, 4.69, 4.71)
STEEP = (0.1, 0.4, 1.0, 1.9, 3.0, 5.0, 7.5, 9.0, 9.2)
INVERTED = (12.0, 11.8, 11.0, 10.0, 8.0, 6.0, 5.5, 5.2, 5.0)
NEGATIVE = (-0.8, -0.75, -0.7, -0.65, -0.6, -0.3, 0.1, 0.4, 0.5)
CURVES = {"treasury": TREASURY, "steep": STEEP, "inverted": INVERTED, "negative": NEGATIVE}


def bootstrap(par_yields: tuple[float, ...]) -> np.ndarray:
    return zero_rates_from_par_yields(YEARS, [value / 100 for value in par_yields])


@given(
    nodes=st.lists(st.floats(0.01, 60.0), min_size=1, max_size=12, unique=True).map(sorted),
    years=st.floats(-1.0, 80.0),
)
def test_weights_add_to_one_and_bracket_the_time(nodes: list[float], years: float) -> None:
    lower, upper, lower_weight, upper_weight = interpolation_weights(nodes, years)
    assert lower_weight + upper_weight == pytest.approx(1.0, abs=1e-15)
    assert 0.0 <= upper_weight <= 1.0
    if lower != upper:
        assert upper == lower + 1
        assert nodes[lower] < years < nodes[upper]
        assert lower_weight * nodes[lower] + upper_weight * nodes[upper] == pytest.approx(years, abs=1e-13)
    else:
        assert (lower_weight, upper_weight) == (1.0, 0.0)
        assert years <= nodes[0] or years >= nodes[-1] or years == nodes[lower]


def test_interpolation_is_linear_between_nodes_and_flat_outside() -> None:
    times = np.linspace(-0.5, 40.0, 999)
    rates = bootstrap(TREASURY)
    got = [zero_rate(YEARS, rates, time) for time in times]
    assert got == pytest.approx(np.interp(times, YEARS, rates).tolist(), abs=1e-16)
    for node, years in enumerate(YEARS):
        assert zero_rate(np.array(YEARS), rates, years) == rates[node]


@pytest.mark.parametrize("name", sorted(CURVES))
def test_par_bonds_reprice_to_par(name: str) -> None:
    rates = bootstrap(CURVES[name])
    for years, par_yield in zip(YEARS, CURVES[name], strict=True):
        if years <= 0.5:
            assert discount_factor(YEARS, rates, years) * (1 + par_yield / 100 * years) == pytest.approx(
                1, abs=1e-15
            )
            continue
        coupons = [
            par_yield / 200 * discount_factor(YEARS, rates, k / 2) for k in range(1, round(2 * years) + 1)
        ]
        value = math.fsum(coupons) + discount_factor(YEARS, rates, years)
        assert value == pytest.approx(1.0, abs=1e-14), f"{name} {years}Y: {value}"


@pytest.mark.parametrize("name", sorted(CURVES))
def test_nodes_are_those_of_quantlib(name: str) -> None:
    # 30/360 from the 3rd of a month makes every node and coupon a whole number of months ÷ 12.
    start, day_counter = QuantLib.Date(3, 10, 2025), QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = start
        helpers = [
            quantlib_helper(start, day_counter, *quote) for quote in zip(MONTHS, CURVES[name], strict=True)
        ]
        curve = QuantLib.PiecewiseLinearZero(start, helpers, day_counter)
        for months, rate in zip(MONTHS, bootstrap(CURVES[name]), strict=True):
            day = start + QuantLib.Period(months, QuantLib.Months)
            expected = curve.zeroRate(day, day_counter, QuantLib.Continuous).rate()
            # Its solver stops at 1e-12.
            assert rate == pytest.approx(expected, abs=2e-12), (
                f"{name} {months}M: {rate}, QuantLib {expected}"
            )


def quantlib_helper(
    start: QuantLib.Date, day_counter: QuantLib.DayCounter, months: int, percent: float
) -> object:
    """Bill as a deposit at simple interest, note as a bond at par, both without holidays."""
    calendar = QuantLib.NullCalendar()
    if months <= 6:
        period = QuantLib.Period(months, QuantLib.Months)
        return QuantLib.DepositRateHelper(
            percent / 100, period, 0, calendar, QuantLib.Unadjusted, False, day_counter
        )
    schedule = QuantLib.Schedule(
        start,
        start + QuantLib.Period(months, QuantLib.Months),
        QuantLib.Period(6, QuantLib.Months),
        calendar,
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Backward,
        False,
    )
    price = QuantLib.QuoteHandle(QuantLib.SimpleQuote(100.0))
    return QuantLib.FixedRateBondHelper(
        price, 0, 100.0, schedule, [percent / 100], day_counter, QuantLib.Unadjusted
    )


def test_treasury_nodes_agree_with_a_search_in_fifty_digits() -> None:
    got = bootstrap(TREASURY)
    rates: list[mpmath.mpf] = []
    with mpmath.workdps(50):
        for node, (years, percent) in enumerate(zip(YEARS, TREASURY, strict=True)):
            quote = mpmath.mpf(percent) / 100
            if years <= 0.5:
                rates.append(mpmath.log(1 + quote * years) / years)
            else:

                def miss(guess: mpmath.mpf, node: int = node, quote: mpmath.mpf = quote) -> mpmath.mpf:
                    return exact_par_bond([*rates, guess], node, quote) - 1

                rates.append(mpmath.findroot(miss, quote))
            assert got[node] == pytest.approx(float(rates[node]), abs=1e-16)


def exact_par_bond(rates: list[mpmath.mpf], node: int, quote: mpmath.mpf) -> mpmath.mpf:
    def discount(time: mpmath.mpf) -> mpmath.mpf:
        after = next(index for index in range(node + 1) if YEARS[index] >= time)
        if YEARS[after] == time:
            return mpmath.exp(-time * rates[after])
        share = (time - YEARS[after - 1]) / (mpmath.mpf(YEARS[after]) - YEARS[after - 1])
        return mpmath.exp(-time * ((1 - share) * rates[after - 1] + share * rates[after]))

    times = [mpmath.mpf(k) / 2 for k in range(1, round(2 * YEARS[node]) + 1)]
    return quote / 2 * mpmath.fsum(map(discount, times)) + discount(times[-1])


# The first call compiles.
@settings(deadline=None)
@given(level=st.floats(-0.02, 0.30), frequency=st.sampled_from([1, 2, 4]))
def test_a_flat_par_curve_is_a_flat_zero_curve(level: float, frequency: int) -> None:
    years = [1 / frequency, 1.0, 2.0, 3.0, 7.0, 30.0][0 if frequency > 1 else 1 :]
    rates = zero_rates_from_par_yields(years, [level] * len(years), frequency)
    expected = frequency * math.log1p(level / frequency)
    assert rates.tolist() == pytest.approx([expected] * len(years), abs=1e-13)


def test_higher_quotes_give_higher_rates_at_their_node() -> None:
    base = bootstrap(TREASURY)
    for node in range(len(YEARS)):
        bumped = bootstrap(tuple(value + (0.01 if i == node else 0.0) for i, value in enumerate(TREASURY)))
        assert bumped[node] > base[node]
        assert np.array_equal(bumped[:node], base[:node])


def test_result_is_frozen() -> None:
    assert not bootstrap(TREASURY).flags.writeable


@pytest.mark.parametrize(
    ("years", "par_yields", "node", "message"),
    [
        ((0.5, 1.25), (0.04, 0.04), 1, "1.25 years is not a whole number of coupon periods"),
        ((1.0, 1.0), (0.04, 0.04), 1, "is not after the one before it"),
        ((0.0, 1.0), (0.04, 0.04), 0, "is not after the one before it"),
        ((0.5, 1.0), (0.04, math.nan), 1, "no zero rate of 1 years"),
        ((0.5, 1.0), (-2.5, 0.04), 0, "no zero rate of 0.5 years"),
        ((0.5, 1.0, 30.0), (0.01, 0.01, 0.6), 2, "no zero rate of 30 years"),
    ],
)
def test_impossible_quotes_are_refused(
    years: tuple[float, ...], par_yields: tuple[float, ...], node: int, message: str
) -> None:
    with pytest.raises(ParYieldError, match=message) as caught:
        zero_rates_from_par_yields(years, par_yields)
    assert caught.value.node == node


def test_plain_python_gives_the_same_bits_with_few_exponentials() -> None:
    code = (
        "import sys; from stresstest.kernels import exponential; calls = []; original = exponential.exp\n"
        "exponential.exp = lambda x: (calls.append(x), original(x))[1]\n"
        "from stresstest.market.curves import zero_rates_from_par_yields\n"
        f"rates = zero_rates_from_par_yields({YEARS!r}, [value / 100 for value in {TREASURY!r}])\n"
        "print([rate.hex() for rate in rates.tolist()], len(calls), 'numba' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    bits, rest = result.stdout.strip().rsplit("] ", 1)
    n_calls, numba_loaded = rest.split()
    assert bits + "]" == str([rate.hex() for rate in bootstrap(TREASURY).tolist()])
    # One exp takes some 10 µs in plain Python, and every command that reads a market pays for them.
    assert int(n_calls) < 400
    assert numba_loaded == "False"

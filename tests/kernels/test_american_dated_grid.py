"""The grid that follows the boundary: against policy iteration, itself refined, and collocation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.kernels.test_american import TOLERANCE, random_puts, values

from stresstest.kernels.american_dated import DatedOption, dated_value, make_dated_work, present_value
from stresstest.kernels.american_dated_grid import FINE, USUAL, dated_grid_value, extrapolated_value
from stresstest.kernels.american_dated_tables import make_dated_tables
from stresstest.kernels.american_grid import COARSE_NODES, MOST_NODES, N_ROWS, Payments, PutCell, _grid_value

GRID = np.empty((N_ROWS, 32 * COARSE_NODES + 1))

Call = tuple[float, float, float, dict[float, float]]
"""Spot less dividends over the strike, r·T, σ·√T, amounts by the share of time from dividend to expiry."""

CALLS: dict[str, Call] = {
    "one dividend": (1.0, -0.02, 0.3, {0.5: 0.03}),
    "three": (0.98, -0.02, 0.9264, {0.1239: 0.06, 0.4572: 0.118, 0.79: 0.074}),
    "just before expiry": (1.0, -0.02, 0.77, {0.0072: 0.01, 0.82: 0.014, 0.872: 0.0135}),
    "just after today": (1.25, -0.0052, 0.6354, {0.9164: 0.155}),
    "together": (1.0, -0.05, 0.65, {0.393: 0.003, 0.5079: 0.0034, 0.5089: 0.004}),
    "rate near 0": (1.0, -1e-5, 0.2, {0.3: 0.02}),
    "rate far below": (1.0, -0.18, 0.19, {0.1: 0.02, 0.5: 0.01}),
    "much volatility": (0.6, -0.055, 2.8, {0.1 * k: 0.03 for k in range(1, 10)}),
    "little volatility": (1.0, -0.002, 0.02, {0.4: 0.003}),
}


def payments(dividends: dict[float, float], of_strike: float) -> Payments:
    return Payments(np.array(list(dividends)), np.array(list(dividends.values())), of_strike)


COARSELY_KNOWN = {"just after today"}
"""Where a large kink lies between two nodes shortly before today, policy iteration is good to 1e-6 only."""


@pytest.mark.parametrize("name", [name for name in CALLS if name not in COARSELY_KNOWN])
def test_calls_at_negative_rates_agree_with_policy_iteration_on_a_grid_sixteen_times_as_fine(
    name: str,
) -> None:
    price, rate, dev, dividends = CALLS[name]
    cell, paid = PutCell(0.0, rate, dev, -math.log(price)), payments(dividends, 0.0)
    coarse, fine = (_grid_value(cell, paid, fineness, GRID) for fineness in (8, 16))
    found = extrapolated_value(cell, paid, USUAL, GRID)
    assert price * found == pytest.approx(price * (fine + (fine - coarse) / 3.0), abs=TOLERANCE)


@pytest.mark.parametrize("name", CALLS)
def test_calls_at_negative_rates_converge(name: str) -> None:
    price, rate, dev, dividends = CALLS[name]
    cell, paid = PutCell(0.0, rate, dev, -math.log(price)), payments(dividends, 0.0)
    coarse, fine = (dated_grid_value(cell, paid, fineness, GRID) for fineness in (4, 8))
    found = extrapolated_value(cell, paid, USUAL, GRID)
    assert price * found == pytest.approx(price * (fine + (fine - coarse) / 3.0), abs=0.6 * TOLERANCE)


PUTS: list[Call] = [
    (1.0, 0.2533, 0.068, {0.3: 0.01, 0.7: 0.01}),
    (0.99, 0.3586, 0.0978, {0.0833 * k: 0.016 for k in range(1, 6)}),
    (0.995, 0.587, 0.0342, {0.0347: 0.0065, 0.1: 0.009, 0.197: 0.007}),
]


@pytest.mark.parametrize("put", PUTS)
def test_puts_at_rates_far_above_the_volatility_converge(put: Call) -> None:
    price, rate, dev, dividends = put
    cell, paid = PutCell(rate, 0.0, dev, math.log(price)), payments(dividends, 1.0)
    coarse, fine = (dated_grid_value(cell, paid, fineness, GRID) for fineness in (8, 16))
    expected = fine + (fine - coarse) / 3.0
    assert extrapolated_value(cell, paid, USUAL, GRID) == pytest.approx(expected, abs=0.6 * TOLERANCE)


def put_of_many_dividends(seed: int) -> tuple[DatedOption, Payments]:
    """Return a put of a week to ten years with 25 to 59 dividends, 0.2 to 8 % of the strike a year."""
    rng = np.random.default_rng(seed)
    years, vol, yearly = np.exp(rng.uniform(*np.log([[7 / 365, 0.02, 0.002], [10.0, 1.2, 0.08]])))
    count, dev = int(rng.integers(25, 60)), vol * math.sqrt(years)
    times = np.sort(rng.uniform(0.002, 0.998, count))
    amounts = yearly * years / count * np.exp(rng.normal(0.0, 0.3, count))
    spot = math.exp(rng.normal() * min(max(dev, 0.02), 0.5))
    return DatedOption(spot, rng.uniform(0.005, 0.1) * years, dev), Payments(times, amounts, 1.0)


def test_puts_with_many_dividends_agree_with_a_finer_grid() -> None:
    """Where a dividend soon cuts short what the one before lets begin, too."""
    tables, work, n_compared = make_dated_tables(), make_dated_work(60, GRID), 0
    for seed in range(90, 104):
        option, paid = put_of_many_dividends(seed)
        price = option.spot - present_value(paid, option.rate)
        if price < 0.02 or abs(math.log(price)) > 4.0 * option.std_dev:
            continue
        cell = PutCell(option.rate, 0.0, option.std_dev, math.log(price))
        coarse, fine = (dated_grid_value(cell, paid, fineness, GRID) for fineness in (4, 8))
        expected = max(fine + (fine - coarse) / 3.0, 1.0 - option.spot)
        found = dated_value(option, paid, tables, work)
        assert found == pytest.approx(expected, abs=TOLERANCE * max(1.0, option.spot)), seed
        n_compared += 1
    assert n_compared >= 8


def test_calls_with_hundreds_of_dividends_agree_with_policy_iteration() -> None:
    """At a rate above 0, with more dates of exercise than quadrature takes."""
    spot, rate, dev, count = 1.1, 0.01, 0.2, 180
    paid = Payments((np.arange(count) + 0.37) / count, np.full(count, 0.08 / count), 0.0)
    price = spot - present_value(paid, rate)
    cell = PutCell(0.0, rate, dev, -math.log(price))
    coarse, fine = (price * _grid_value(cell, paid, fineness, GRID) for fineness in (4, 8))
    found = dated_value(DatedOption(spot, rate, dev), paid, make_dated_tables(), make_dated_work(count, GRID))
    assert found == pytest.approx(fine + (fine - coarse) / 3.0, abs=TOLERANCE * spot)


def test_rates_beyond_three_deviations_agree_with_the_integral_equation() -> None:
    """Without dividends on dates: where `american` shortens the time and the other oracle fails."""
    puts = [p for p in random_puts(1200, seed=35) if max(p[0], abs(p[1])) >= 3.0 * p[2] > 3e-3]
    puts = [put for put in puts if abs(put[3]) < 6.0 * put[2]]
    assert len(puts) > 50
    none = payments({}, 1.0)
    for put, value in zip(puts, values(puts).tolist(), strict=True):
        coarse, fine = (dated_grid_value(PutCell(*put), none, fineness, GRID) for fineness in (2, 4))
        expected = max(fine + (fine - coarse) / 3.0, 1.0 - math.exp(put[3]))
        assert abs(value - expected) <= TOLERANCE * max(1.0, math.exp(put[3])), put


def test_scratch_is_as_large_as_is_used() -> None:
    cell, paid = PutCell(0.3, 0.0, 0.09, 0.0), payments({0.5: 0.01}, 1.0)
    small, large = (
        extrapolated_value(cell, paid, FINE, np.empty((N_ROWS, n))) for n in (MOST_NODES, 2 * MOST_NODES)
    )
    assert small == large

"""Dividends on dates: the methods against a fine grid, one dividend in closed form, borders, and bits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.kernels.american import is_number
from stresstest.kernels.american_dated import (
    DatedOption,
    DatedWork,
    _premium,
    dated_value,
    make_dated_work,
    present_value,
)
from stresstest.kernels.american_dated_tables import make_dated_tables
from stresstest.kernels.american_grid import COARSE_NODES, MOST_NODES, N_ROWS, Payments, PutCell, _grid_value

TABLES = make_dated_tables()
TOLERANCE = 1.5e-7
"""1.5e-5 on a spot of 100, of which the fine grid takes a third."""

Case = tuple[float, float, float, dict[float, float]]
"""Spot, r·T, σ·√T, and amounts by the share of time from the dividend to expiry."""

CASES: list[Case] = [
    (1.0, 0.05, 0.2, {0.1: 0.01, 0.35: 0.01, 0.6: 0.01, 0.85: 0.01}),
    (0.8, 0.05, 0.2, {0.1: 0.01, 0.6: 0.01}),
    (1.1, 0.02, 0.3, {0.5: 0.03}),
    (0.95, 0.04, 0.25, {0.997: 0.01}),
    (0.95, 0.04, 0.25, {0.003: 0.01}),
    (0.9, 0.12, 0.15, {0.3: 0.002, 0.301: 0.001}),
    (1.02, 0.03, 0.03, {0.4: 0.02}),
    (1.3, 0.2, 0.9, {0.2: 0.05, 0.7: 0.05}),
]


def new_work() -> DatedWork:
    return make_dated_work(4, np.empty((N_ROWS, MOST_NODES)))


def payments(case: Case, right: str) -> Payments:
    dividends = dict(sorted(case[3].items()))
    return Payments(
        np.array(list(dividends)), np.array(list(dividends.values())), 1.0 if right == "put" else 0.0
    )


def value(case: Case, right: str, work: DatedWork) -> float:
    return dated_value(DatedOption(*case[:3]), payments(case, right), TABLES, work)


def on_a_fine_grid(case: Case, right: str) -> float:
    """Return the value on grids four and eight times as fine as those that serve negative rates."""
    option, paid = DatedOption(*case[:3]), payments(case, right)
    price = option.spot - present_value(paid, option.rate)
    cell = PutCell(option.rate, 0.0, option.std_dev, math.log(price))
    if right == "call":
        cell = PutCell(0.0, option.rate, option.std_dev, -math.log(price))
    scratch = np.empty((N_ROWS, 16 * COARSE_NODES + 1))
    coarse, fine = (_grid_value(cell, paid, fineness, scratch) for fineness in (4, 8))
    scale, sign = (price, 1.0) if right == "call" else (1.0, -1.0)
    return max((fine + (fine - coarse) / 3.0) * scale, sign * (option.spot - 1.0))


@pytest.mark.parametrize("right", ["put", "call"])
@pytest.mark.parametrize("case", CASES)
def test_the_methods_give_what_a_fine_grid_gives(case: Case, right: str) -> None:
    assert value(case, right, new_work()) == pytest.approx(on_a_fine_grid(case, right), abs=TOLERANCE)


@pytest.mark.parametrize("right", ["put", "call"])
def test_the_grid_serves_none_of_these(right: str) -> None:
    for case in CASES:
        paid = payments(case, right)
        log_price = math.log(case[0] - present_value(paid, case[1]))
        assert is_number(_premium(DatedOption(*case[:3]), log_price, paid, TABLES, new_work())), case


def test_a_call_with_one_dividend_is_that_of_roll_geske_and_whaley() -> None:
    """Compound options in scipy's bivariate normal distribution (R. Whaley, JFE 9 (1981) 207)."""
    from scipy.optimize import brentq
    from scipy.stats import multivariate_normal, norm

    for spot, rate, dev, time, amount in [(1.0, 0.04, 0.3, 0.4, 0.03), (1.1, 0.01, 0.5, 0.7, 0.05)]:
        price, before = spot - amount * math.exp(-rate * (1.0 - time)), dev * math.sqrt(1.0 - time)

        def held(x: float, rate: float = rate, time: float = time, dev: float = dev) -> float:
            root = dev * math.sqrt(time)
            d1 = (math.log(x) + rate * time) / root + root / 2
            return float(x * norm.cdf(d1) - math.exp(-rate * time) * norm.cdf(d1 - root))

        point = brentq(lambda x, a=amount, f=held: x + a - 1.0 - f(x), 0.2, 20.0, xtol=1e-13)
        a1, b1 = (
            (math.log(price) + rate) / dev + dev / 2,
            (math.log(price / point) + rate * (1 - time)) / before + before / 2,
        )
        correlation = -math.sqrt(1.0 - time)
        both = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], abseps=1e-12, releps=1e-12)
        expected = price * (norm.cdf(b1) + both.cdf([a1, -b1]))
        expected -= math.exp(-rate) * both.cdf([a1 - dev, before - b1])
        expected -= (1.0 - amount) * math.exp(-rate * (1.0 - time)) * norm.cdf(b1 - before)
        found = value((spot, rate, dev, {time: amount}), "call", new_work())
        assert found == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("right", ["put", "call"])
def test_values_do_not_depend_on_what_was_valued_before(right: str) -> None:
    cases = [(spot, *case[1:]) for case in CASES for spot in (0.9, 1.0)]
    shared = new_work()
    together = [value(case, right, shared) for case in cases]
    alone = [value(case, right, new_work()) for case in reversed(cases)][::-1]
    assert np.array(together).tobytes() == np.array(alone).tobytes()


@pytest.mark.parametrize(("rate", "right"), [(0.0, "put"), (0.0, "call"), (0.6, "put")])
def test_values_are_continuous_where_the_method_changes(rate: float, right: str) -> None:
    """At a rate of 0, and at a rate of three standard deviations."""
    low, high = (value((1.0, rate + e, 0.2, {0.4: 0.02}), right, new_work()) for e in (-1e-8, 1e-8))
    assert abs(high - low) < 2e-6


def test_dividends_that_vanish_leave_the_put_without() -> None:
    tiny, none = (
        value((1.0, 0.05, 0.2, dividends), "put", new_work())
        for dividends in ({0.3: 1e-9, 0.6: 1e-9}, {0.3: 0.0, 0.6: 0.0})
    )
    assert tiny == pytest.approx(none, abs=TOLERANCE)


def test_at_the_boundary_a_put_is_worth_its_exercise_value() -> None:
    work = new_work()
    for spot in np.linspace(0.5, 1.2, 141).tolist():
        found = value((spot, 0.06, 0.2, {0.2: 0.003}), "put", work)
        assert found >= max(1.0 - spot, 0.0)
    assert value((0.6, 0.06, 0.2, {0.2: 0.003}), "put", work) == 1.0 - 0.6

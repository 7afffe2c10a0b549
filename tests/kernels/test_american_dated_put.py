"""Puts with dividends on dates against the integral equation, solved by other code with more nodes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.oracle.american_dated import Put, put_value

from stresstest.kernels.american import is_number
from stresstest.kernels.american_dated import (
    DatedOption,
    _premium,
    dated_value,
    make_dated_work,
    present_value,
)
from stresstest.kernels.american_dated_grid import FINE, extrapolated_value
from stresstest.kernels.american_dated_tables import make_dated_tables
from stresstest.kernels.american_grid import MOST_NODES, N_ROWS, Payments, PutCell

TABLES = make_dated_tables()
GRID = np.empty((N_ROWS, MOST_NODES))
TOLERANCE = 2e-7
"""2e-5 on a spot of 100."""

CASES: dict[str, tuple[float, Put]] = {
    "ten years at much volatility": (0.986, Put(0.66, 3.13, {0.3087: 0.0176, 0.8087: 0.0176})),
    "far in the money": (
        0.405,
        Put(0.65, 2.865, {0.28: 0.014, 0.45: 0.012, 0.48: 0.012, 0.5: 0.016, 0.94: 0.026, 0.98: 0.013}),
    ),
    "a large dividend tomorrow": (
        0.8528,
        Put(0.4379, 0.1492, {0.1024: 0.0337, 0.1461: 0.0653, 0.8583: 0.0574, 0.9548: 0.0421, 0.9973: 0.0629}),
    ),
    "four small ones shortly before today": (
        0.7932,
        Put(0.0521, 0.326, {0.8486: 0.00113, 0.9232: 0.0009, 0.9728: 0.00106, 0.9934: 0.00107}),
    ),
    "at the rate where the rule changes": (0.95, Put(0.1, 0.4, {0.25 * k - 0.1: 0.004 for k in range(1, 5)})),
    "above it": (0.95, Put(0.1001, 0.4, {0.25 * k - 0.1: 0.004 for k in range(1, 5)})),
}


def payments(put: Put) -> Payments:
    return Payments(np.array(list(put.dividends)), np.array(list(put.dividends.values())), 1.0)


def random_put(seed: int, most: int) -> tuple[float, Put]:
    """Return a put of a month to ten years with dividends of 0.2 to 8 % a year, and its spot."""
    rng = np.random.default_rng([61, seed])
    years, vol, yearly = np.exp(rng.uniform(*np.log([[1 / 12, 0.05, 0.002], [10.0, 1.0, 0.08]]))).tolist()
    times = np.sort(rng.uniform(0.002, 0.998, int(rng.integers(max(1, most - 8), most + 1)))).tolist()
    dev, amount = vol * math.sqrt(years), yearly * years / len(times)
    rate = min(rng.uniform(0.005, 0.12) * years, 2.9 * dev)
    spot = math.exp(rng.normal() * min(dev, 0.4)) + 0.5 * yearly * years
    return spot, Put(rate, dev, {time: amount * math.exp(rng.normal() * 0.3) for time in times})


@pytest.mark.parametrize("name", CASES)
def test_structured_puts(name: str) -> None:
    spot, put = CASES[name]
    found = dated_value(DatedOption(spot, put.rate, put.dev), payments(put), TABLES, make_dated_work(9, GRID))
    assert found == pytest.approx(put_value(spot, put), abs=TOLERANCE * min(spot, 1.0))


def test_random_puts() -> None:
    work = make_dated_work(9, GRID)
    for seed in range(16):
        spot, put = random_put(seed, 8)
        found = dated_value(DatedOption(spot, put.rate, put.dev), payments(put), TABLES, work)
        assert found == pytest.approx(put_value(spot, put), abs=TOLERANCE * max(spot, 1.0)), seed


@pytest.mark.parametrize("seed", [1, 2])
def test_the_fine_grid_that_serves_a_few_puts_of_many_dividends(seed: int) -> None:
    spot, put = random_put(seed, 30)
    cell = PutCell(put.rate, 0.0, put.dev, math.log(spot - present_value(payments(put), put.rate)))
    found = max(extrapolated_value(cell, payments(put), FINE, GRID), 1.0 - spot)
    assert found == pytest.approx(put_value(spot, put), abs=TOLERANCE * max(spot, 1.0))


def test_short_spans_are_solved() -> None:
    """Between two dividends two days apart, and two hours, of ten years."""
    for gap in (2 / 3650, 2 / 87600):
        spot, put = 0.9, Put(0.3, 0.6, {0.4: 0.004, 0.4 + gap: 0.0002, 0.4 + 2 * gap: 0.0002})
        option, paid = DatedOption(spot, put.rate, put.dev), payments(put)
        log_price = math.log(spot - present_value(paid, put.rate))
        assert is_number(_premium(option, log_price, paid, TABLES, make_dated_work(9, GRID)))
        found = dated_value(option, paid, TABLES, make_dated_work(9, GRID))
        assert found == pytest.approx(put_value(spot, put), abs=TOLERANCE)

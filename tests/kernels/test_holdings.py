"""Sums of holdings: the order of the sum, NaN left out, infinite values turned into NaN."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.holdings import HoldingRows, add_holdings, drop_infinite


def test_holdings_add_in_their_order_and_leave_out_what_is_no_number():
    generator = np.random.default_rng(5)
    units, fx = generator.normal(size=(4, 33)), generator.uniform(0.5, 2.0, (2, 33))
    units[2, 7] = np.nan
    instrument, portfolio, rate = [0, 1, 1, 2, 3], [0, 0, 1, 1, 0], [0, 1, 0, 1, 1]
    quantity = generator.normal(size=5)
    rows = HoldingRows(frozen_int(instrument), frozen_int(portfolio), frozen_int(rate), frozen(quantity))
    totals = np.zeros((2, 33))
    add_holdings(rows, frozen(units), frozen(fx), totals)
    expected = np.zeros((2, 33))
    for row in range(5):
        value = (quantity[row] * units[instrument[row]]) * fx[rate[row]]
        expected[portfolio[row]] += np.where(np.isnan(value), 0.0, value)
    assert totals.tobytes() == expected.tobytes()


def test_infinite_values_become_nan_and_others_stay():
    values = np.array([[1.0, np.inf, -np.inf, np.nan, 0.0], [-0.0, 1e308, 5e-324, -1.0, 2.0]])
    expected = np.where(np.isfinite(values), values, np.nan)
    drop_infinite(values)
    np.testing.assert_array_equal(values, expected)
    assert np.signbit(values[1, 0])

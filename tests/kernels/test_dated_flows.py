"""Dated payments: closed formulas, floors, and what a path realises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.kernels.dated_flows import (
    FlowTerms,
    GrowthTerms,
    IndexedRates,
    add_flow,
    add_indexed_flow,
    index_growth,
    index_ratio,
    spread_discount,
    take_realised,
)

RATES = np.array([-0.01, 0.0, 0.04, 0.2])
ZEROS = np.zeros(4)


def test_a_fixed_payment_is_discounted_at_rate_and_spread() -> None:
    value = np.full(4, 7.0)
    add_flow(FlowTerms(3.0, 0.5, 1.5, 2.0), RATES, RATES, np.full(4, 0.01), value)
    assert value.tolist() == pytest.approx((7.0 + 3.0 * np.exp(-2.0 * (RATES + 0.01))).tolist(), rel=1e-15)
    assert spread_discount(0.0, 0.0, 5.0) == 1.0


def test_an_index_grows_at_a_yearly_rate() -> None:
    assert index_growth(math.log(1.03), 10.0, 0.0) == pytest.approx(1.03**10, rel=1e-15)
    assert index_growth(0.0, 10.0, math.log(1.2)) == pytest.approx(1.2, rel=1e-15)


@pytest.mark.parametrize(("floor", "expected"), [(0.0, 0.98**5), (1.0, 1.0)])
def test_a_floor_holds_where_prices_fall(floor: float, expected: float) -> None:
    assert index_ratio(GrowthTerms(0.5, 0.5, 5.0, floor), -0.03, -0.01, 0.0) == pytest.approx(
        expected, rel=1e-14
    )
    assert math.isnan(index_ratio(GrowthTerms(0.5, 0.5, 5.0, floor), math.nan, -0.01, 0.0))


def test_an_indexed_payment_is_a_fixed_one_times_its_ratio() -> None:
    value, rates = np.zeros(4), IndexedRates(RATES, RATES, ZEROS, np.full(4, 0.02), np.full(4, 0.03), ZEROS)
    add_indexed_flow(FlowTerms(2.0, 1.0, 2.0, 3.0), GrowthTerms(0.25, 0.75, 3.0, 0.0), rates, value)
    expected = 2.0 * 1.0275**3 * np.exp(-3.0 * RATES)
    assert value.tolist() == pytest.approx(expected.tolist(), rel=1e-14)


def test_a_path_grows_at_the_rate_before_and_keeps_the_new_one() -> None:
    log_index, log_rate = np.full(4, 0.1), np.full(4, math.log(1.02))
    take_realised(np.full(4, 0.05), 0.5, log_index, log_rate)
    assert log_index.tolist() == pytest.approx([0.1 + 0.5 * math.log(1.02)] * 4, rel=1e-15)
    assert log_rate.tolist() == pytest.approx([math.log(1.05)] * 4, rel=1e-15)

"""Floating interest: forwards, floors, coupons, and the growth of periods with what a path remembers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.arrays import frozen, frozen_int
from stresstest.kernels.floating import (
    GrowthColumns,
    fill_log_growth,
    floating_coupon,
    floored_rate,
    keep_standing_rate,
    simple_forward,
)
from stresstest.kernels.market import MarketRows
from stresstest.kernels.rows import NO_ROW

NAN = math.nan


@given(st.floats(-0.05, 0.2), st.floats(0.01, 1.0), st.floats(-0.01, 0.05))
def test_rate_and_coupon_of_a_growth(rate: float, fraction: float, margin: float) -> None:
    log_growth = math.log1p(rate * fraction)
    assert simple_forward(log_growth, fraction) == pytest.approx(rate, abs=1e-13)
    coupon = floating_coupon(log_growth, margin * fraction)
    assert coupon == pytest.approx((rate + margin) * fraction, abs=1e-15)


def test_a_floor_holds_and_lets_nan_pass() -> None:
    assert floored_rate(0.005, 0.01) == 0.01
    assert floored_rate(0.02, 0.01) == 0.02
    assert floored_rate(-0.02, -math.inf) == -0.02
    assert math.isnan(floored_rate(NAN, 0.01))


def columns(**more: int | float) -> GrowthColumns:
    terms = {
        "known": 0.0, "carried_slot": NO_ROW, "overnight_days": 0.0, "overnight_row": NO_ROW,
        "start_row": NO_ROW, "end_row": NO_ROW, "accrued_slot": NO_ROW, "whole_slot": NO_ROW,
        "standing_slot": NO_ROW, "standing_years": 0.0, **more,
    }  # fmt: skip
    floats = {"known", "overnight_days", "standing_years"}
    return GrowthColumns(
        **{name: frozen([value]) if name in floats else frozen_int([value]) for name, value in terms.items()}
    )


def test_the_standing_rate_is_that_of_a_term() -> None:
    standing = np.zeros(2)
    keep_standing_rate(np.array([-0.01, 0.002]), 0.25, standing)
    assert standing.tolist() == [0.04, -0.008]


DERIVED = np.array([[-0.0001, -0.0002], [-0.01, -0.02], [-0.03, -0.05]])
MARKET = MarketRows(frozen(np.zeros((1, 2))), DERIVED)


@pytest.mark.parametrize(
    ("terms", "expected", "kept"),
    [
        ({"known": 0.004}, [0.004, 0.004], {}),
        ({"start_row": 1, "end_row": 2, "whole_slot": 0}, [0.02, 0.03], {0: [0.02, 0.03]}),
        ({"end_row": 2}, [0.03, 0.05], {}),
        ({"carried_slot": 1}, [0.001, 0.002], {}),
        (
            {"standing_slot": 0, "standing_years": 0.25, "accrued_slot": 1},
            [0.125, 0.15],
            {1: [0.125, 0.15]},
        ),
        (
            {
                "carried_slot": 1,
                "overnight_row": 0,
                "overnight_days": 10.0,
                "end_row": 1,
                "accrued_slot": 1,
            },
            [0.012, 0.024],
            {1: [0.002, 0.004]},
        ),
    ],
)
def test_growth_of_a_period(
    terms: dict[str, float], expected: list[float], kept: dict[int, list[float]]
) -> None:
    state = np.array([[0.5, 0.6], [0.001, 0.002]])
    untouched = state.copy()
    growth = np.full(2, NAN)
    fill_log_growth(columns(**terms), 0, MARKET, state, growth)
    assert growth == pytest.approx(expected, abs=1e-16)
    for slot in range(2):
        assert state[slot] == pytest.approx(kept.get(slot, untouched[slot]), abs=1e-16)

"""Bachelier's formula against 40 digits, in its wings, at no vol, and where arguments are not numbers."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.kernels.bachelier import bachelier_price


def exact(sign: float, difference: float, deviation: float) -> mp.mpf:
    with mp.workdps(60):
        x, s = mp.mpf(sign) * mp.mpf(difference), mp.mpf(deviation)
        return x * mp.ncdf(x / s) + s * mp.npdf(x / s)


@given(st.sampled_from([1.0, -1.0]), st.floats(-0.2, 0.2), st.floats(1e-6, 0.3))
def test_prices_are_exact(sign: float, difference: float, deviation: float) -> None:
    expected = float(exact(sign, difference, deviation))
    size = max(abs(difference), deviation)
    assert bachelier_price(sign, difference, deviation) == pytest.approx(expected, abs=4e-16 * size + 1e-300)


@pytest.mark.parametrize("distance", [0.0, 1e-9, 1.0, 5.0, 10.0, 30.0, 40.0, 1e3])
def test_wings_never_fall_below_the_intrinsic_value(distance: float) -> None:
    call, put = bachelier_price(1.0, distance * 0.01, 0.01), bachelier_price(-1.0, distance * 0.01, 0.01)
    assert call >= distance * 0.01
    assert put >= 0.0
    assert call - put == pytest.approx(distance * 0.01, abs=1e-17 + 1e-15 * call)


def test_without_vol_it_is_the_intrinsic_value() -> None:
    assert bachelier_price(1.0, 0.02, 0.0) == 0.02
    assert bachelier_price(-1.0, 0.02, 0.0) == 0.0
    assert bachelier_price(1.0, 0.0, 0.0) == 0.0
    assert bachelier_price(1.0, 0.0, 0.01) == pytest.approx(0.01 / math.sqrt(2.0 * math.pi), rel=1e-15)


@pytest.mark.parametrize("arguments", [(1.0, math.nan, 0.01), (-1.0, 0.01, math.nan), (1.0, math.nan, 0.0)])
def test_what_is_no_number_gives_none(arguments: tuple[float, float, float]) -> None:
    assert math.isnan(bachelier_price(*arguments))

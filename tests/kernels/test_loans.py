"""Scalar functions of loans: default weights, payments, and what is no number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from stresstest.kernels.loans import Lapse, default_weight, hazard_rate, keep_claim, loan_payment

RATES = st.floats(-0.2, 2.0)


@given(RATES, RATES, st.floats(0.0, 5.0), st.floats(0.01, 2.0))
def test_a_default_weight_is_its_integral(hazard: float, basis: float, start: float, length: float) -> None:
    total = hazard + basis
    before, after = math.exp(-total * start), math.exp(-total * (start + length))
    expected, _ = quad(lambda time: hazard * math.exp(-total * time), start, start + length)
    found = default_weight(hazard, total, Lapse(before, after, length))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_basis_against_the_hazard_leaves_its_limit() -> None:
    assert default_weight(0.05, 0.0, Lapse(1.0, 1.0, 0.25)) == 0.0125
    assert default_weight(0.0, 0.0, Lapse(1.0, 1.0, 0.25)) == 0.0


def test_the_credit_triangle() -> None:
    assert hazard_rate(0.06, 1.0 / 0.6) == pytest.approx(0.1)


def test_a_payment_has_its_floor() -> None:
    assert loan_payment(0.03, 0.01, 0.5, 0.2) == pytest.approx(0.215)
    assert loan_payment(-0.03, 0.01, 0.5, 0.2) == pytest.approx(0.205)
    assert math.isnan(loan_payment(math.nan, 0.01, 0.5, 0.2))


def test_a_claim_is_that_of_the_first_default() -> None:
    memory = np.zeros((2, 1))
    assert keep_claim(0.0, 0.9, 0, memory) == 0.0
    assert keep_claim(1.0, 0.8, 0, memory) == 0.8
    assert keep_claim(1.0, 0.3, 0, memory) == 0.8
    nothing = np.zeros((2, 1))
    assert keep_claim(1.0, 0.0, 0, nothing) == 0.0
    assert keep_claim(1.0, 0.5, 0, nothing) == 0.0

"""Rows of a book: each once, with the bits that the scalar formulas give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.fixtures.books import small_market

from stresstest.kernels.derived import fill_derived
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.rows import RowPlan

MARKET = small_market()


def filled(plan: RowPlan) -> np.ndarray:
    factors = np.array([[MARKET.levels[key]] * 3 for key in plan.factor_keys])
    factors.flags.writeable = False
    derived = np.full((plan.n_derived, 3), np.nan)
    fill_derived(plan.derived_plan(), factors, derived)
    return derived


def test_asking_twice_gives_the_same_row():
    plan = RowPlan(MARKET)
    key = RiskFactorKey("spot", "ACME")
    assert plan.factor(key) == plan.factor(key)
    assert plan.log_forward("ACME", "USD", 0.7) == plan.log_forward("ACME", "USD", 0.7)
    assert plan.discount("USD", 0.7) != plan.discount("USD", 0.8)
    assert plan.constant(0.0) == plan.constant(0.0)


def test_derived_rows_hold_what_they_say():
    plan = RowPlan(MARKET)
    years = 3.0
    rate = 0.5 * 0.036 + 0.5 * 0.037
    rows = {
        plan.log_spot("ACME"): math.log(120.0),
        plan.discount("USD", years): math.exp(-rate * years),
        plan.carry_spot("ACME", years): 120.0 * math.exp(-0.01 * years),
        plan.log_forward("ACME", "USD", years): math.log(120.0) + (rate - 0.01) * years,
        plan.constant(7.5): 7.5,
    }
    derived = filled(plan)
    for row, expected in rows.items():
        np.testing.assert_allclose(derived[row], expected, rtol=2e-15)
    assert np.isfinite(derived).all()


@pytest.mark.parametrize(("stickiness", "is_constant"), [("moneyness", False), ("strike", True)])
def test_the_smile_sticks_to_moneyness_or_strike(stickiness, is_constant):
    plan = RowPlan(small_market(stickiness=stickiness))
    smile = plan.smile_log_forward("ACME", "USD", 0.5)
    forward = plan.log_forward("ACME", "USD", 0.5)
    assert (smile != forward) is is_constant
    derived = filled(plan)
    np.testing.assert_allclose(derived[smile], derived[forward], rtol=1e-15)

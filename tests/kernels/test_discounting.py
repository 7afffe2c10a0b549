"""Discount factors, carried spots and forwards of one amount."""

from __future__ import annotations

import math

import pytest

from stresstest.kernels.discounting import carried_spot, log_discount, log_forward


def test_log_discount_between_nodes() -> None:
    assert log_discount(0.04, 0.05, 0.25 * 3.0, 0.75 * 3.0) == pytest.approx(-3.0 * 0.0475, rel=1e-15)
    assert log_discount(-0.01, -0.01, 2.0, 0.0) == 0.02


def test_carried_spot() -> None:
    assert carried_spot(120.0, 0.02, 1.5) == pytest.approx(120.0 * math.exp(-0.03), rel=1e-15)
    assert carried_spot(120.0, 0.02, 0.0) == 120.0
    assert carried_spot(120.0, 0.0, 7.0) == 120.0


def test_forward_costs_its_carry() -> None:
    forward = log_forward(math.log(120.0), -0.04 * 1.5, 0.02, 1.5)
    assert forward == pytest.approx(math.log(120.0 * math.exp((0.04 - 0.02) * 1.5)), rel=1e-15)

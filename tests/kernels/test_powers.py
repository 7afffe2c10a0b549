"""Powers of ratios are the scalar e^(s · ln r), to the last bit."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import frozen
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.powers import fill_powers


def test_every_cell_has_the_bits_of_the_scalar_functions() -> None:
    draw = np.random.default_rng(1)
    ratio, exponent = draw.uniform(0.01, 12.0, (7, 33)), draw.uniform(0.0, 3.0, (7, 33))
    out = np.empty((7, 33))
    fill_powers(frozen(ratio), frozen(exponent), out)
    for row, powers, result in zip(ratio.tolist(), exponent.tolist(), out.tolist(), strict=True):
        assert result == [float(exp(s * float(log(r)))) for r, s in zip(row, powers, strict=True)]


def test_a_ratio_that_is_not_above_0_has_no_power() -> None:
    out = np.zeros((1, 3))
    fill_powers(frozen([[0.0, -0.5, 1.0]]), frozen([[1.0, 0.5, 2.0]]), out)
    assert np.isnan(out[0, :2]).all()
    assert out[0, 2] == 1.0

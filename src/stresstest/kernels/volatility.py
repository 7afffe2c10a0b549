"""Standard deviation of the log price to an expiry, from a flat volatility or a smile."""

from __future__ import annotations

import math

import numpy as np

from stresstest.kernels._jit import fma, kernel


@kernel
def flat_std_dev(vol: float, sqrt_years: float) -> float:
    """Return vol·√T, NaN where the vol is negative."""
    return np.nan if vol < 0.0 else vol * sqrt_years


@kernel
def clamped(x: float, lower: float, upper: float) -> float:
    """Return x limited to [lower, upper], NaN where x is NaN."""
    raised = lower if x < lower else x  # noqa: FURB136 - a NaN must pass
    return upper if raised > upper else raised  # noqa: FURB136 - a NaN must pass


@kernel
def smile_vol(x: float, level: float, skew: float, curvature: float) -> float:
    """Return a + b·x + c·x² at the standardised moneyness x = ln(K/F)/√T."""
    return fma(fma(curvature, x, skew), x, level)


@kernel
def smile_depth(skew: float, curvature: float, lower: float, upper: float) -> float:
    """Return how far b·x + c·x² falls below 0 at most for x in [lower, upper], which holds 0; at least 0.

    A parabola is lowest at an end, or at its vertex −b/(2c).
    """
    bowl = curvature > 0.0
    vertex = -skew / (2.0 * curvature if bowl else 1.0)
    middle = clamped(vertex, lower, upper) if bowl else lower
    low = min(smile_vol(lower, 0.0, skew, curvature), smile_vol(upper, 0.0, skew, curvature))
    return -min(low, smile_vol(middle, 0.0, skew, curvature), 0.0)


@kernel
def mixed_std_dev(near_vol: float, far_vol: float, near_years: float, far_years: float) -> float:
    """Return √(α·v₁² + β·v₂²), NaN where a vol is negative.

    With α = (1 − λ)·T₁ and β = λ·T₂ this is total variance linear in time between two pillars; α = T and β
    = 0 give the vol of one pillar.
    """
    variance = fma(near_years * near_vol, near_vol, far_years * far_vol * far_vol)
    std_dev = math.sqrt(variance)
    return np.nan if near_vol < 0.0 or far_vol < 0.0 else std_dev


@kernel
def smile_slope(x: float, unclamped: float, skew: float, curvature: float) -> float:
    """Return dvol/dx = b + 2c·x of the smile, 0 where x was clamped."""
    return fma(2.0 * curvature, x, skew) if x == unclamped else 0.0


@kernel
def std_dev_slope(half_variance_slope: float, std_dev: float) -> float:
    """Return ds/dln K = (½·dv/dln K)/s of s = √v; 0 where there is no variance to slope."""
    return half_variance_slope / std_dev if std_dev != 0.0 else 0.0

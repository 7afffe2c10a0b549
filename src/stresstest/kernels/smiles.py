"""Implied-vol surfaces as kernels read them: pillars around an expiry, and the standard deviation there."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.market import MarketRows
from stresstest.kernels.volatility import clamped, mixed_std_dev, smile_slope, smile_vol, std_dev_slope


class PillarColumns(NamedTuple):
    """One expiry pillar of each option's surface; each array `(n_instruments,)`.

    Attributes
    ----------
    vol_row, skew_row, curvature_row
        Rows in `market.factors` of a, b, c in vol = a + b·x + c·x².
    inverse_sqrt_years
        1/√T of the pillar's time, which turns ln(K/F) into x.
    weight_years
        Share of the pillar's variance in the option's: (1 − λ)·T₁ or λ·T₂.
    """

    vol_row: IntArray
    skew_row: IntArray
    curvature_row: IntArray
    inverse_sqrt_years: FloatArray
    weight_years: FloatArray


class SmileColumns(NamedTuple):
    """Surfaces of the underlyings; each array `(n_instruments,)`.

    Attributes
    ----------
    is_flat
        1 where no moneyness matters and one pillar's vol is the option's.
    lower, upper
        Limits of x.
    log_forward_row
        Row in `market.derived` of the log forward that moneyness is measured from.
    near, far
        The pillars around the expiry; outside the pillars the nearest one with its whole weight on `near`.
    """

    is_flat: IntArray
    lower: FloatArray
    upper: FloatArray
    log_forward_row: IntArray
    near: PillarColumns
    far: PillarColumns


@kernel
def fill_std_devs(
    smile: SmileColumns, i: int, log_strike: float, market: MarketRows, std_dev: FloatArray
) -> None:
    """Write the standard deviation of the log price to the expiry of option `i`, at its strike, by column."""
    near, far = smile.near, smile.far
    log_forward = market.derived[smile.log_forward_row[i]]
    vol1, vol2 = market.factors[near.vol_row[i]], market.factors[far.vol_row[i]]
    skew1, skew2 = market.factors[near.skew_row[i]], market.factors[far.skew_row[i]]
    curvature1, curvature2 = market.factors[near.curvature_row[i]], market.factors[far.curvature_row[i]]
    scale1, scale2 = near.inverse_sqrt_years[i], far.inverse_sqrt_years[i]
    years1, years2 = near.weight_years[i], far.weight_years[i]
    lower, upper = smile.lower[i], smile.upper[i]
    for j in range(std_dev.shape[0]):
        moneyness = log_strike - log_forward[j]
        x1 = clamped(moneyness * scale1, lower, upper)
        x2 = clamped(moneyness * scale2, lower, upper)
        near_vol = smile_vol(x1, vol1[j], skew1[j], curvature1[j])
        far_vol = smile_vol(x2, vol2[j], skew2[j], curvature2[j])
        std_dev[j] = mixed_std_dev(near_vol, far_vol, years1, years2)


@kernel
def fill_std_dev_slopes(
    smile: SmileColumns, i: int, log_strike: float, market: MarketRows, slope: FloatArray
) -> None:
    """Turn the standard deviations in `slope` into their slopes in ln K at the strike, by column."""
    near, far = smile.near, smile.far
    log_forward = market.derived[smile.log_forward_row[i]]
    vol1, vol2 = market.factors[near.vol_row[i]], market.factors[far.vol_row[i]]
    skew1, skew2 = market.factors[near.skew_row[i]], market.factors[far.skew_row[i]]
    curvature1, curvature2 = market.factors[near.curvature_row[i]], market.factors[far.curvature_row[i]]
    scale1, scale2 = near.inverse_sqrt_years[i], far.inverse_sqrt_years[i]
    years1, years2 = near.weight_years[i], far.weight_years[i]
    lower, upper = smile.lower[i], smile.upper[i]
    for j in range(slope.shape[0]):
        moneyness = log_strike - log_forward[j]
        x1 = clamped(moneyness * scale1, lower, upper)
        x2 = clamped(moneyness * scale2, lower, upper)
        near_vol = smile_vol(x1, vol1[j], skew1[j], curvature1[j])
        far_vol = smile_vol(x2, vol2[j], skew2[j], curvature2[j])
        near_slope = smile_slope(x1, moneyness * scale1, skew1[j], curvature1[j]) * scale1
        far_slope = smile_slope(x2, moneyness * scale2, skew2[j], curvature2[j]) * scale2
        variance_slope = years1 * near_vol * near_slope + years2 * far_vol * far_slope
        slope[j] = std_dev_slope(variance_slope, slope[j])

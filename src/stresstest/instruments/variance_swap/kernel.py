"""Value of variance swaps: variance realised so far, and the fair variance of the time left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.variance_swap.columns import ACCRUED, LAST_RETURN, VarianceSwapColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.gauss_legendre import NODES, WEIGHTS
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.variance_strip import (
    StripSmile,
    fill_zero,
    panel_border,
    realised_leg,
    strip_density,
)
from stresstest.kernels.volatility import clamped, mixed_std_dev, smile_vol

N_PANELS = 3


class Scratch(NamedTuple):
    """Room for one panel by column, each `(n_columns,)`.

    Attributes
    ----------
    start, half
        Where the panel begins in ln(K/F), and half of its length; both negative below the forward.
    log_moneyness, moneyness
        ln(K/F) at a node, and the same as the surface measures it.
    std_dev
        Standard deviation to expiry there.
    variance
        Fair variance × years, panel after panel.
    """

    start: FloatArray
    half: FloatArray
    log_moneyness: FloatArray
    moneyness: FloatArray
    std_dev: FloatArray
    variance: FloatArray


@kernel
def _fill_borders(
    columns: VarianceSwapColumns, i: int, market: MarketRows, panel: tuple[float, int], scratch: Scratch
) -> None:
    """Write where a panel, given by its side and number, begins, and half of its length."""
    smile, side, number = columns.smile, panel[0], panel[1]
    near, far = smile.near, smile.far
    level1, level2 = market.factors[near.vol_row[i]], market.factors[far.vol_row[i]]
    skew1, skew2 = market.factors[near.skew_row[i]], market.factors[far.skew_row[i]]
    curvature1, curvature2 = market.factors[near.curvature_row[i]], market.factors[far.curvature_row[i]]
    scale1, scale2 = near.inverse_sqrt_years[i], far.inverse_sqrt_years[i]
    years1, years2 = near.weight_years[i], far.weight_years[i]
    lower, upper = smile.lower[i], smile.upper[i]
    forward = market.derived[columns.forward_row[i]]
    reference = market.derived[smile.log_forward_row[i]]
    for j in range(scratch.start.shape[0]):
        of_column = StripSmile(
            level1[j],
            skew1[j],
            curvature1[j],
            level2[j],
            skew2[j],
            curvature2[j],
            scale1,
            scale2,
            years1,
            years2,
            lower,
            upper,
        )
        shift = forward[j] - reference[j]
        start = panel_border(of_column, side, number, shift)
        scratch.start[j] = start
        scratch.half[j] = 0.5 * (panel_border(of_column, side, number + 1, shift) - start)


@kernel
def _fill_std_devs(
    columns: VarianceSwapColumns, i: int, market: MarketRows, moneyness: FloatArray, std_dev: FloatArray
) -> None:
    """Write the standard deviation to expiry at a moneyness of each column."""
    smile = columns.smile
    near, far = smile.near, smile.far
    level1, level2 = market.factors[near.vol_row[i]], market.factors[far.vol_row[i]]
    skew1, skew2 = market.factors[near.skew_row[i]], market.factors[far.skew_row[i]]
    curvature1, curvature2 = market.factors[near.curvature_row[i]], market.factors[far.curvature_row[i]]
    scale1, scale2 = near.inverse_sqrt_years[i], far.inverse_sqrt_years[i]
    years1, years2 = near.weight_years[i], far.weight_years[i]
    lower, upper = smile.lower[i], smile.upper[i]
    for j in range(std_dev.shape[0]):
        x1 = clamped(moneyness[j] * scale1, lower, upper)
        x2 = clamped(moneyness[j] * scale2, lower, upper)
        near_vol = smile_vol(x1, level1[j], skew1[j], curvature1[j])
        far_vol = smile_vol(x2, level2[j], skew2[j], curvature2[j])
        std_dev[j] = mixed_std_dev(near_vol, far_vol, years1, years2)


@kernel
def _add_panel(
    columns: VarianceSwapColumns, i: int, market: MarketRows, panel: tuple[float, int], scratch: Scratch
) -> None:
    """Add one panel's part of the fair variance × years, node by node over all columns."""
    _fill_borders(columns, i, market, panel, scratch)
    side, start, half, value = panel[0], scratch.start, scratch.half, scratch.variance
    log_moneyness, moneyness, std_dev = scratch.log_moneyness, scratch.moneyness, scratch.std_dev
    forward = market.derived[columns.forward_row[i]]
    reference = market.derived[columns.smile.log_forward_row[i]]
    for node in range(NODES.shape[0]):
        place, weight = NODES[node] + 1.0, side * WEIGHTS[node]
        for j in range(value.shape[0]):
            k = fma(half[j], place, start[j])
            log_moneyness[j] = k
            moneyness[j] = k + (forward[j] - reference[j])
        _fill_std_devs(columns, i, market, moneyness, std_dev)
        for j in range(value.shape[0]):
            density = strip_density(side, log_moneyness[j], std_dev[j])
            value[j] = fma(weight * half[j], density, value[j])


@kernel
def _settle(
    columns: VarianceSwapColumns, i: int, market: MarketRows, state: FloatArray, value: FloatArray
) -> None:
    """Turn the fair variance × years left in `value` into the swap's value; bring the state up to date."""
    log_spot, discount = market.derived[columns.log_spot_row[i]], market.derived[columns.discount_row[i]]
    base_log_spot, accrued = columns.base_log_spot[i], columns.accrued[i]
    inverse_years, strike_variance = columns.inverse_years[i], columns.strike_variance[i]
    scale = columns.scale[i]
    since, last = state[ACCRUED], state[LAST_RETURN]
    for j in range(value.shape[0]):
        log_return = log_spot[j] - base_log_spot
        since[j] += realised_leg(log_return, last[j])
        last[j] = log_return
        variance = (accrued + since[j] + value[j]) * inverse_years
        value[j] = discount[j] * scale * (variance - strike_variance)


@kernel
def revalue(columns: VarianceSwapColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of vega notional of every swap, in the underlying's currency.

    A jump of the spot is a return that counts at once. State: squared returns since the market's date, and
    the return up to the last date. A swap that ended since the step before is worth 0 and pays.
    """
    width = out.value.shape[1]
    start, half, variance = np.empty(width), np.empty(width), np.empty(width)
    scratch = Scratch(start, half, np.empty(width), np.empty(width), np.empty(width), variance)
    for i in range(columns.life.shape[0]):
        life = columns.life[i]
        value = out.value[i] if life == ALIVE else out.paid[i]
        if life != ALIVE:
            fill_zero(out.value[i])
        if life == GONE:
            continue
        fill_zero(variance)
        for panel in range(N_PANELS):
            _add_panel(columns, i, market, (-1.0, panel), scratch)
            _add_panel(columns, i, market, (1.0, panel), scratch)
        for j in range(value.shape[0]):
            value[j] = variance[j]
        _settle(columns, i, market, state[i], value)

"""Fair variance off an implied-vol surface: the strip of options that replicates the log contract.

K_var·T = 2·e^{rT}·(∫₀^F P(K)/K² dK + ∫_F^∞ C(K)/K² dK) (P. Carr and D. Madan, Towards a theory of volatility
trading, in Volatility, Risk Books 1998, 417; K. Demeterfi, E. Derman, M. Kamal and J. Zou, A guide to
volatility and variance swaps, Journal of Derivatives 6/4 (1999) 9). In k = ln(K/F) with undiscounted prices
p over F this is 2·∫ p(k)·e^{−k} dk.
"""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.volatility import clamped, mixed_std_dev, smile_vol

DEVIATIONS = 9.0
"""Standard deviations to which the strip runs: what lies beyond is below 1e-16 of the variance."""


class StripSmile(NamedTuple):
    """Surface of one column around the expiry: vol = a + b·x + c·x² at two pillars, x clamped.

    Attributes
    ----------
    level1, skew1, curvature1, level2, skew2, curvature2
        a, b, c of the near and the far pillar.
    scale1, scale2
        1/√T of the pillars.
    years1, years2
        Shares of the pillars' variance.
    lower, upper
        Limits of x.
    """

    level1: float
    skew1: float
    curvature1: float
    level2: float
    skew2: float
    curvature2: float
    scale1: float
    scale2: float
    years1: float
    years2: float
    lower: float
    upper: float


@kernel
def std_dev_at(smile: StripSmile, moneyness: float) -> float:
    """Return the standard deviation to expiry at ln(K/F), F as the surface measures moneyness."""
    x1 = clamped(moneyness * smile.scale1, smile.lower, smile.upper)
    x2 = clamped(moneyness * smile.scale2, smile.lower, smile.upper)
    near = smile_vol(x1, smile.level1, smile.skew1, smile.curvature1)
    far = smile_vol(x2, smile.level2, smile.skew2, smile.curvature2)
    return mixed_std_dev(near, far, smile.years1, smile.years2)


@kernel
def _end_std_dev(smile: StripSmile, limit: float) -> float:
    """Return the standard deviation far out on a side, where x is at `limit`; at least that in the middle."""
    near = smile_vol(limit, smile.level1, smile.skew1, smile.curvature1)
    far = smile_vol(limit, smile.level2, smile.skew2, smile.curvature2)
    end = mixed_std_dev(near, far, smile.years1, smile.years2)
    middle = std_dev_at(smile, 0.0)
    return middle if end < middle else end  # noqa: FURB136 - a NaN must pass


@kernel
def strip_end(smile: StripSmile, side: float) -> float:
    """Return how far the strip runs in ln(K/F): to −(9s + s²/2) below (`side` −1), to +(9s + s²/2) above."""
    s = _end_std_dev(smile, smile.lower if side < 0.0 else smile.upper)
    return side * s * fma(0.5, s, DEVIATIONS)


@kernel
def panel_border(smile: StripSmile, side: float, border: int, shift: float) -> float:
    """Return border 0 to 3 of the panels on one side: 0, the clamps of both pillars, the end.

    Beyond a clamp the vol is flat: no panel holds a kink. Clamps past the end make panels of no length.
    """
    end = strip_end(smile, side)
    if border == 0:
        return 0.0
    if border == 3:
        return end
    limit = smile.lower if side < 0.0 else smile.upper
    scale = smile.scale1 if border == 1 else smile.scale2
    clamp = (limit / scale if scale > 0.0 else 0.0) - shift
    reach = side * clamp
    inside = 0.0 if reach < 0.0 else reach  # noqa: FURB136
    length = side * end
    return side * (length if inside > length else inside)  # noqa: FURB136


@kernel
def strip_density(side: float, log_moneyness: float, std_dev: float) -> float:
    """Return 2·p(k)·e^{−k}: the out-of-the-money option's part in the variance at k = ln(K/F).

    `side` is −1 below the forward, where it is a put, and 1 above; `std_dev` is that of the strike.
    """
    return 2.0 * black_price(side, exp(-log_moneyness), 1.0, -log_moneyness, std_dev)


@kernel
def realised_leg(log_return: float, last_log_return: float) -> float:
    """Return the squared log return from the last date's level to this one, both from the market's own."""
    change = log_return - last_log_return
    return change * change


@kernel
def fill_zero(values: FloatArray) -> None:
    """Set all values to 0."""
    for j in range(values.shape[0]):
        values[j] = 0.0

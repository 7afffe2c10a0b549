"""European options on a forward: Black's formula with one exponential a price."""

from __future__ import annotations

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.normal import CENTRE, mills_ratio, normal_pdf

NO_TIME_VALUE_BELOW = 1e-30
"""Standard deviation below which time value is lost in rounding: the price is the intrinsic value."""


@kernel
def intrinsic_value(sign: float, discounted_forward: float, discounted_strike: float) -> float:
    """Return max(±(D·F − D·K), 0), NaN where an argument is NaN."""
    difference = sign * (discounted_forward - discounted_strike)
    return 0.0 if difference <= 0.0 else difference  # noqa: FURB136 - a NaN must pass


@kernel
def black_price(
    sign: float, discounted_forward: float, discounted_strike: float, log_moneyness: float, std_dev: float
) -> float:
    """Return the price of a European option.

    price = ±(D·F·N(±d1) − D·K·N(±d2)), d1 = ln(F/K)/s + s/2, d2 = d1 − s (F. Black, Journal of Financial
    Economics 3 (1976) 167). As D·F·φ(d1) = D·K·φ(d2), one density serves both probabilities, each 1{y > 0}
    ∓ φ(y)·M(|y|) with the Mills ratio M; the two ratios share one division. With the difference of ratios
    nothing cancels out of the money. An error ε of `log_moneyness` moves the price by at most D·K·ε/2.

    Parameters
    ----------
    sign
        1 for a call, −1 for a put.
    discounted_forward, discounted_strike
        D·F (for a share S·e^{−qT}) and D·K, in currency.
    log_moneyness
        ln(F/K).
    std_dev
        s = vol·√T, not negative. Below `NO_TIME_VALUE_BELOW` the price is the intrinsic value, also at F =
        K.
    """
    certain = std_dev < NO_TIME_VALUE_BELOW
    divisor = 1.0 if certain else std_dev
    d1 = fma(0.5, divisor, log_moneyness / divisor)
    d2 = d1 - divisor
    y1 = sign * d1
    y2 = sign * d2
    x1 = abs(y1) + CENTRE
    x2 = abs(y2) + CENTRE
    w = 1.0 / (x1 * x2)
    ratio1 = mills_ratio(w * x2)
    ratio2 = mills_ratio(w * x1)
    # The same predicate decides indicator and sign: y > 0. Another one at 0 is a price wrong by the strike.
    # Products, not selections, so that a NaN passes wherever the strike lies.
    forward_sure = 1.0 if y1 > 0.0 else 0.0
    strike_sure = 1.0 if y2 > 0.0 else 0.0
    sure = fma(-discounted_strike, strike_sure, discounted_forward * forward_sure)
    ratios = (ratio1 if y1 > 0.0 else -ratio1) - (ratio2 if y2 > 0.0 else -ratio2)
    price = sign * fma(-discounted_forward * normal_pdf(d1), ratios, sure)
    intrinsic = intrinsic_value(sign, discounted_forward, discounted_strike)
    # Rounding never takes a price below its bound; a NaN compares false and passes.
    return intrinsic if certain | (price <= intrinsic) else price

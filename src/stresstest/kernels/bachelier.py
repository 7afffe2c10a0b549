"""European options on a forward whose changes are normal: Bachelier's formula, one exponential a price."""

from __future__ import annotations

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import NO_TIME_VALUE_BELOW
from stresstest.kernels.normal import CENTRE, mills_ratio, normal_pdf


@kernel
def bachelier_price(sign: float, discounted_difference: float, discounted_std_dev: float) -> float:
    """Return the price of a European option on a normal forward.

    price = D·(±(F − K)·N(±d) + s·φ(d)), d = (F − K)/s (L. Bachelier, Théorie de la spéculation, 1900).
    Written as intrinsic value plus D·s·φ(d)·(1 − |d|·M(|d|)) with the Mills ratio M, in which nothing
    cancels at the money and forwards and strikes may be negative.

    Parameters
    ----------
    sign
        1 for a call (a payer), −1 for a put.
    discounted_difference
        D·(F − K); for a swaption the annuity times forward less strike.
    discounted_std_dev
        D·s with s = normal vol·√T, not negative. Below `NO_TIME_VALUE_BELOW` the price is the intrinsic
        value.
    """
    moneyness = sign * discounted_difference
    intrinsic = 0.0 if moneyness <= 0.0 else moneyness  # noqa: FURB136 - a NaN must pass
    certain = discounted_std_dev < NO_TIME_VALUE_BELOW
    distance = abs(discounted_difference) / (1.0 if certain else discounted_std_dev)
    ratio = mills_ratio(1.0 / (distance + CENTRE))
    time_value = discounted_std_dev * normal_pdf(distance) * fma(-distance, ratio, 1.0)
    # The ratio is good to 1e-9 of itself: far out, where 1 − d·M is 1/d², rounding must not sell below 0.
    return intrinsic if certain | (time_value <= 0.0) else intrinsic + time_value

"""European options that pay a fixed amount, or the underlying, on one side of a strike."""

from __future__ import annotations

from stresstest.kernels._jit import kernel
from stresstest.kernels.black import NO_TIME_VALUE_BELOW
from stresstest.kernels.normal import normal_cdf, normal_pdf


@kernel
def exercise_chance(sign: float, log_moneyness: float) -> float:
    """Return 1 where a certain payoff is paid, else 0: a call's above the strike, a put's up to it."""
    above = 1.0 if log_moneyness > 0.0 else 0.0
    chance = above if sign > 0.0 else 1.0 - above
    # A moneyness that is not a number gives no payoff either way.
    return chance + 0.0 * log_moneyness


@kernel
def cash_digital(
    sign: float, discount: float, log_moneyness: float, std_dev: float, std_dev_slope: float
) -> float:
    """Return the price of one unit of money paid where the price ends above (below) the strike.

    D·(N(±d2) ∓ φ(d2)·ds/dln K): the limit of a narrow spread of vanilla options with the vol of each strike,
    so that the surface's slope counts (E. G. Haug, The Complete Guide to Option Pricing Formulas, 2nd ed.,
    section 4.19.3, for its first term).
    """
    certain = std_dev < NO_TIME_VALUE_BELOW
    divisor = 1.0 if certain else std_dev
    d2 = log_moneyness / divisor - 0.5 * divisor
    spread = normal_cdf(sign * d2) - sign * normal_pdf(d2) * std_dev_slope
    return discount * (exercise_chance(sign, log_moneyness) if certain else spread)


@kernel
def asset_digital(
    sign: float, discounted_forward: float, log_moneyness: float, std_dev: float, std_dev_slope: float
) -> float:
    """Return the price of one unit of the underlying paid where it ends above (below) the strike.

    D·F·(N(±d1) ∓ φ(d1)·ds/dln K), a vanilla option and the strike's cash digitals together.
    """
    certain = std_dev < NO_TIME_VALUE_BELOW
    divisor = 1.0 if certain else std_dev
    d1 = log_moneyness / divisor + 0.5 * divisor
    spread = normal_cdf(sign * d1) - sign * normal_pdf(d1) * std_dev_slope
    return discounted_forward * (exercise_chance(sign, log_moneyness) if certain else spread)

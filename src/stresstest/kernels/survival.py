"""Survival under a flat hazard rate: what is lost by default between two dates, and what premium accrues.

Between two dates the forward rate f and the hazard rate h are constant, as in the ISDA standard model; with
x = (f + h)·Δ and u the part of the interval gone by, discounted survival is P₀·e^{−x·u}. Everything that a
credit default swap needs follows from its moments B_n = ∫₀¹ uⁿ·P₀·e^{−x·u} du.

References
----------
ISDA CDS Standard Model v1.8.2 (www.cdsmodel.com); R. White, The Pricing and Risk Management of Credit Default
Swaps, with a Focus on the ISDA Model, OpenGamma Quantitative Research 16 (2013), sections 3 and 4.
"""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp

PREMIUM_DAYS_RATIO = 365.0 / 360.0
"""Years of a premium (ACT/360) in one year of 365 days."""

# Below it the moments come from the series, downwards; above it from quotients, upwards, which lose a digit
# for each factor x below 1.
_SERIES_LIMIT = 0.25

# (−1)^k ÷ (k!·(k + 3)): the next term is below 1e-17 of the sum at the limit.
_S0 = 1.0 / 3.0
_S1 = -1.0 / 4.0
_S2 = 1.0 / 10.0
_S3 = -1.0 / 36.0
_S4 = 1.0 / 168.0
_S5 = -1.0 / 960.0
_S6 = 1.0 / 6480.0
_S7 = -1.0 / 50400.0
_S8 = 1.0 / 443520.0
_S9 = -1.0 / 4354560.0
_S10 = 1.0 / 47174400.0
_S11 = -1.0 / 558835200.0


class Moments(NamedTuple):
    """B₀, B₁, B₂ of discounted survival over an interval."""

    zeroth: float
    first: float
    second: float


class Interval(NamedTuple):
    """Time between two dates of a credit default swap.

    Attributes
    ----------
    start_years, length_years
        Start from the valuation date, and length, in years of 365 days.
    accrued_years
        Time that premium has accrued for where the interval starts, half a day too long as in the model.
    """

    start_years: float
    length_years: float
    accrued_years: float


class Leg(NamedTuple):
    """A value and its slope in the hazard rate."""

    value: float
    slope: float


@kernel
def survival(hazard_rate: float, years: float) -> float:
    """Return Q(t) = e^{−h·t}: the probability that no default comes before t."""
    return exp(-hazard_rate * years)


@kernel
def moments(start: float, end: float, exponent: float) -> Moments:
    """Return B₀, B₁ and B₂ from discounted survival P₀ at the start, P₁ at the end, and x = ln(P₀/P₁).

    Errors are some 4, 20 and 100 units in the last place of P₀; at x = 0 they are exactly P₀, P₀/2 and P₀/3
    but for rounding. Any sign of x.
    """
    x = exponent
    is_small = abs(x) < _SERIES_LIMIT
    x2 = x * x
    x4 = x2 * x2
    lowest = fma(fma(_S3, x, _S2), x2, fma(_S1, x, _S0))
    middle = fma(fma(_S7, x, _S6), x2, fma(_S5, x, _S4))
    highest = fma(fma(_S11, x, _S10), x2, fma(_S9, x, _S8))
    series = start * fma(fma(highest, x4, middle), x4, lowest)
    divisor = 1.0 if is_small else x
    quotient = (start - end) / divisor
    second_quotient = (quotient - end) / divisor
    third_quotient = (2.0 * second_quotient - end) / divisor
    first = 0.5 * fma(x, series, end)
    zeroth = fma(x, first, end)
    return Moments(
        zeroth if is_small else quotient,
        first if is_small else second_quotient,
        series if is_small else third_quotient,
    )


@kernel
def default_leg(hazard_rate: float, interval: Interval, parts: Moments) -> Leg:
    """Return the value of 1 paid at a default within the interval: h·Δ·B₀."""
    length = interval.length_years
    slope = fma(-interval.start_years, parts.zeroth, -length * parts.first)
    return Leg(hazard_rate * length * parts.zeroth, length * fma(hazard_rate, slope, parts.zeroth))


@kernel
def accrual_leg(hazard_rate: float, interval: Interval, parts: Moments) -> Leg:
    """Return the value of the premium of 1 a year accrued at a default within the interval.

    365/360·h·Δ·(Δ·B₁ + a·B₀), a the time accrued at the start: premium counts ACT/360.
    """
    start, length, accrued = interval
    amount = fma(length, parts.first, accrued * parts.zeroth)
    zeroth_slope = fma(-start, parts.zeroth, -length * parts.first)
    first_slope = fma(-start, parts.first, -length * parts.second)
    slope = fma(length, first_slope, accrued * zeroth_slope)
    scale = PREMIUM_DAYS_RATIO * length
    return Leg(scale * hazard_rate * amount, scale * fma(hazard_rate, slope, amount))

"""Discounting and carry of one amount: scalar functions of continuously compounded rates."""

from __future__ import annotations

from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp


@kernel
def log_discount(
    lower_rate: float, upper_rate: float, lower_weight_years: float, upper_weight_years: float
) -> float:
    """Return −t·z(t) for a zero rate linear between two nodes.

    Parameters
    ----------
    lower_rate, upper_rate
        Zero rates of the bracketing nodes, continuously compounded, decimals.
    lower_weight_years, upper_weight_years
        Interpolation weights of the nodes, each multiplied by the time t in years.
    """
    return -fma(lower_weight_years, lower_rate, upper_weight_years * upper_rate)


@kernel
def carried_spot(spot: float, dividend_yield: float, years: float) -> float:
    """Return S·e^{−q·t}: today's value of one share delivered in `years`, its dividends left out."""
    return spot * exp(-dividend_yield * years)


@kernel
def log_forward(log_spot: float, log_discount_factor: float, dividend_yield: float, years: float) -> float:
    """Return ln F(t) = ln S − q·t − ln D(t) of a share with continuous dividend yield q."""
    return fma(-dividend_yield, years, log_spot) - log_discount_factor


@kernel
def interpolated_price(lower: float, upper: float, lower_weight: float, upper_weight: float) -> float:
    """Return the price between two nodes of a forward curve, linear in time; it may be negative."""
    return fma(lower_weight, lower, upper_weight * upper)


@kernel
def log_currency_forward(log_rate: float, base_log_discount: float, quote_log_discount: float) -> float:
    """Return ln F = ln S + ln D_base − ln D_quote of an exchange rate in quote currency for one of base."""
    return log_rate + base_log_discount - quote_log_discount

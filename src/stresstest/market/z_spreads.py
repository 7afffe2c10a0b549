"""The spread over a curve at which known payments are worth a price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.root_search import decreasing_root

# From a spread that doubles the face in a year to one that leaves nothing of it within a month.
_BOUNDS = (-1.0, 100.0)


class Payments(NamedTuple):
    """Payments of a bond: years from the valuation date, money, log discount factor of the curve.

    Examples
    --------
    >>> round(Payments([2.0], [1.0], [-0.06]).spread_at(0.9), 6)
    0.02268
    """

    years: Sequence[float]
    amounts: Sequence[float]
    log_discounts: Sequence[float]

    def spread_at(self, price: float) -> float:
        """Return the spread, continuously compounded, at which the payments are worth a dirty `price`.

        Raises
        ------
        NoRootError
            No spread between −100 % and 10,000 % gives the price.
        """
        log_price = float(log(price))
        return decreasing_root(lambda spread: self._log_value_over(log_price, spread), 0.0, _BOUNDS)

    def _log_value_over(self, log_price: float, spread: float) -> tuple[float, float]:
        """Return ln(value ÷ price) and its slope in the spread: nearly a straight line, so Newton is fast."""
        value = slope = 0.0
        for years, amount, log_discount in zip(*self, strict=True):
            discounted = amount * float(exp(log_discount - years * spread))
            value += discounted
            slope -= years * discounted
        if value == 0.0:
            return float("-inf"), float("nan")
        return float(log(value)) - log_price, slope / value

"""Derived rows of forward prices and exchange rates, over the rows of curves and factors."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from stresstest.instrument_type import CurrencyCarry
from stresstest.kernels.discounting import interpolated_price, log_currency_forward
from stresstest.kernels.logarithm import log
from stresstest.market.curves import interpolation_weights
from stresstest.market.fx import fx_factors
from stresstest.market.price_curves import PriceCurve
from stresstest.market.rows import FactorRows
from stresstest.market.snapshot import MarketSnapshot

NewRow = Callable[[Hashable], tuple[int, bool]]
"""Row of `market.derived` by its name, and whether it is new."""


@dataclass
class ForwardPlan:
    """Rows of forward prices, exchange rates, their logs and products, each once however often asked."""

    market: MarketSnapshot
    rows: FactorRows
    new: NewRow
    prices: list[tuple[int, int, float, float, int]] = field(default_factory=list)
    exchanges: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    logs: list[tuple[int, int]] = field(default_factory=list)
    products: list[tuple[int, int, int]] = field(default_factory=list)
    currency_forwards: list[tuple[int, int, int, int]] = field(default_factory=list)

    def price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the price for delivery in `years`."""
        row, new = self.new(("forward_price", curve.kind, curve.name, years))
        if new:
            lower, upper, lower_weight, upper_weight = curve.nodes(years)
            sources = (self.rows.factor(curve.key(lower)), self.rows.factor(curve.key(upper)))
            self.prices.append((*sources, lower_weight, upper_weight, row))
        return row

    def log_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the log of the price for delivery in `years`."""
        return self._log(self.price(curve, years))

    def base_log_price(self, curve: PriceCurve, years: float) -> float:
        """Return the log of the price for delivery in `years` in column 0."""
        lower, upper, lower_weight, upper_weight = curve.nodes(years)
        levels = self.market.levels
        low, high = levels[curve.key(lower)], levels[curve.key(upper)]
        return float(log(interpolated_price(low, high, lower_weight, upper_weight)))

    def exchange_rate(self, base: str, quote: str) -> int:
        """Return the row of the price of one unit of `base` in `quote`."""
        row, new = self.new(("exchange_rate", base, quote))
        if new:
            path = [(self.rows.factor(key), power) for key, power in fx_factors(self.market, base, quote)]
            (first, first_power), (second, second_power) = (*path, (-1, 1))[:2]
            self.exchanges.append((first, first_power, second, second_power, row))
        return row

    def log_currency_forward(self, carry: CurrencyCarry) -> int:
        """Return the row of the log of the forward exchange rate."""
        row, new = self.new(("log_currency_forward", carry))
        if new:
            log_rate = self._log(self.exchange_rate(carry.base, carry.quote))
            base = self.rows.log_discount(carry.base_curve, carry.years)
            quote = self.rows.log_discount(carry.quote_curve, carry.years)
            self.currency_forwards.append((log_rate, base, quote, row))
        return row

    def base_log_currency_forward(self, carry: CurrencyCarry) -> float:
        """Return the log of the forward exchange rate in column 0."""
        rate, levels = 1.0, self.market.levels
        for key, power in fx_factors(self.market, carry.base, carry.quote):
            rate = rate * levels[key] if power > 0 else rate / levels[key]
        base, quote = (
            -carry.years * self._zero_rate(curve, carry.years)
            for curve in (carry.base_curve, carry.quote_curve)
        )
        return float(log_currency_forward(float(log(rate)), base, quote))

    def _zero_rate(self, name: str, years: float) -> float:
        curve = self.market.curves[name]
        lower, upper, lower_weight, upper_weight = interpolation_weights(curve.years, years)
        low, high = (self.market.levels[curve.keys()[node]] for node in (lower, upper))
        return lower_weight * low + upper_weight * high

    def product(self, first: int, second: int) -> int:
        """Return the row of the product of two derived rows."""
        row, new = self.new(("product", first, second))
        if new:
            self.products.append((first, second, row))
        return row

    def _log(self, source: int) -> int:
        row, new = self.new(("log", source))
        if new:
            self.logs.append((source, row))
        return row

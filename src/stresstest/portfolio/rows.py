"""Rows that a book's kernels read: factor rows, and rows derived from them once a chunk."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CurrencyCarry
from stresstest.kernels.derived import (
    CarryRows,
    ConstantRows,
    CurrencyForwardRows,
    DerivedLogRows,
    DerivedPlan,
    DiscountRows,
    ExchangeRows,
    ForwardRows,
    LogRows,
    PriceRows,
    ProductRows,
)
from stresstest.kernels.logarithm import log
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.forward_rows import ForwardPlan


class RowPlan:
    """Hands out rows as `stresstest.instrument_type.Rows` says, each derived row once however often asked."""

    def __init__(self, market: MarketSnapshot) -> None:
        self._market = market
        self._factors: dict[RiskFactorKey, int] = {}
        self._derived: dict[Hashable, int] = {}
        self._logs: list[tuple[int, int]] = []
        self._discounts: list[tuple[int, int, float, float, int, int]] = []
        self._carries: list[tuple[int, int, float, int]] = []
        self._forwards: list[tuple[int, int, int, float, int]] = []
        self._constants: list[tuple[float, int]] = []
        self._forward_plan = ForwardPlan(market, self, self._row)

    @property
    def factor_keys(self) -> tuple[RiskFactorKey, ...]:
        """Factors of the rows of `market.factors`, in order."""
        return tuple(self._factors)

    @property
    def n_derived(self) -> int:
        """Number of rows of `market.derived`."""
        return len(self._derived)

    def factor(self, key: RiskFactorKey) -> int:
        """Return the row of `key` in `market.factors`."""
        return self._factors.setdefault(key, len(self._factors))

    def _row(self, name: Hashable) -> tuple[int, bool]:
        row = self._derived.get(name)
        if row is not None:
            return row, False
        self._derived[name] = row = len(self._derived)
        return row, True

    def log_spot(self, issuer: str) -> int:
        """Return the row of log(spot)."""
        row, new = self._row(("log_spot", issuer))
        if new:
            self._logs.append((self.factor(RiskFactorKey("spot", issuer)), row))
        return row

    def log_discount(self, curve: str, years: float) -> int:
        """Return the row of the log of the discount factor of `curve` to `years`."""
        row, new = self._row(("log_discount", curve, years))
        if new:
            discount_row, _ = self._row(("discount", curve, years))
            nodes = self._market.curves[curve]
            keys = nodes.keys()
            lower, upper, lower_weight, upper_weight = interpolation_weights(nodes.years, years)
            self._discounts.append(
                (
                    self.factor(keys[lower]),
                    self.factor(keys[upper]),
                    lower_weight * years,
                    upper_weight * years,
                    row,
                    discount_row,
                )
            )
        return row

    def discount(self, curve: str, years: float) -> int:
        """Return the row of the discount factor of `curve` to `years`."""
        self.log_discount(curve, years)
        return self._derived["discount", curve, years]

    def carry_spot(self, issuer: str, years: float) -> int:
        """Return the row of spot · exp(−dividend_yield · years)."""
        row, new = self._row(("carry_spot", issuer, years))
        if new:
            spot = self.factor(RiskFactorKey("spot", issuer))
            dividend_yield = self.factor(RiskFactorKey("dividend_yield", issuer))
            self._carries.append((spot, dividend_yield, years, row))
        return row

    def log_forward(self, issuer: str, curve: str, years: float) -> int:
        """Return the row of the log of the forward price to `years`."""
        row, new = self._row(("log_forward", issuer, curve, years))
        if new:
            dividend_yield = self.factor(RiskFactorKey("dividend_yield", issuer))
            sources = (self.log_spot(issuer), self.log_discount(curve, years), dividend_yield)
            self._forwards.append((*sources, years, row))
        return row

    def smile_log_forward(self, issuer: str, curve: str, years: float) -> int:
        """Return the row of the log forward that the smile's moneyness is measured from."""
        if self._market.smiles[issuer].stickiness == "moneyness":
            return self.log_forward(issuer, curve, years)
        return self.constant(self._base_log_forward(issuer, curve, years))

    def _base_log_forward(self, issuer: str, curve: str, years: float) -> float:
        levels, nodes = self._market.levels, self._market.curves[curve]
        keys = nodes.keys()
        lower, upper, lower_weight, upper_weight = interpolation_weights(nodes.years, years)
        rate = lower_weight * levels[keys[lower]] + upper_weight * levels[keys[upper]]
        carry = (rate - levels[RiskFactorKey("dividend_yield", issuer)]) * years
        return float(log(levels[RiskFactorKey("spot", issuer)])) + carry

    def forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the price for delivery in `years`."""
        return self._forward_plan.price(curve, years)

    def log_forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the log of the price for delivery in `years`."""
        return self._forward_plan.log_price(curve, years)

    def smile_log_forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the log price that the smile's moneyness is measured from."""
        if self._market.smiles[curve.name].stickiness == "moneyness":
            return self.log_forward_price(curve, years)
        return self.constant(self._forward_plan.base_log_price(curve, years))

    def exchange_rate(self, base: str, quote: str) -> int:
        """Return the row of the price of one unit of `base` in `quote`."""
        return self._forward_plan.exchange_rate(base, quote)

    def log_currency_forward(self, carry: CurrencyCarry) -> int:
        """Return the row of the log of the forward exchange rate."""
        return self._forward_plan.log_currency_forward(carry)

    def smile_log_currency_forward(self, carry: CurrencyCarry) -> int:
        """Return the row of the log forward rate that the smile's moneyness is measured from."""
        if self._market.smiles[carry.base + carry.quote].stickiness == "moneyness":
            return self.log_currency_forward(carry)
        return self.constant(self._forward_plan.base_log_currency_forward(carry))

    def product(self, first: int, second: int) -> int:
        """Return the row of the product of two derived rows."""
        return self._forward_plan.product(first, second)

    def constant(self, value: float) -> int:
        """Return the row that holds `value` in every column."""
        row, new = self._row(("constant", value))
        if new:
            self._constants.append((value, row))
        return row

    def derived_plan(self) -> DerivedPlan:
        """Return what `kernels.derived.fill_derived` reads to fill the derived rows of a chunk."""
        plan = self._forward_plan
        return DerivedPlan(
            LogRows(*_frozen_columns(self._logs, "ii")),
            DiscountRows(*_frozen_columns(self._discounts, "iiffii")),
            CarryRows(*_frozen_columns(self._carries, "iifi")),
            ForwardRows(*_frozen_columns(self._forwards, "iiifi")),
            ConstantRows(*_frozen_columns(self._constants, "fi")),
            PriceRows(*_frozen_columns(plan.prices, "iiffi")),
            ExchangeRows(*_frozen_columns(plan.exchanges, "iiiii")),
            DerivedLogRows(*_frozen_columns(plan.logs, "ii")),
            ProductRows(*_frozen_columns(plan.products, "iii")),
            CurrencyForwardRows(*_frozen_columns(plan.currency_forwards, "iiii")),
        )


def _frozen_columns(rows: Sequence[tuple[float, ...]], kinds: str) -> list[Any]:
    """Return the columns of `rows` as arrays: of integers where `kinds` has `i`, of floats where `f`."""
    columns = ([row[column] for row in rows] for column in range(len(kinds)))
    return [
        frozen_int(column) if kind == "i" else frozen(column)
        for kind, column in zip(kinds, columns, strict=True)
    ]

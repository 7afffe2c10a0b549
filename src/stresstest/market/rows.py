"""What gives the rows of a chunk, from narrow to wide; asking twice gives the same row."""

from __future__ import annotations

from typing import Protocol

from stresstest.market.keys import RiskFactorKey


class LogDiscountRows(Protocol):
    """Gives the rows of log discount factors."""

    def log_discount(self, curve: str, years: float) -> int:
        """Return the row in `market.derived` of the log of the discount factor of `curve` to `years`."""


class FactorRows(LogDiscountRows, Protocol):
    """Gives the rows of factors as well."""

    def factor(self, key: RiskFactorKey) -> int:
        """Return the row of `key` in `market.factors`."""


class CurveRows(LogDiscountRows, Protocol):
    """Gives the rows of discount factors and of their logs."""

    def discount(self, curve: str, years: float) -> int:
        """Return the row in `market.derived` of the discount factor of `curve` to `years`."""


class CreditRows(FactorRows, CurveRows, Protocol):
    """Gives the rows that payments with credit risk read."""

    def constant(self, value: float) -> int:
        """Return the row in `market.derived` that holds `value` in every column."""

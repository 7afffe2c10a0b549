"""Maintenance margin: whether the equity of an account stays above what its broker asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.revaluation.result import PortfolioResult

CASH = "cash"
"""Type of positions that no margin is asked for: they are what it is paid with."""


@dataclass(frozen=True)
class Margin:
    """Equity and requirement of one account in every column, in the portfolio's currency.

    Attributes
    ----------
    equity
        `(n_columns,)` value of the account, debits at the broker taken off.
    required
        `(n_columns,)` maintenance margin; NaN where a position has no value.
    """

    equity: FloatArray
    required: FloatArray

    @cached_property
    def call(self) -> FloatArray:
        """`(n_columns,)` what must be paid in: required − equity, at least 0."""
        return frozen(np.maximum(self.required - self.equity, 0.0))


def margin(result: PortfolioResult) -> Margin | None:
    """Return equity against the maintenance margin that the portfolio states.

    None where it states none, or where only totals were kept. The requirement is a part of the market value
    of every position but cash, one part for those held long and another for those sold short.
    """
    terms = result.held.portfolio.portfolio.margin
    if terms is None or result.units is None:
        return None
    counts = np.array([tag != CASH for tag in result.position_types], dtype=np.bool_)
    value = result.position_value[counts]
    required = (np.where(value < 0.0, -terms.short, terms.long) * value).sum(axis=0)
    return Margin(frozen(result.value), frozen(required))

"""Windows of history: the regimes that are estimated where nothing else is asked, and how one is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from stresstest.arrays import BoolArray
from stresstest.errors import InputError, Problem
from stresstest.io.fields import read_date
from stresstest.market.estimation.history import PriceHistory
from stresstest.quantity import QuantityError

Windows = tuple[tuple[date, date], ...]

REGIMES: dict[str, Windows] = {
    # Long stretches in which no index fell by a fifth: nothing here is a crisis or its rebound.
    "calm": (
        (date(2012, 9, 4), date(2014, 9, 19)),
        (date(2016, 7, 11), date(2018, 1, 26)),
        (date(2019, 2, 1), date(2020, 2, 19)),
        (date(2023, 11, 1), date(2024, 7, 10)),
    ),
    # Peak to trough, or to the end of the first rebound: a financial crisis, a pandemic, a rise of rates and
    # a trade shock. Each was a fall of its own kind; together they are what "everything sold" looks like.
    "stressed": (
        (date(2007, 10, 9), date(2009, 3, 9)),
        (date(2020, 2, 19), date(2020, 4, 30)),
        (date(2022, 1, 3), date(2022, 10, 12)),
        (date(2025, 2, 19), date(2025, 4, 30)),
    ),
    "financial_crisis": ((date(2007, 10, 9), date(2009, 3, 9)),),
    "rates_2022": ((date(2022, 1, 3), date(2022, 10, 12)),),
}
"""Regimes of a model that is built without any of its own."""

LAG = 5
"""Trading days of a return: closes of Tokyo, Taipei, Amsterdam and New York lie within one window."""

EXPOSURE_YEARS = 4
"""Years up to the end of the history that exposures are estimated on: firms as they now are."""

MIN_RETURNS = 40
"""Overlapping returns below which a window says nothing of 20 factors, even when shrunk."""


def overlap_efficiency(lag: int) -> float:
    """Return how much an overlapping return of `lag` days is worth, counted in independent ones.

    Sums over `lag` days that overlap have autocorrelations 1 − j/lag; the variance of their second moments is
    that of independent ones times 1 + 2 Σ (1 − j/lag)² = (2 lag² + 1) / (3 lag).

    Examples
    --------
    >>> round(overlap_efficiency(5), 4)
    0.2941
    """
    return 3.0 * lag / (2.0 * lag * lag + 1.0)


def rows_inside(history: PriceHistory, windows: Windows, lag: int = LAG) -> BoolArray:
    """Return `(n_days,)` whether the return over `lag` days that ends there lies wholly in one window."""
    result = np.zeros(len(history.days), np.bool_)
    for first, last in windows:
        inside = history.between(first, last)
        result[lag:] |= inside[lag:] & inside[:-lag]
    return result


def parse_regime(text: str) -> tuple[str, Windows]:
    """Return name and windows of `stressed=2007-10-09..2009-03-09,2020-02-19..2020-04-30`.

    Raises
    ------
    InputError
        ST232 where it is malformed.
    """
    name, _, spans = text.partition("=")
    try:
        windows = tuple(_span(span) for span in spans.split(","))
    except (QuantityError, ValueError):
        windows = ()
    if not name.isidentifier() or not windows or any(first >= last for first, last in windows):
        expected = "NAME=FIRST..LAST[,FIRST..LAST] with days as 2007-10-09"
        raise InputError([Problem("ST232", f"regime {text!r}", expected)])
    return name, windows


def _span(text: str) -> tuple[date, date]:
    first, last = text.split("..")
    return read_date(first.strip()), read_date(last.strip())


def usable_windows(history: PriceHistory, regimes: dict[str, Windows], strict: bool) -> dict[str, Windows]:
    """Return the regimes that the history covers; one with too few returns is refused where `strict`.

    Raises
    ------
    InputError
        ST232 with each such regime, or where none is left.
    """
    counts = {name: int(rows_inside(history, windows).sum()) for name, windows in regimes.items()}
    short = [name for name, count in counts.items() if count < MIN_RETURNS]
    kept = {name: windows for name, windows in regimes.items() if name not in short}
    if (strict and short) or not kept:
        span = f"{history.days[0]} to {history.days[-1]}" if history.days else "no day"
        expected = f"a window with at least {MIN_RETURNS} returns inside the history ({span})"
        raise InputError(
            Problem("ST232", f"regime {name!r} with {counts[name]} returns", expected) for name in short
        )
    return kept


def shown_windows(windows: Sequence[tuple[date, date]]) -> str:
    """Return windows as text: `2022-01-03 to 2022-10-12`, several joined by a comma."""
    return ", ".join(f"{first} to {last}" for first, last in windows)

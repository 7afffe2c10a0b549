"""The register of proxies: every position that no market price values, what values it and what it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from stresstest.portfolio.private import PRIVATE
from stresstest.revaluation.result import PortfolioResult

STATED_VALUE, OWN_LEVEL = "stated value", "own level"
"""How a position is valued: as its holder states it as a whole, or through a price, spread or volatility of
its own that replaces the market's."""


@dataclass(frozen=True, slots=True)
class ProxiedPosition:
    """A position that the market does not price, or not alone.

    Attributes
    ----------
    how
        `STATED_VALUE` or `OWN_LEVEL`.
    issuer
        What it holds, as the position names it.
    follows
        Issuer whose moves it takes; empty where lines reach it by its own attributes.
    stated_value, currency, stated_on
        As its holder states it; None, empty and None of an own level.
    age_days
        Days from then to the market's date; None of an own level.
    roll
        Return of what it follows over these days, by which the stated value was moved; None where the market
        states none, and the value is as stated.
    base_value
        In the portfolio's currency; NaN where the run kept totals only.
    share
        |Base value| ÷ gross value of the portfolio; NaN where that is not known or 0.
    """

    portfolio: str
    position: str
    how: str
    issuer: str
    follows: str
    base_value: float
    share: float
    stated_value: float | None = None
    currency: str = ""
    stated_on: date | None = None
    age_days: int | None = None
    roll: float | None = None


def proxy_register(results: Iterable[PortfolioResult]) -> tuple[ProxiedPosition, ...]:
    """Return the positions of all portfolios that are not valued by the market alone.

    Portfolio by portfolio, in each the largest share of gross value first.
    """
    return tuple(entry for result in results for entry in sorted(_of_portfolio(result), key=_size))


def proxied_share(entries: Iterable[ProxiedPosition]) -> float:
    """Return the shares of entries of one portfolio added up; NaN where one is not known."""
    return float(sum(entry.share for entry in entries))


def _size(entry: ProxiedPosition) -> tuple[float, str]:
    return 0.0 if isnan(entry.share) else -entry.share, entry.position


def _of_portfolio(result: PortfolioResult) -> Iterator[ProxiedPosition]:
    as_of, gross = result.book.market.as_of, result.gross_value
    stated = {item.position: item for item in result.proxied}
    for row, position in enumerate(result.position_ids):
        base = nan if result.units is None else float(result.position_value[row, 0])
        size = base, abs(base) / gross if gross else nan
        item = stated.get(position)
        if item is not None:
            yield ProxiedPosition(
                *(result.name, position, STATED_VALUE, item.issuer, item.proxy, *size),
                stated_value=item.stated_value,
                currency=item.currency,
                stated_on=item.stated_date,
                age_days=(as_of - item.stated_date).days,
                roll=item.roll,
            )
        elif own := _own_issuer(result, row):
            yield ProxiedPosition(result.name, position, OWN_LEVEL, own, own, *size)


def _own_issuer(result: PortfolioResult, row: int) -> str:
    """Return the issuer of whom a position has a level of its own, or nothing."""
    factors = result.book.instruments[int(result.instrument[row])].requirements.factors
    return next((key.public_name for key in factors if PRIVATE in key.name), "")

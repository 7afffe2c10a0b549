"""The register of proxies: every position that no market price values, what values it and what it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from stresstest.portfolio.binding import BoundInstrument
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
    for row, position in enumerate(result.position_ids):
        item = result.book.instruments[int(result.instrument[row])]
        if is_proxied(item):
            base = nan if result.units is None else float(result.position_value[row, 0])
            yield proxied_position((result.name, position), item, as_of, (base, gross))


def is_proxied(item: BoundInstrument) -> bool:
    """Tell whether the market alone does not value an instrument."""
    return item.proxied is not None or bool(_own_issuer(item))


def proxied_position(
    names: tuple[str, str], item: BoundInstrument, as_of: date, values: tuple[float, float]
) -> ProxiedPosition:
    """Return a position that the market alone does not value.

    Parameters
    ----------
    names
        Of its portfolio and its own.
    as_of
        Date of the market.
    values
        Base value of the position, and gross value of its portfolio, in the portfolio's currency.
    """
    base, gross = values
    size = base, abs(base) / gross if gross else nan
    stated = item.proxied
    if stated is None:
        own = _own_issuer(item)
        return ProxiedPosition(*names, OWN_LEVEL, own, own, *size)
    return ProxiedPosition(
        *(*names, STATED_VALUE, stated.issuer, stated.proxy, *size),
        stated_value=stated.stated_value,
        currency=stated.currency,
        stated_on=stated.stated_date,
        age_days=(as_of - stated.stated_date).days,
        roll=stated.roll,
    )


def _own_issuer(item: BoundInstrument) -> str:
    """Return the issuer of whom an instrument has a level of its own, or nothing."""
    factors = item.requirements.factors
    return next((key.public_name for key in factors if PRIVATE in key.name), "")

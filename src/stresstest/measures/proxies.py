"""The register of proxies: every position that is valued as its holder states, and what it follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from stresstest.revaluation.result import PortfolioResult


@dataclass(frozen=True, slots=True)
class ProxiedPosition:
    """A position that the market does not price.

    Attributes
    ----------
    issuer
        What it holds, as the position names it.
    follows
        Issuer whose moves it takes; empty where lines reach it by its own attributes.
    stated_value, currency, stated_on
        As its holder states it.
    age_days
        Days from then to the market's date.
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
    issuer: str
    follows: str
    stated_value: float
    currency: str
    stated_on: date
    age_days: int
    roll: float | None
    base_value: float
    share: float


def proxy_register(results: Iterable[PortfolioResult]) -> tuple[ProxiedPosition, ...]:
    """Return the positions of all portfolios that are valued as stated, the largest share first."""
    entries = [entry for result in results for entry in _of_portfolio(result)]
    return tuple(sorted(entries, key=lambda entry: (-np.nan_to_num(entry.share), entry.portfolio)))


def proxied_share(entries: Iterable[ProxiedPosition]) -> float:
    """Return the shares of entries of one portfolio added up; NaN where one is not known."""
    return float(sum(entry.share for entry in entries))


def _of_portfolio(result: PortfolioResult) -> list[ProxiedPosition]:
    as_of, gross = result.book.market.as_of, result.gross_value
    rows = {name: row for row, name in enumerate(result.position_ids)}
    entries = []
    for item in result.proxied:
        kept = result.units is not None
        base = float(result.position_value[rows[item.position], 0]) if kept else np.nan
        entries.append(
            ProxiedPosition(
                *(result.name, item.position, item.issuer, item.proxy),
                *(item.stated_value, item.currency, item.stated_date),
                age_days=(as_of - item.stated_date).days,
                roll=item.roll,
                base_value=base,
                share=abs(base) / gross if gross else np.nan,
            )
        )
    return entries

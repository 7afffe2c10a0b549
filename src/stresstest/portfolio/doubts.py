"""Notices on contract terms that are possible and yet unusual: most of them are slips of units."""

from __future__ import annotations

from datetime import date

from stresstest.io.usual import doubts
from stresstest.portfolio.model import Portfolio

MOST_NAMED = 10
"""Terms named; what is systematic shows in as many."""


def doubtful_terms(portfolio: Portfolio, today: date) -> tuple[str, ...]:
    """Return a notice for each unusual term, with the first position that has it.

    Parameters
    ----------
    today
        Date of the market.
    """
    first: dict[int, str] = {}
    for position, row in zip(portfolio.positions.ids, portfolio.positions.instrument.tolist(), strict=True):
        first.setdefault(row, position)
    found = [
        f"{portfolio.name}: position {first[row]!r}: {doubt}"
        for row, instrument in enumerate(portfolio.instruments)
        if row in first
        for doubt in doubts(instrument.spec, today)
    ]
    more = len(found) - MOST_NAMED
    return (*found[:MOST_NAMED], *((f"{portfolio.name}: {more:,} more unusual terms",) if more > 0 else ()))

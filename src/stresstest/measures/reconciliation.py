"""Base value against the net asset value that the holder states: the difference and its sources."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.table import BASE


@dataclass(frozen=True, slots=True)
class ValueGap:
    """A position's base value less the value that its holder states, in the portfolio's currency."""

    position: str
    base_value: float
    stated_value: float

    @property
    def difference(self) -> float:
        """Base value − stated value."""
        return self.base_value - self.stated_value


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Base value against a stated net asset value.

    Attributes
    ----------
    difference
        Base value − net asset value; positive where the run values the portfolio higher.
    gaps
        Positions with a stated value of their own, the largest difference first.
    tolerance
        Part of the net asset value by which the base value may differ and still match.
    days_apart
        Days from the net asset value's date to the market's; None where it has none.
    without_value
        Positions that the base value leaves out, since they could not be valued: a gap that they explain is
        no match.
    """

    net_asset_value: float
    stated_on: date | None
    source: str
    difference: float
    gaps: tuple[ValueGap, ...]
    tolerance: float = 0.01
    days_apart: int | None = None
    without_value: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Difference ÷ net asset value."""
        return self.difference / abs(self.net_asset_value)

    @property
    def within(self) -> bool:
        """Whether the base value, all positions in it, matches within the tolerance."""
        return abs(self.share) <= self.tolerance and not self.without_value

    @property
    def unexplained(self) -> float:
        """Difference − the sum of the gaps."""
        return self.difference - math.fsum(gap.difference for gap in self.gaps)


def reconcile(result: PortfolioResult, tolerance: float | None = None) -> Reconciliation | None:
    """Return `result` against its stated net asset value; None where it states none.

    Positions are compared only where their currency is the portfolio's: a stated value is in the currency of
    the position, and its rate on the day it was stated is not known.

    Parameters
    ----------
    tolerance
        In place of the portfolio's own.
    """
    portfolio = result.held.portfolio.portfolio
    nav = portfolio.nav
    if nav is None:
        return None
    gaps = () if result.units is None else tuple(_gaps(result))
    gaps = tuple(sorted(gaps, key=lambda gap: -abs(gap.difference)))
    failed = (failure.position for failure in result.failures if failure.scenario == BASE)
    return Reconciliation(
        *(nav.value, nav.date, nav.source, result.base_value - nav.value, gaps),
        tolerance=nav.tolerance if tolerance is None else tolerance,
        days_apart=None if nav.date is None else (result.book.market.as_of - nav.date).days,
        without_value=tuple(dict.fromkeys(failed)),
    )


def _gaps(result: PortfolioResult) -> list[ValueGap]:
    portfolio = result.held.portfolio.portfolio
    base = result.position_value[:, 0].tolist()
    gaps = []
    for row, position in enumerate(result.position_ids):
        stated = portfolio.instruments[int(portfolio.positions.instrument[row])].stated
        currency = result.book.instruments[int(result.instrument[row])].requirements.currency
        if stated is not None and currency == result.currency and not math.isnan(base[row]):
            gaps.append(ValueGap(position, base[row], stated.value))
    return gaps

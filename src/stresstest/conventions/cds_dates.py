"""Dates of standard credit default swaps: quarters from the twentieth, semiannual rolls, cash settlement.

References
----------
ISDA Standard CDS Converter Specification (2009); ISDA, Amending when Single Name CDS Roll to New On-the-Run
Contracts (2015).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.calendars import adjust
from stresstest.conventions.schedules import add_months

PREMIUM_DAY = 20
"""Day of March, June, September and December on which premiums fall due."""

PREMIUM_MONTHS = "March, June, September or December"
"""Those months, as messages name them."""

_SETTLEMENT_WEEKDAYS = 3
_QUARTER_MONTHS = 3
_DAYS_OF_PREMIUM_YEAR = 360
_ONE_DAY = timedelta(days=1)


class PremiumPeriod(NamedTuple):
    """One premium: it accrues from `start` up to but not on `end`, and is paid on `payment_date`.

    The dates are moved off weekends; the last period ends on the day after the unmoved maturity, so that
    premium is due for the last day of protection too.
    """

    start: date
    end: date
    payment_date: date

    @property
    def year_fraction(self) -> float:
        """Part of a year that the whole premium is for (ACT/360)."""
        return (self.end - self.start).days / _DAYS_OF_PREMIUM_YEAR

    def accrued(self, until: date) -> float:
        """Return the part of a year earned from the start up to and without the day `until` (ACT/360)."""
        return (until - self.start).days / _DAYS_OF_PREMIUM_YEAR


def is_premium_date(day: date) -> bool:
    """Tell whether `day` is the twentieth of March, June, September or December.

    Examples
    --------
    >>> is_premium_date(date(2030, 12, 20)), is_premium_date(date(2030, 11, 20))
    (True, False)
    """
    return day.day == PREMIUM_DAY and day.month % _QUARTER_MONTHS == 0


def standard_maturity(trade_date: date, months: int) -> date:
    """Return the maturity of the contract that is on the run for a term of `months`: in June or December.

    Contracts roll on 20 March and 20 September: from there on a term counts from the twentieth of the June or
    December that follows (rule in force since December 2015).

    Examples
    --------
    >>> standard_maturity(date(2025, 10, 3), 60), standard_maturity(date(2025, 9, 19), 60)
    (datetime.date(2030, 12, 20), datetime.date(2030, 6, 20))
    """
    year = trade_date.year
    if trade_date < date(year, 3, PREMIUM_DAY):
        roll = date(year - 1, 12, PREMIUM_DAY)
    elif trade_date < date(year, 9, PREMIUM_DAY):
        roll = date(year, 6, PREMIUM_DAY)
    else:
        roll = date(year, 12, PREMIUM_DAY)
    return add_months(roll, months)


def premium_periods(step_in: date, maturity: date) -> tuple[PremiumPeriod, ...]:
    """Return the periods that end after `step_in`, the day from which protection counts; first to last.

    The first is the whole current period: a buyer pays its full premium and is refunded what has accrued.
    None where the contract is over.

    Parameters
    ----------
    maturity
        A premium date, not moved off a weekend: the last day of protection.

    Examples
    --------
    >>> for period in premium_periods(date(2025, 10, 4), date(2026, 3, 20)):
    ...     print(*period)
    2025-09-22 2025-12-22 2025-12-22
    2025-12-22 2026-03-21 2026-03-20
    """
    periods: list[PremiumPeriod] = []
    unadjusted = maturity
    end = maturity + _ONE_DAY
    while end > step_in:
        before = add_months(unadjusted, -_QUARTER_MONTHS)
        start = adjust("weekends_only", before, "following")
        paid = adjust("weekends_only", unadjusted, "following")
        periods.append(PremiumPeriod(start, end, paid))
        unadjusted, end = before, start
    return tuple(reversed(periods))


def cash_settlement_date(trade_date: date) -> date:
    """Return the day on which upfront and accrued premium change hands: three weekdays after the trade.

    Examples
    --------
    >>> cash_settlement_date(date(2025, 10, 3))  # a Friday
    datetime.date(2025, 10, 8)
    """
    day = trade_date
    for _ in range(_SETTLEMENT_WEEKDAYS):
        day = adjust("weekends_only", day + _ONE_DAY, "following")
    return day

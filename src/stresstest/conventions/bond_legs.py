"""Interest of a bond of which only the maturity, and not always the first day, is known."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import Grid, PaymentTerms, ScheduleTerms


class BondTerms(NamedTuple):
    """What a bond pays: rate a year, maturity, and where it is known the first day of interest."""

    coupon: float
    day_count: DayCount
    maturity: date
    frequency: int
    issue_date: date | None
    end_of_month: bool
    payment: PaymentTerms


def bond_leg(terms: BondTerms, on: date) -> FixedLeg:
    """Return the interest on one unit of face; without an issue date from before the period of `on`.

    Examples
    --------
    >>> terms = BondTerms(0.04, "30/360", date(2027, 6, 1), 2, None, True, PaymentTerms())
    >>> [str(flow.payment_date) for flow in bond_leg(terms, date(2026, 7, 1)).bond_flows(date(2026, 7, 1))]
    ['2026-12-01', '2027-06-01']
    """
    grid = Grid(terms.maturity, terms.frequency, terms.end_of_month)
    start = terms.issue_date or grid.start_before(on)
    schedule = ScheduleTerms(start, terms.maturity, terms.frequency, end_of_month=terms.end_of_month)
    return FixedLeg(terms.coupon, terms.day_count, schedule, terms.payment)

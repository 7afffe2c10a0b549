"""Ex-dividend periods: from when on a coupon no longer goes to who buys the bond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stresstest.conventions.calendars import CalendarName, is_business_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExDividendPeriod:
    """So many days before a payment; business days where `calendar` is not `none`, which counts every day."""

    days: int
    calendar: CalendarName = "none"

    def first_day(self, payment_date: date) -> date:
        """Return the first day on which a buyer does not get what is paid on `payment_date`.

        Examples
        --------
        >>> str(ExDividendPeriod(7, "weekends_only").first_day(date(2025, 12, 8)))  # a Monday
        '2025-11-27'
        """
        day, left = payment_date, self.days
        while left:
            day -= _ONE_DAY
            left -= 1 if is_business_day(self.calendar, day) else 0
        return day

    def withholds(self, payment_date: date, bought_on: date) -> bool:
        """Tell whether who bought on a day does not get a later payment."""
        return self.first_day(payment_date) <= bought_on < payment_date

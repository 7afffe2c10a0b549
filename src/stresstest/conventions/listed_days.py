"""Days on which listed contracts and government bills fall due: third Fridays, Thursdays."""

from __future__ import annotations

from datetime import date, timedelta

from stresstest.conventions.calendars import adjust, easter_sunday, is_business_day
from stresstest.conventions.schedules import add_months

LONG_DATED_MONTHS = (1, 3, 6, 9, 12)
"""Months in which options with more than a year to run expire."""

_FRIDAY, _THURSDAY = 4, 3
_ONE_DAY = timedelta(days=1)


def option_expiry(year: int, month: int) -> date:
    """Return the day on which the monthly options of US exchanges expire: the third Friday.

    Where the exchange is closed on it, the day before. Of the exchanges' holidays only Good Friday and the
    nineteenth of June can fall on a third Friday.

    Examples
    --------
    >>> option_expiry(2026, 6)  # the nineteenth is a holiday
    datetime.date(2026, 6, 18)
    """
    first = date(year, month, 1)
    friday = first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)
    closed = friday == easter_sunday(year) - timedelta(days=2)
    return friday if is_business_day("us_federal_reserve", friday) and not closed else friday - _ONE_DAY


def nearest_option_expiry(today: date, wanted: date) -> date:
    """Return the listed expiry after `today` that lies nearest to `wanted`, the later of two as near.

    Up to a year ahead every month is listed, beyond it those of `LONG_DATED_MONTHS`.

    Examples
    --------
    >>> nearest_option_expiry(date(2025, 10, 3), date(2027, 1, 3))
    datetime.date(2027, 1, 15)
    """
    year_ahead = add_months(today, 12)
    around = [add_months(wanted.replace(day=1), step) for step in range(-4, 5)]
    listed = [
        day
        for day in (option_expiry(month.year, month.month) for month in around)
        if day > today and (day <= year_ahead or day.month in LONG_DATED_MONTHS)
    ]
    return min(listed, key=lambda day: (abs((day - wanted).days), -day.toordinal()))


def bill_maturity(wanted: date) -> date:
    """Return the last day up to `wanted` on which US Treasury bills fall due: a Thursday.

    A Thursday on which banks are closed moves to the next business day.

    Examples
    --------
    >>> bill_maturity(date(2026, 1, 3))  # the first of January is a Thursday
    datetime.date(2026, 1, 2)
    """
    thursday = wanted - timedelta(days=(wanted.weekday() - _THURSDAY) % 7)
    moved = adjust("us_federal_reserve", thursday, "following")
    return moved if moved <= wanted else adjust("us_federal_reserve", thursday, "preceding")


def strip_maturity(wanted: date) -> date:
    """Return the last day up to `wanted` on which Treasury STRIPS with long lives fall due.

    That is the fifteenth of February, May, August or November: coupon days of notes and bonds.

    Examples
    --------
    >>> strip_maturity(date(2027, 10, 3))
    datetime.date(2027, 8, 15)
    """
    months = (add_months(wanted.replace(day=15), -step) for step in range(4))
    return next(day for day in months if day.month % 3 == 2 and day <= wanted)


def listed_strike(wanted: float, step: float | None = None) -> float:
    """Return the listed strike nearest to `wanted`, the lower of two as near.

    Parameters
    ----------
    step
        Distance of listed strikes; by default that of US share options: 2.5 below 25, 5 below 200, else 10.

    References
    ----------
    Cboe Exchange, Rule 4.5, Interpretation .01 (intervals of strike prices).

    Examples
    --------
    >>> listed_strike(523.4), listed_strike(523.4, 1.0), listed_strike(22.0)
    (520.0, 523.0, 22.5)
    """
    if step is None:
        step = 2.5 if wanted < 25.0 else 5.0 if wanted < 200.0 else 10.0
    below = int(wanted / step) * step
    return below if wanted - below <= below + step - wanted and below > 0.0 else below + step

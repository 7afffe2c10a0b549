"""Business days: weekends, holidays by rule, and the conventions that move a date off a holiday.

Holiday rules hold from the year 2000 on; earlier years are not needed, since only payments still to come are
moved. One-off closures that are declared at short notice are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

CalendarName: TypeAlias = Literal["none", "weekends_only", "target", "us_federal_reserve"]
BusinessDayConvention: TypeAlias = Literal[
    "unadjusted", "following", "modified_following", "preceding", "modified_preceding"
]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_business_day(calendar: CalendarName, day: date) -> bool:
    """Tell whether `day` is a business day; on the calendar `none` every day is one.

    Examples
    --------
    >>> is_business_day("target", date(2025, 4, 18))  # Good Friday
    False
    """
    if calendar == "none":
        return True
    return day.weekday() < _SATURDAY and day not in _holidays(calendar, day.year)


def adjust(calendar: CalendarName, day: date, convention: BusinessDayConvention) -> date:
    """Return `day` moved to a business day.

    The modified conventions turn round rather than leave the month.

    Examples
    --------
    >>> adjust("weekends_only", date(2025, 8, 31), "following")
    datetime.date(2025, 9, 1)
    >>> adjust("weekends_only", date(2025, 8, 31), "modified_following")
    datetime.date(2025, 8, 29)
    """
    if convention == "unadjusted" or is_business_day(calendar, day):
        return day
    step = _ONE_DAY if convention.endswith("following") else -_ONE_DAY
    moved = _nearest_business_day(calendar, day, step)
    if convention.startswith("modified") and moved.month != day.month:
        return _nearest_business_day(calendar, day, -step)
    return moved


def _nearest_business_day(calendar: CalendarName, day: date, step: timedelta) -> date:
    while not is_business_day(calendar, day):
        day += step
    return day


def advance_business_days(calendar: CalendarName, day: date, count: int) -> date:
    """Return the day `count` business days after `day`; `day` itself, wherever it falls, for 0.

    Examples
    --------
    >>> advance_business_days("weekends_only", date(2025, 10, 3), 2)
    datetime.date(2025, 10, 7)
    """
    for _ in range(count):
        day = _nearest_business_day(calendar, day + _ONE_DAY, _ONE_DAY)
    return day


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    References
    ----------
    J. Meeus, Astronomical Algorithms, 2nd ed. (1998), chapter 8.
    """
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _no_holidays(_year: int) -> tuple[date, ...]:
    return ()


def _target_holidays(year: int) -> tuple[date, ...]:
    """Return the closing days of TARGET (European Central Bank); the last days of 1999 and 2001 were two."""
    easter = easter_sunday(year)
    fixed = [date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)]
    extra = [date(year, 12, 31)] if year in (1999, 2001) else []
    return (*fixed, easter - timedelta(days=2), easter + _ONE_DAY, *extra)


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _sunday_to_monday(day: date) -> date:
    """Move a Sunday to the Monday; a Saturday stays: Federal Reserve Banks are open the Friday before."""
    return day + _ONE_DAY if day.weekday() == 6 else day


def _us_federal_reserve_holidays(year: int) -> tuple[date, ...]:
    """Return the holidays of the Federal Reserve Banks: Fedwire closes, so bonds in dollars do not pay."""
    monday, thursday = 0, 3
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2022:
        fixed.append(date(year, 6, 19))
    memorial = _nth_weekday(year, 6, monday, 1) - timedelta(days=7)
    mondays = ((1, 3), (2, 3), (9, 1), (10, 2))
    return (
        *map(_sunday_to_monday, fixed),
        *(_nth_weekday(year, month, monday, n) for month, n in mondays),
        memorial,
        _nth_weekday(year, 11, thursday, 4),
    )


_HOLIDAY_RULES: Mapping[str, Callable[[int], tuple[date, ...]]] = {
    "weekends_only": _no_holidays,
    "target": _target_holidays,
    "us_federal_reserve": _us_federal_reserve_holidays,
}


@lru_cache(maxsize=2048)
def _holidays(calendar: CalendarName, year: int) -> frozenset[date]:
    return frozenset(_HOLIDAY_RULES[calendar](year))

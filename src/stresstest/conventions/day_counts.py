"""Day-count conventions: the length of an accrual period in years.

References
----------
2006 ISDA Definitions, section 4.16; ICMA Primary Market Handbook, rule 251; MSRB rule G-33 for `30/360 US`;
the master agreement of the Association Française des Banques for `ACT/ACT AFB`.
The names are those that a portfolio writes.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias

DAYS_PER_YEAR = 365
"""Of the time that discounts, ages and paths count in."""

DayCount: TypeAlias = Literal[
    "30/360",
    "30/360 US",
    "30E/360",
    "30E/360 ISDA",
    "ACT/360",
    "ACT/365F",
    "ACT/ACT ISDA",
    "ACT/ACT ICMA",
    "ACT/ACT AFB",
    "ACT/365L",
    "NL/365",
    "1/1",
]


@dataclass(frozen=True, slots=True)
class AccrualTerms:
    """What some conventions need beside the two dates.

    Attributes
    ----------
    frequency
        Coupons a year (`ACT/ACT ICMA`).
    notional_dates
        Ends of the regular periods that cover the accrual period, ascending (`ACT/ACT ICMA`): two dates for a
        regular period or a short stub, more for a long stub.
    final_date
        Last date of the schedule, whose February end is not taken for the 30th (`30E/360 ISDA`).
    period_end
        Day on which the coupon of the accrual period is due (`ACT/365L`); None: the end of the accrual.
    """

    frequency: int
    notional_dates: tuple[date, ...]
    final_date: date
    period_end: date | None = None


def year_fraction(day_count: DayCount, start: date, end: date, terms: AccrualTerms) -> float:
    """Return the years from `start` to `end`, at least 0 where `start <= end`.

    Examples
    --------
    >>> half = AccrualTerms(2, (date(2025, 1, 31), date(2025, 7, 31)), date(2030, 7, 31))
    >>> year_fraction("ACT/ACT ICMA", date(2025, 1, 31), date(2025, 7, 31), half)
    0.5
    >>> year_fraction("ACT/360", date(2025, 1, 31), date(2025, 7, 30), half)
    0.5
    """
    return _YEAR_FRACTIONS[day_count](start, end, terms)


def act_365f_years(start: date, end: date) -> float:
    """Return days ÷ 365: the time that discounts every cash flow of the project."""
    return (end.toordinal() - start.toordinal()) / DAYS_PER_YEAR


def is_february_end(day: date) -> bool:
    """Tell whether `day` is the last of a February."""
    return day.month == 2 and (day + timedelta(days=1)).month == 3


def _thirty_360(start: date, end: date, first_day: int, last_day: int) -> float:
    months = 12 * (end.year - start.year) + end.month - start.month
    return (30 * months + last_day - first_day) / 360.0


def _bond_basis(start: date, end: date, _terms: AccrualTerms) -> float:
    first_day = min(start.day, 30)
    last_day = 30 if end.day == 31 and first_day == 30 else end.day
    return _thirty_360(start, end, first_day, last_day)


def _bond_basis_us(start: date, end: date, _terms: AccrualTerms) -> float:
    first_day, last_day = start.day, end.day
    if is_february_end(start):
        if is_february_end(end):
            last_day = 30
        first_day = 30
    if last_day == 31 and first_day >= 30:
        last_day = 30
    return _thirty_360(start, end, min(first_day, 30), last_day)


def _eurobond_basis(start: date, end: date, _terms: AccrualTerms) -> float:
    return _thirty_360(start, end, min(start.day, 30), min(end.day, 30))


def _eurobond_basis_isda(start: date, end: date, terms: AccrualTerms) -> float:
    first_day = 30 if is_february_end(start) else min(start.day, 30)
    last_day = 30 if is_february_end(end) and end != terms.final_date else min(end.day, 30)
    return _thirty_360(start, end, first_day, last_day)


def _actual_360(start: date, end: date, _terms: AccrualTerms) -> float:
    return (end.toordinal() - start.toordinal()) / 360.0


def _actual_365_fixed(start: date, end: date, _terms: AccrualTerms) -> float:
    return act_365f_years(start, end)


def _days_in_year(year: int) -> float:
    return 366.0 if isleap(year) else 365.0


def _actual_actual_isda(start: date, end: date, terms: AccrualTerms) -> float:
    if start > end:
        return -_actual_actual_isda(end, start, terms)
    if start.year == end.year:
        return (end.toordinal() - start.toordinal()) / _days_in_year(start.year)
    head = (date(start.year + 1, 1, 1).toordinal() - start.toordinal()) / _days_in_year(start.year)
    tail = (end.toordinal() - date(end.year, 1, 1).toordinal()) / _days_in_year(end.year)
    return head + (end.year - start.year - 1) + tail


def _actual_actual_icma(start: date, end: date, terms: AccrualTerms) -> float:
    first, last = start.toordinal(), end.toordinal()
    ordinals = [day.toordinal() for day in terms.notional_dates]
    if first < ordinals[0] or last > ordinals[-1]:
        raise ValueError(f"notional periods do not cover {start} to {end}")
    periods = 0.0
    for period_start, period_end in pairwise(ordinals):
        accrued = min(last, period_end) - max(first, period_start)
        if accrued > 0:
            periods += accrued / (period_end - period_start)
    return periods / terms.frequency


def _leap_day(year: int) -> int | None:
    return date(year, 2, 29).toordinal() if isleap(year) else None


def _actual_actual_afb(start: date, end: date, _terms: AccrualTerms) -> float:
    """Whole years back from the end, then days over 366 where they hold a 29 February, else 365."""
    years, rest = 0, end
    while (before := _year_before(rest)) >= start:
        years, rest = years + 1, before
    leap_days = (_leap_day(year) for year in {start.year, rest.year})
    first, last = start.toordinal(), rest.toordinal()
    is_long = any(day is not None and first <= day < last for day in leap_days)
    return years + (last - first) / (366.0 if is_long else 365.0)


def _year_before(day: date) -> date:
    """Return the day a year before: a February end goes to a February end."""
    return (
        date(day.year - 1, 3, 1) - timedelta(days=1)
        if is_february_end(day)
        else day.replace(year=day.year - 1)
    )


def _actual_365_leap(start: date, end: date, terms: AccrualTerms) -> float:
    """Days over 366 or 365: for yearly coupons by a 29 February in the period, else by its end's year."""
    period_end = terms.period_end or end
    is_long = isleap(period_end.year)
    if terms.frequency == 1:
        leap_days = (_leap_day(year) for year in range(start.year, period_end.year + 1))
        first, last = start.toordinal(), period_end.toordinal()
        is_long = any(day is not None and first < day <= last for day in leap_days)
    return (end.toordinal() - start.toordinal()) / (366.0 if is_long else 365.0)


def _no_leap_365(start: date, end: date, _terms: AccrualTerms) -> float:
    return (_ordinal_without_leap_days(end) - _ordinal_without_leap_days(start)) / 365.0


def _ordinal_without_leap_days(day: date) -> int:
    """Return the number of a day in years of 365 days; 29 February has the number of the day before."""
    in_year = day.timetuple().tm_yday
    return 365 * day.year + in_year - (1 if isleap(day.year) and in_year >= 60 else 0)


def _one(start: date, end: date, _terms: AccrualTerms) -> float:
    return 0.0 if start == end else 1.0


_YEAR_FRACTIONS: Mapping[str, Callable[[date, date, AccrualTerms], float]] = {
    "30/360": _bond_basis,
    "30/360 US": _bond_basis_us,
    "30E/360": _eurobond_basis,
    "30E/360 ISDA": _eurobond_basis_isda,
    "ACT/360": _actual_360,
    "ACT/365F": _actual_365_fixed,
    "ACT/ACT ISDA": _actual_actual_isda,
    "ACT/ACT ICMA": _actual_actual_icma,
    "ACT/ACT AFB": _actual_actual_afb,
    "ACT/365L": _actual_365_leap,
    "NL/365": _no_leap_365,
    "1/1": _one,
}

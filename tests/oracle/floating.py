"""Slow, obvious schedules, rates and legs of floating contracts. Shares no code with the package.

Months are stepped from the maturity, holidays are QuantLib's, every day of a year fraction is counted, rates
are searched in the segment, discount factors are the standard library's.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import QuantLib
from tests.oracle.fixed_bond import Bond, fraction, rate

Level = Callable[..., float]

_CALENDARS = {
    "weekends_only": QuantLib.WeekendsOnly(),
    "target": QuantLib.TARGET(),
    "us_federal_reserve": QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve),
}
_OVERNIGHT = {"USD": "USD_SOFR", "EUR": "EUR_ESTR", "GBP": "GBP_SONIA", "JPY": "JPY_TONA"}


class Period(NamedTuple):
    start: date
    end: date
    pay: date
    years: float


class Terms(NamedTuple):
    """What decides the dates of a leg."""

    start: date | None
    maturity: date
    frequency: int
    day_count: str
    calendar: str = "none"
    convention: str = "following"
    lag: int = 0
    moves_accrual: bool = True
    end_of_month: bool = True
    first_coupon: date | None = None


def is_open(name: str, day: date) -> bool:
    return name == "none" or _CALENDARS[name].isBusinessDay(QuantLib.Date(day.day, day.month, day.year))


def moved(name: str, day: date, convention: str) -> date:
    if convention == "unadjusted":
        return day
    step = timedelta(days=1 if convention.endswith("following") else -1)
    candidate = day
    while not is_open(name, candidate):
        candidate += step
    if convention.startswith("modified") and candidate.month != day.month:
        candidate = day
        while not is_open(name, candidate):
            candidate -= step
    return candidate


def later(name: str, day: date, count: int) -> date:
    for _ in range(count):
        day += timedelta(days=1)
        while not is_open(name, day):
            day += timedelta(days=1)
    return day


def unmoved_ends(terms: Terms, today: date) -> list[date]:
    """Ends of the periods, the start first; without a start from before the period of `today`."""
    ends, step = [terms.maturity], 12 // terms.frequency
    last = (terms.maturity + timedelta(days=1)).day == 1 and terms.end_of_month
    begin = terms.start or today - timedelta(days=40)
    floor = terms.first_coupon or begin
    while ends[0] > floor:
        month = terms.maturity.year * 12 + terms.maturity.month - 1 - len(ends) * step
        year, month = month // 12, month % 12 + 1
        length = calendar.monthrange(year, month)[1]
        day = date(year, month, length if last else min(terms.maturity.day, length))
        if day < floor and (terms.start or terms.first_coupon):
            break
        ends.insert(0, day)
    if terms.start and ends[0] > terms.start:
        ends.insert(0, terms.start)
    return ends


def periods(terms: Terms, today: date) -> list[Period]:
    found = []
    for unmoved_start, unmoved_end in pairwise(unmoved_ends(terms, today)):
        end = moved(terms.calendar, unmoved_end, terms.convention)
        pay = later(terms.calendar, end, terms.lag)
        if terms.moves_accrual:
            start = moved(terms.calendar, unmoved_start, terms.convention)
        else:
            start, end = unmoved_start, unmoved_end
        found.append(Period(start, end, pay, year_fraction(terms, start, end)))
    return found


def year_fraction(terms: Terms, start: date, end: date) -> float:
    if terms.day_count == "ACT/ACT ICMA" and terms.moves_accrual and terms.calendar != "none":
        raise NotImplementedError("ICMA on moved dates")
    bond = Bond(0.0, terms.maturity, terms.frequency, terms.day_count, end_of_month=terms.end_of_month)
    return fraction(bond, start, end)


class Curve:
    """Zero rates by `level` on a curve of the market, as of the market's date."""

    def __init__(self, market: Any, name: str, level: Level) -> None:
        nodes = market.curves[name]
        self._nodes = [
            (years, level("zero_rate", name, tenor))
            for years, tenor in zip(nodes.years.tolist(), nodes.tenors, strict=True)
        ]
        self._today = market.as_of

    def discount(self, day: date) -> float:
        return self.discount_days((day - self._today).days)

    def discount_days(self, days: int) -> float:
        return math.exp(-rate(self._nodes, days / 365) * days / 365)


def curve_name(market: Any, currency: str, stated: str | None) -> str:
    if stated:
        return stated
    if _OVERNIGHT.get(currency) in market.curves:
        return _OVERNIGHT[currency]
    if currency in market.discount_curves:
        return str(market.discount_curves[currency])
    (name,) = (name for name, curve in market.curves.items() if curve.currency == currency)
    return str(name)


def base_level(market: Any) -> Level:
    """Levels of the market itself, whatever the column."""
    return lambda kind, name, tenor="": next(
        level for key, level in market.levels.items() if tuple(key) == (kind, name, tenor)
    )


def interest(
    period: Period, terms: Terms, curves: tuple[Curve, Curve], today: date, setting: tuple[str, float | None]
) -> float:
    """Interest of a period without margin, off the column's curve and, for what is past, the base curve."""
    column, base = curves
    when, stated = setting
    if when == "in_advance":
        if stated is not None and period.start <= today:
            return stated * period.years
        if period.start < today:
            return 1 / base.discount_days((period.end - period.start).days) - 1
        return column.discount(period.start) / column.discount(period.end) - 1
    if period.start >= today:
        return column.discount(period.start) / column.discount(period.end) - 1
    until = min(period.end, today)
    if stated is not None:
        accrued = 1 + stated * year_fraction(terms, period.start, until)
    else:
        accrued = base.discount_days(1) ** -(until - period.start).days
    return accrued / column.discount(max(period.end, today)) - 1

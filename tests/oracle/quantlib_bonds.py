"""QuantLib twins of schedules, fixed-rate bonds and zero curves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import QuantLib

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.schedules import ScheduleTerms

CALENDARS = {
    "none": QuantLib.NullCalendar(),
    "weekends_only": QuantLib.WeekendsOnly(),
    "target": QuantLib.TARGET(),
    "us_federal_reserve": QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve),
}
CONVENTIONS = {
    "unadjusted": QuantLib.Unadjusted,
    "following": QuantLib.Following,
    "modified_following": QuantLib.ModifiedFollowing,
    "preceding": QuantLib.Preceding,
    "modified_preceding": QuantLib.ModifiedPreceding,
}
FAR = date(2190, 1, 1)


def to_quantlib(day: date | None) -> QuantLib.Date:
    """The same day; QuantLib's null date for None."""
    return QuantLib.Date() if day is None else QuantLib.Date(day.day, day.month, day.year)


def to_date(day: QuantLib.Date) -> date:
    """The same day."""
    return date(day.year(), day.month(), day.dayOfMonth())


def schedule(terms: ScheduleTerms) -> QuantLib.Schedule:
    """Unadjusted schedule with the same stubs; QuantLib moves month ends by the same rule."""
    direction = QuantLib.DateGeneration.Backward
    if terms.direction == "forward":
        direction = QuantLib.DateGeneration.Forward
    return QuantLib.Schedule(
        to_quantlib(terms.start),
        to_quantlib(terms.end),
        QuantLib.Period(12 // terms.frequency, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        direction,
        terms.end_of_month,
        to_quantlib(terms.first_coupon),
        to_quantlib(terms.last_coupon),
    )


def day_counter(name: str, terms: ScheduleTerms) -> QuantLib.DayCounter:
    """Day counter of our name; the ICMA one knows the schedule, as it must for long stubs.

    A schedule of a single short period is kept from it: QuantLib would lengthen the notional period at both
    ends. Without a schedule it takes the regular period that ends on the maturity.
    """
    if name == "ACT/ACT ICMA" and len(schedule(terms)) == 2:
        return QuantLib.ActualActual(QuantLib.ActualActual.ISMA)
    if name == "ACT/ACT ICMA":
        return QuantLib.ActualActual(QuantLib.ActualActual.ISMA, schedule(terms))
    return {
        "30/360": QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
        "30/360 US": QuantLib.Thirty360(QuantLib.Thirty360.USA),
        "30E/360": QuantLib.Thirty360(QuantLib.Thirty360.European),
        "30E/360 ISDA": QuantLib.Thirty360(QuantLib.Thirty360.ISDA, to_quantlib(terms.end)),
        "ACT/360": QuantLib.Actual360(),
        "ACT/365F": QuantLib.Actual365Fixed(),
        "ACT/ACT ISDA": QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
        "ACT/ACT AFB": QuantLib.ActualActual(QuantLib.ActualActual.AFB),
        "NL/365": QuantLib.Actual365Fixed(QuantLib.Actual365Fixed.NoLeap),
        "1/1": QuantLib.OneDayCounter(),
    }[name]


def fixed_rate_bond(leg: FixedLeg) -> QuantLib.FixedRateBond:
    """Bond of face 1: accruals not adjusted, payments moved by the leg's calendar and convention."""
    return QuantLib.FixedRateBond(
        0,
        1.0,
        schedule(leg.schedule),
        [leg.rate],
        day_counter(leg.day_count, leg.schedule),
        CONVENTIONS[leg.payment.convention],
        100.0,
        to_quantlib(leg.schedule.start),
        CALENDARS[leg.payment.calendar],
    )


def zero_curve(valuation_date: date, node_days: Sequence[int], rates: Sequence[float]) -> QuantLib.ZeroCurve:
    """Linear zero rates at whole days, flat on both sides, ACT/365F, continuously compounded."""
    start = to_quantlib(valuation_date)
    dates = [start, *(start + days for days in node_days), to_quantlib(FAR)]
    return QuantLib.ZeroCurve(
        dates,
        [rates[0], *rates, rates[-1]],
        QuantLib.Actual365Fixed(),
        QuantLib.NullCalendar(),
        QuantLib.Linear(),
        QuantLib.Continuous,
        QuantLib.Annual,
    )

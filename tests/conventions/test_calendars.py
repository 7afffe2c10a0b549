"""Business days of every calendar against QuantLib, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
import QuantLib

from stresstest.conventions.calendars import (
    BusinessDayConvention,
    CalendarName,
    adjust,
    advance_business_days,
    easter_sunday,
    is_business_day,
)

FIRST, LAST = date(2000, 1, 1), date(2070, 12, 31)
PEERS = {
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


def all_days() -> list[tuple[date, QuantLib.Date]]:
    start = QuantLib.Date(FIRST.day, FIRST.month, FIRST.year)
    return [(FIRST + timedelta(days=n), start + n) for n in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("calendar", sorted(PEERS))
def test_business_days_are_those_of_quantlib(calendar: CalendarName) -> None:
    peer = PEERS[calendar]
    differing = [
        str(day) for day, other in all_days() if is_business_day(calendar, day) != peer.isBusinessDay(other)
    ]
    assert differing == []


@pytest.mark.parametrize("convention", sorted(CONVENTIONS))
@pytest.mark.parametrize("calendar", sorted(PEERS))
def test_adjustment_is_that_of_quantlib(calendar: CalendarName, convention: BusinessDayConvention) -> None:
    peer, rule = PEERS[calendar], CONVENTIONS[convention]
    for day, other in all_days()[:12_000:3]:
        expected = peer.adjust(other, rule)
        got = adjust(calendar, day, convention)
        assert (got.year, got.month, got.day) == (expected.year(), expected.month(), expected.dayOfMonth()), (
            day
        )


def test_every_calendar_and_convention_has_a_peer_here() -> None:
    assert set(PEERS) == set(get_args(CalendarName))
    assert set(CONVENTIONS) == set(get_args(BusinessDayConvention))


@pytest.mark.parametrize(
    ("year", "expected"),
    # Dates of Easter, U.S. Census Bureau; 1818 and 2038 are the extremes of the rule.
    [
        (1818, date(1818, 3, 22)),
        (2000, date(2000, 4, 23)),
        (2025, date(2025, 4, 20)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, expected: date) -> None:
    assert easter_sunday(year) == expected


def test_payments_on_christmas_weekend_go_to_the_next_open_day() -> None:
    # 2022-12-25 was a Sunday: Fedwire closed on the Monday as well.
    assert adjust("us_federal_reserve", date(2022, 12, 25), "following") == date(2022, 12, 27)
    assert adjust("target", date(2022, 12, 24), "following") == date(2022, 12, 27)


@pytest.mark.parametrize("calendar", [name for name in get_args(CalendarName) if name != "none"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_business_days_are_counted_as_by_quantlib(calendar: CalendarName, count: int) -> None:
    for offset in range(0, 800):
        day = date(2025, 1, 1) + timedelta(days=offset)
        peer = PEERS[calendar].advance(QuantLib.Date(day.day, day.month, day.year), count, QuantLib.Days)
        assert advance_business_days(calendar, day, count) == date(
            peer.year(), peer.month(), peer.dayOfMonth()
        )

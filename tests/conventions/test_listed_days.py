"""Third Fridays, bill Thursdays, STRIPS days and listed strikes, against lists that others published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.conventions.listed_days import (
    LONG_DATED_MONTHS,
    bill_maturity,
    listed_strike,
    nearest_option_expiry,
    option_expiry,
    strip_maturity,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))

# Monthly expiries as the Options Clearing Corporation's calendars of 2022, 2025 and 2026 list them.
EXPIRIES = [
    date(2022, 4, 14),  # Good Friday is the fifteenth
    date(2025, 4, 17),  # Good Friday is the eighteenth
    date(2025, 10, 17),
    date(2025, 12, 19),
    date(2026, 1, 16),
    date(2026, 3, 20),
    date(2026, 6, 18),  # the nineteenth is a holiday
    date(2027, 1, 15),
]


@pytest.mark.parametrize("expiry", EXPIRIES, ids=str)
def test_monthly_options_expire_on_the_days_of_the_calendars(expiry: date) -> None:
    assert option_expiry(expiry.year, expiry.month) == expiry


@given(DAYS)
def test_an_expiry_is_the_third_friday_or_the_day_before(day: date) -> None:
    expiry = option_expiry(day.year, day.month)
    friday = expiry if expiry.weekday() == 4 else expiry + timedelta(days=1)
    assert friday.weekday() == 4
    assert 15 <= friday.day <= 21


@given(DAYS, st.integers(1, 900))
def test_the_nearest_expiry_is_listed_and_none_lies_nearer(today: date, days: int) -> None:
    wanted = today + timedelta(days=days)
    found = nearest_option_expiry(today, wanted)
    assert found > today
    assert found == option_expiry(found.year, found.month)
    is_near = found <= date(today.year + 1, today.month, min(today.day, 28)) + timedelta(days=3)
    assert is_near or found.month in LONG_DATED_MONTHS
    assert abs((found - wanted).days) <= 62
    if days <= 300:
        assert abs((found - wanted).days) <= 35


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (date(2026, 1, 3), date(2026, 1, 2)),  # as the bills auctioned around 2025-10-03 fall due
        (date(2026, 4, 3), date(2026, 4, 2)),
        (date(2026, 10, 3), date(2026, 10, 1)),
        (date(2026, 1, 1), date(2025, 12, 31)),  # nothing after what is wanted
        (date(2025, 11, 27), date(2025, 11, 26)),  # Thanksgiving
    ],
)
def test_bills_fall_due_on_thursdays(wanted: date, expected: date) -> None:
    assert bill_maturity(wanted) == expected


@given(DAYS)
def test_no_bill_or_strip_falls_due_later_than_wanted(wanted: date) -> None:
    assert timedelta(0) <= wanted - bill_maturity(wanted) <= timedelta(days=7)
    strip = strip_maturity(wanted)
    assert timedelta(0) <= wanted - strip <= timedelta(days=92)
    assert (strip.month % 3, strip.day) == (2, 15)


@pytest.mark.parametrize(
    ("wanted", "step", "expected"),
    [(140.7, None, 140.0), (23.1, None, 22.5), (502.0, None, 500.0), (505.0, None, 500.0), (1.0, None, 2.5),
     (535.4, 5.0, 535.0), (187.6, 1.0, 188.0)],
)  # fmt: skip
def test_strikes_are_those_of_the_grid(wanted: float, step: float | None, expected: float) -> None:
    assert listed_strike(wanted, step) == expected

"""Ex-dividend periods: calendar and business days, and who gets the coupon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import QuantLib
from tests.oracle.quantlib_bonds import CALENDARS, to_date, to_quantlib

from stresstest.conventions.ex_dividend import ExDividendPeriod


@pytest.mark.parametrize("calendar", ["weekends_only", "target", "us_federal_reserve"])
def test_business_days_are_counted_as_quantlib_counts_them(calendar: str) -> None:
    for number in range(60):
        payment = date(2025, 12, 8) + timedelta(days=11 * number)
        back = CALENDARS[calendar].advance(to_quantlib(payment), -7, QuantLib.Days)
        assert ExDividendPeriod(7, calendar).first_day(payment) == to_date(back)  # type: ignore[arg-type]


def test_every_day_counts_without_a_calendar() -> None:
    assert ExDividendPeriod(10).first_day(date(2026, 1, 5)) == date(2025, 12, 26)


def test_a_coupon_is_withheld_from_the_first_day_until_it_is_paid() -> None:
    period, payment = ExDividendPeriod(7), date(2026, 1, 8)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 7), payment]
    assert [period.withholds(payment, day) for day in days] == [False, True, True, False]
    assert not ExDividendPeriod(0).withholds(payment, date(2026, 1, 7))

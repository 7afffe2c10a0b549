"""Dates of rights to redeem are ascending and before the maturity."""

from __future__ import annotations

from datetime import date

import pytest

from stresstest.conventions.redemption_rights import check_right_dates

MATURITY = date(2030, 6, 1)
FIRST, SECOND = date(2028, 6, 1), date(2029, 6, 1)


@pytest.mark.parametrize("dates", [[], [FIRST], [FIRST, SECOND]])
def test_ascending_dates_before_maturity_are_taken(dates: list[date]) -> None:
    check_right_dates("calls", dates, MATURITY)


@pytest.mark.parametrize("dates", [[SECOND, FIRST], [FIRST, FIRST]])
def test_dates_out_of_order_or_twice_are_refused(dates: list[date]) -> None:
    with pytest.raises(ValueError, match="calls are written in the order of their dates, each date once"):
        check_right_dates("calls", dates, MATURITY)


@pytest.mark.parametrize("last", [MATURITY, date(2031, 6, 1)])
def test_a_date_at_maturity_or_later_is_refused(last: date) -> None:
    with pytest.raises(ValueError, match="puts end before the maturity"):
        check_right_dates("puts", [FIRST, last], MATURITY)

"""Floating legs: periods against QuantLib, and where the growth of each is known from as dates pass."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.quantlib_bonds import to_date

from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import (
    KEEPS_ACCRUED,
    KEEPS_ALL,
    KEEPS_NOTHING,
    FloatingLeg,
    FloatingPeriod,
    Growth,
    ValuationDates,
    compounded_growth,
    term_growth,
)
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms

TODAY = date(2025, 10, 3)
PERIOD = FloatingPeriod(date(2025, 9, 15), date(2025, 12, 15), date(2025, 12, 17), 91 / 360, 1)


def test_periods_are_those_of_a_quantlib_leg() -> None:
    payment = PaymentTerms("target", "modified_following", accrual_adjusted=True, lag_days=2)
    leg = FloatingLeg("ACT/360", ScheduleTerms(date(2025, 3, 31), date(2035, 3, 31), 4), payment)
    index = QuantLib.USDLibor(QuantLib.Period(3, QuantLib.Months))
    schedule = QuantLib.Schedule(
        QuantLib.Date(31, 3, 2025), QuantLib.Date(31, 3, 2035), QuantLib.Period(3, QuantLib.Months),
        QuantLib.TARGET(),
        QuantLib.ModifiedFollowing, QuantLib.ModifiedFollowing, QuantLib.DateGeneration.Backward, True,
    )  # fmt: skip
    expected = [
        QuantLib.as_floating_rate_coupon(flow)
        for flow in QuantLib.IborLeg(
            [1.0], schedule, index, QuantLib.Actual360(), QuantLib.ModifiedFollowing, paymentLag=2,
            paymentCalendar=QuantLib.TARGET(),
        )
    ]  # fmt: skip
    assert len(leg.periods) == len(expected) == 40
    for period, coupon in zip(leg.periods, expected, strict=True):
        assert period.start == to_date(coupon.accrualStartDate())
        assert period.end == to_date(coupon.accrualEndDate())
        assert period.payment_date == to_date(coupon.date())
        assert period.year_fraction == pytest.approx(coupon.accrualPeriod(), abs=1e-15)
    assert [period.slot for period in leg.periods[:4]] == [0, 1, 0, 1]


def test_unpaid_and_accrued() -> None:
    leg = FloatingLeg("ACT/360", ScheduleTerms(date(2025, 3, 15), date(2026, 3, 15), 4))
    assert [period.end for period in leg.unpaid(date(2025, 12, 15))] == [date(2026, 3, 15)]
    assert leg.accrued_fraction(TODAY) == 18 / 360
    assert leg.accrued_fraction(date(2025, 9, 15)) == 0.0
    assert leg.accrued_fraction(date(2027, 1, 1)) == 0.0


def test_a_rate_in_advance_is_known_carried_or_projected() -> None:
    now = ValuationDates(TODAY, None, TODAY)
    assert term_growth(PERIOD, now, is_stated=False) == Growth(True, False, 0, 0.0, 0.0, KEEPS_NOTHING)
    later = PERIOD._replace(start=date(2025, 12, 15), end=date(2026, 3, 15), payment_date=date(2026, 3, 17))
    ahead = term_growth(later, now, is_stated=True)
    assert ahead == Growth(False, False, 0, 73 / 365, 163 / 365, KEEPS_NOTHING)
    # Set between the two dates: the spot rate for its term; from then on the path remembers it.
    just_set = term_growth(later, ValuationDates(TODAY, TODAY, date(2025, 12, 31)), is_stated=False)
    assert just_set == Growth(False, False, 0, 0.0, 90 / 365, KEEPS_ALL, set_before=True)
    remembered = ValuationDates(TODAY, date(2025, 12, 31), date(2026, 3, 16))
    assert term_growth(later, remembered, is_stated=False).is_carried


def test_a_rate_set_today_is_known_where_it_is_stated() -> None:
    starting = PERIOD._replace(start=TODAY)
    now = ValuationDates(TODAY, None, TODAY)
    assert term_growth(starting, now, is_stated=True).is_known
    projected = term_growth(starting, now, is_stated=False)
    assert projected == Growth(False, False, 0, 0.0, 73 / 365, KEEPS_ALL)


def test_a_rate_in_arrears_accrues() -> None:
    now = compounded_growth(PERIOD, ValuationDates(TODAY, None, TODAY))
    assert now == Growth(True, False, 0, 0.0, 73 / 365, KEEPS_ACCRUED)
    running = compounded_growth(PERIOD, ValuationDates(TODAY, TODAY, date(2025, 11, 3)))
    assert running == Growth(False, True, 31, 0.0, 42 / 365, KEEPS_ACCRUED)
    ended = compounded_growth(PERIOD, ValuationDates(TODAY, date(2025, 11, 3), date(2025, 12, 16)))
    assert ended[:3] == (False, True, 42)
    assert ended.start_years == ended.end_years
    assert ended.keeps == KEEPS_ACCRUED
    paid = compounded_growth(PERIOD, ValuationDates(TODAY, date(2025, 12, 16), date(2025, 12, 17)))
    assert paid[:3] == (False, True, 0)
    assert paid.keeps == KEEPS_NOTHING
    fresh = compounded_growth(PERIOD._replace(start=date(2025, 11, 1)), ValuationDates(TODAY, None, TODAY))
    assert fresh == Growth(False, False, 0, 29 / 365, 73 / 365, KEEPS_NOTHING)


@given(st.lists(st.integers(1, 120), min_size=1, max_size=8))
def test_every_day_of_a_period_in_arrears_accrues_once(gaps: list[int]) -> None:
    """Over any steps: days before today are known, days between steps overnight, the rest on the curve."""
    previous, counted = TODAY, 0
    for gap in gaps:
        valuation = previous + timedelta(days=gap)
        growth = compounded_growth(PERIOD, ValuationDates(TODAY, previous, valuation))
        assert growth.is_carried
        counted += growth.overnight_days
        rest = growth.end_years - growth.start_years
        left = act_365f_years(TODAY, PERIOD.end)
        assert counted / 365 + rest == pytest.approx(left, abs=1e-12)
        previous = valuation

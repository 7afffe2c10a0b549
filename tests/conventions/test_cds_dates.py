"""Dates of standard credit default swaps against QuantLib, and accruals published with the standard model."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
import QuantLib
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.conventions.cds_dates import (
    cash_settlement_date,
    is_premium_date,
    premium_periods,
    standard_maturity,
)

DAY = timedelta(days=1)


def random_weekdays(count: int, seed: int) -> list[date]:
    generator = random.Random(seed)  # noqa: S311
    days = [date(2016, 1, 4) + timedelta(days=generator.randrange(7000)) for _ in range(4 * count)]
    return [day for day in days if day.weekday() < 5][:count]


def test_maturities_on_the_run_are_those_of_quantlib() -> None:
    for today in [*random_weekdays(300, 1), date(2025, 3, 19), date(2025, 3, 20), date(2025, 9, 19)]:
        for months in (6, 12, 36, 60, 84, 120):
            period = QuantLib.Period(months, QuantLib.Months)
            peer = QuantLib.cdsMaturity(to_quantlib(today), period, QuantLib.DateGeneration.CDS2015)
            assert to_quantlib(standard_maturity(today, months)) == peer, (today, months)


def test_premium_periods_are_those_of_quantlib() -> None:
    generator = random.Random(5)  # noqa: S311
    for today in random_weekdays(150, 2):
        maturity = date(today.year + generator.randint(1, 10), generator.choice((3, 6, 9, 12)), 20)
        with QuantLib.SavedSettings():
            QuantLib.Settings.instance().evaluationDate = to_quantlib(today)
            peer = QuantLib.MakeCreditDefaultSwap(to_quantlib(maturity), 0.01)
            coupons = [QuantLib.as_coupon(flow) for flow in peer.coupons()]
        # QuantLib counts the last day by the day count and keeps the payment it starts on in the leg.
        expected = [
            (to_quantlib(period.start), to_quantlib(period.payment_date), 360 * period.year_fraction)
            for period in premium_periods(today, maturity)
        ]
        found = [
            (coupon.accrualStartDate(), coupon.date(), 360 * coupon.amount() / 0.01)
            for coupon in coupons
            if coupon.accrualEndDate() > to_quantlib(today)
        ]
        assert [row[:2] for row in found] == [row[:2] for row in expected], today
        if len(found) > 1:
            assert [row[2] for row in found] == pytest.approx([row[2] for row in expected], abs=1e-6)


@pytest.mark.parametrize(
    ("trade_date", "days"),
    [
        # Accruals on 10 million at 1 % from the test cases of the ISDA standard model, as days: 24166.67,
        # 0.00, 277.78, 1111.11, 25555.56, 25833.33, 0.00, 277.78, 25277.78, 25555.56 (until 20 June 2014).
        (date(2009, 3, 18), 87),
        (date(2009, 3, 19), 0),
        (date(2009, 3, 20), 1),
        (date(2009, 3, 23), 4),
        (date(2009, 6, 19), 92),
        (date(2009, 6, 20), 93),
        (date(2009, 6, 21), 0),
        (date(2009, 6, 22), 1),
        (date(2014, 6, 18), 91),
        (date(2014, 6, 19), 92),
    ],
)
def test_accruals_are_those_published_with_the_standard_model(trade_date: date, days: int) -> None:
    step_in = trade_date + DAY
    period = premium_periods(step_in, date(2014, 6, 20))[0]
    assert round(360 * period.accrued(step_in)) == days


def test_periods_follow_each_other_without_gaps_and_end_a_day_after_maturity() -> None:
    periods = premium_periods(date(2025, 10, 4), date(2035, 12, 20))
    for before, after in pairwise(periods):
        assert before.end == after.start == before.payment_date
        assert before.end.weekday() < 5
    assert periods[0].start <= date(2025, 10, 4) < periods[0].end
    assert periods[-1].end == date(2035, 12, 21)


def test_nothing_is_left_on_the_day_of_maturity() -> None:
    assert premium_periods(date(2030, 12, 21), date(2030, 12, 20)) == ()
    (last,) = premium_periods(date(2030, 12, 20), date(2030, 12, 20))
    assert last.year_fraction == 92 / 360


@pytest.mark.parametrize(
    ("trade_date", "settlement"),
    [
        (date(2025, 10, 1), date(2025, 10, 6)),
        (date(2025, 10, 3), date(2025, 10, 8)),
        (date(2025, 10, 4), date(2025, 10, 8)),
        (date(2025, 10, 6), date(2025, 10, 9)),
    ],
)
def test_cash_settles_three_weekdays_later(trade_date: date, settlement: date) -> None:
    assert cash_settlement_date(trade_date) == settlement


def test_premium_dates_are_the_twentieth_of_a_quarters_last_month() -> None:
    found = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [day for day in found if is_premium_date(day)] == [
        date(2026, month, 20) for month in (3, 6, 9, 12)
    ]

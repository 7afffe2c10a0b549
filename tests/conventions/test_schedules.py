"""Schedules against QuantLib over stubs, frequencies and month ends, and their own identities."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.quantlib_bonds import schedule, to_date

from stresstest.conventions.schedules import (
    FREQUENCIES,
    Grid,
    PaymentTerms,
    ScheduleTerms,
    add_months,
    coupon_periods,
    is_month_end,
)


def random_day(generator: np.random.Generator, first_year: int, last_year: int) -> date:
    """A day, a third of them month ends."""
    year, month = int(generator.integers(first_year, last_year + 1)), int(generator.integers(1, 13))
    last = monthrange(year, month)[1]
    return date(year, month, last if generator.random() < 1 / 3 else int(generator.integers(1, last + 1)))


def random_terms(n_terms: int) -> list[ScheduleTerms]:
    """Schedules with no stub, a short stub, a long stub at either end or both, counted from either end."""
    generator = np.random.default_rng(31)
    result: list[ScheduleTerms] = []
    while len(result) < n_terms:
        start, end = random_day(generator, 2000, 2030), random_day(generator, 2031, 2062)
        frequency = int(generator.choice(FREQUENCIES))
        direction = "forward" if generator.random() < 0.3 else "backward"
        end_of_month = bool(generator.random() < 0.5)
        plain = ScheduleTerms(start, end, frequency, None, None, direction, end_of_month)
        grid = plain.grid()
        first = last = None
        if direction == "backward" and generator.random() < 0.5:
            first = grid.day(grid.index_at_or_before(start) + 2)
        if direction == "forward" and generator.random() < 0.5:
            last = grid.day(grid.index_at_or_before(end) - 1)
        result.append(ScheduleTerms(start, end, frequency, first, last, direction, end_of_month))
    return result


def test_dates_are_those_of_quantlib() -> None:
    for terms in random_terms(3000):
        expected = [to_date(day) for day in schedule(terms).dates()]
        periods = coupon_periods(terms)
        got = [periods[0].start, *(period.end for period in periods)]
        assert got == expected, (
            f"{terms}\n got {got[:3]} … {got[-3:]}\n QuantLib {expected[:3]} … {expected[-3:]}"
        )


def test_regular_periods_are_their_own_notional_period_and_stubs_are_covered() -> None:
    for terms in random_terms(1000):
        grid = terms.grid()
        for period in coupon_periods(terms):
            assert period.notional_dates[0] <= period.start < period.end <= period.notional_dates[-1]
            assert all(grid.holds(day) for day in period.notional_dates)
            if grid.holds(period.start) and grid.holds(period.end):
                assert period.notional_dates[0] == period.start
                assert period.notional_dates[-1] == period.end


@given(
    anchor=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    frequency=st.sampled_from(FREQUENCIES),
    end_of_month=st.booleans(),
    offset=st.integers(-20_000, 20_000),
)
def test_grid_finds_the_regular_date_at_or_before(
    anchor: date, frequency: int, end_of_month: bool, offset: int
) -> None:
    grid, day = Grid(anchor, frequency, end_of_month), anchor + timedelta(days=offset)
    index = grid.index_at_or_before(day)
    assert grid.day(index) <= day < grid.day(index + 1)


def test_month_ends_do_not_drift() -> None:
    terms = ScheduleTerms(date(2023, 8, 31), date(2025, 8, 31), 2)
    ends = [period.end for period in coupon_periods(terms)]
    assert ends == [date(2024, 2, 29), date(2024, 8, 31), date(2025, 2, 28), date(2025, 8, 31)]


def test_end_of_month_rule_moves_the_other_dates_only_where_it_is_asked_for() -> None:
    ends = {
        end_of_month: [
            period.end
            for period in coupon_periods(
                ScheduleTerms(date(2025, 6, 30), date(2026, 6, 30), 2, end_of_month=end_of_month)
            )
        ]
        for end_of_month in (True, False)
    }
    assert ends[True] == [date(2025, 12, 31), date(2026, 6, 30)]
    assert ends[False] == [date(2025, 12, 30), date(2026, 6, 30)]


def test_payments_move_off_holidays_and_accruals_only_where_stated() -> None:
    terms = ScheduleTerms(date(2025, 6, 1), date(2026, 6, 1), 4)
    paid = coupon_periods(terms, PaymentTerms("weekends_only", "following"))[1]
    assert (paid.end, paid.payment_date) == (date(2025, 12, 1), date(2025, 12, 1))
    third = coupon_periods(terms, PaymentTerms("weekends_only", "following"))[2]
    assert (third.end, third.payment_date) == (date(2026, 3, 1), date(2026, 3, 2))
    moved = coupon_periods(terms, PaymentTerms("weekends_only", "following", accrual_adjusted=True))[2:]
    assert [(period.start, period.end) for period in moved] == [
        (date(2025, 12, 1), date(2026, 3, 2)),
        (date(2026, 3, 2), date(2026, 6, 1)),
    ]


def test_add_months_cuts_to_the_month_and_crosses_years() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 1, 31), -2) == date(2023, 11, 30)
    assert add_months(date(2024, 11, 15), 14) == date(2026, 1, 15)
    assert is_month_end(date(2024, 2, 29)) and not is_month_end(date(2024, 2, 28))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frequency": 5}, "frequency 5 is not one of"),
        ({"start": date(2030, 6, 1)}, "not in order"),
        ({"start": date(2031, 6, 1)}, "not in order"),
        ({"first_coupon": date(2024, 12, 1)}, "not in order"),
        ({"first_coupon": date(2025, 11, 30)}, "first coupon 2025-11-30 is no whole number of periods"),
        ({"first_coupon": date(2026, 6, 1), "last_coupon": date(2025, 12, 1)}, "not in order"),
    ],
)
def test_impossible_terms_are_refused(changes: dict[str, object], message: str) -> None:
    terms = {"start": date(2025, 6, 1), "end": date(2030, 6, 1), "frequency": 2}
    with pytest.raises(ValueError, match=message):
        ScheduleTerms(**{**terms, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 7, 1), date(2025, 12, 1)),
        (date(2026, 6, 1), date(2025, 12, 1)),
        (date(2026, 5, 31), date(2025, 6, 1)),
        (date(2030, 6, 1), date(2029, 12, 1)),
        (date(2031, 1, 1), date(2029, 12, 1)),
    ],
)
def test_a_schedule_starts_one_period_before_the_current_one(day: date, start: date) -> None:
    assert Grid(date(2030, 6, 1), 2).start_before(day) == start

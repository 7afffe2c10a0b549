"""Lives of credit default swaps cut into intervals, what accrues and what is paid."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.instruments.cds.market import market

from stresstest.market.credit_swaps import SwapDays, accrued_fraction, paid_fraction, swap_intervals

TODAY, MATURITY = date(2025, 10, 3), date(2030, 12, 20)
NODES = market().curves["USD_SOFR"].years


def test_intervals_follow_each_other_from_today_to_maturity() -> None:
    intervals = swap_intervals(NODES, TODAY, MATURITY)
    assert intervals[0].start_years == 0.0
    assert all(before.end_years == after.start_years for before, after in pairwise(intervals))
    assert intervals[-1].end_years == (MATURITY - TODAY).days / 365
    assert {years for years in NODES.tolist() if years < 5.2} <= {part.end_years for part in intervals}


def test_premium_is_earned_at_the_ends_of_periods_and_paid_a_day_later() -> None:
    paying = [part for part in swap_intervals(NODES, TODAY, MATURITY) if part.premium]
    assert len(paying) == 21
    assert sum(part.premium for part in paying) == pytest.approx(
        ((MATURITY - date(2025, 9, 22)).days + 1) / 360, abs=1e-14
    )
    lags = [round(365 * (part.payment_years - part.end_years)) for part in paying]
    assert lags == [1] * 20 + [0]


def test_time_accrued_starts_half_a_day_early_in_every_period() -> None:
    intervals = swap_intervals(NODES, TODAY, MATURITY)
    assert intervals[0].accrued_years == pytest.approx(12.5 / 365, abs=1e-15)
    after_payments = [after for before, after in pairwise(intervals) if before.premium]
    assert [part.accrued_years for part in after_payments] == pytest.approx([0.5 / 365] * 20, abs=1e-15)


def test_a_contract_that_is_over_has_no_intervals() -> None:
    assert swap_intervals(NODES, MATURITY, MATURITY) == ()
    assert accrued_fraction(MATURITY, MATURITY) == 0.0
    assert paid_fraction(SwapDays(MATURITY + timedelta(900), MATURITY), MATURITY) == 0.0


@pytest.mark.parametrize("step", [1, 7, 30, 91, 400, 2500])
def test_every_premium_is_paid_once_whatever_the_steps(step: int) -> None:
    days = [TODAY + timedelta(days=number) for number in range(0, 2600 + step, step)]
    total = sum(paid_fraction(SwapDays(day, before), MATURITY) for before, day in pairwise(days))
    assert total == pytest.approx(((MATURITY - date(2025, 9, 22)).days + 1) / 360, abs=1e-12)


def test_without_a_step_before_nothing_is_paid() -> None:
    assert paid_fraction(SwapDays(TODAY), MATURITY) == 0.0

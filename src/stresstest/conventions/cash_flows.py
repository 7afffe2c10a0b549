"""Cash flows of fixed-rate debt: coupons, redemption, accrued interest, for one unit of face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from stresstest.conventions.day_counts import AccrualTerms, DayCount, year_fraction
from stresstest.conventions.schedules import (
    NOT_ADJUSTED,
    CouponPeriod,
    PaymentTerms,
    ScheduleTerms,
    coupon_periods,
)


class CashFlow(NamedTuple):
    """Money received on a day, for one unit of face."""

    payment_date: date
    amount: float


@dataclass(frozen=True)
class FixedLeg:
    """Interest at a fixed `rate` (decimal, a year) on one unit of face over a schedule."""

    rate: float
    day_count: DayCount
    schedule: ScheduleTerms
    payment: PaymentTerms = NOT_ADJUSTED

    @cached_property
    def periods(self) -> tuple[CouponPeriod, ...]:
        """Coupon periods, first to last."""
        return coupon_periods(self.schedule, self.payment)

    def coupon(self, period: CouponPeriod) -> float:
        """Return the interest of a whole period."""
        return self._interest(period, period.end)

    def coupons(self) -> tuple[CashFlow, ...]:
        """Return every coupon, first to last."""
        return tuple(CashFlow(period.payment_date, self.coupon(period)) for period in self.periods)

    def bond_flows(self, after: date) -> tuple[CashFlow, ...]:
        """Return coupons and redemption paid after the day `after`; the last flow holds both.

        A payment on that day is past: its holder of the day before has it. A coupon of 0 is no flow.
        """
        due = [period for period in self.periods if period.payment_date > after]
        flows = [CashFlow(period.payment_date, self.coupon(period)) for period in due]
        if flows:
            flows[-1] = CashFlow(flows[-1].payment_date, flows[-1].amount + 1.0)
        return tuple(flow for flow in flows if flow.amount != 0.0)

    def accrued_interest(self, on: date) -> float:
        """Return the interest earned and not yet paid on the day `on`."""
        unpaid = (period for period in self.periods if period.payment_date > on and period.start < on)
        return _total(self._interest(period, min(on, period.end)) for period in unpaid)

    def _interest(self, period: CouponPeriod, until: date) -> float:
        terms = AccrualTerms(
            self.schedule.frequency,
            period.notional_dates,
            self.payment.accrual_date(self.schedule.end),
        )
        return self.rate * year_fraction(self.day_count, period.start, until, terms)


def _total(amounts: Iterable[float]) -> float:
    """Return the sum in the order given."""
    return sum(amounts, start=0.0)

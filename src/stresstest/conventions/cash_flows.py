"""Cash flows of fixed-rate debt: coupons, repayments, accrued interest, for one unit of face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from stresstest.conventions.amortisation import BalanceProfile
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
    """Interest at a fixed `rate` (decimal, a year) on one unit of face over a schedule.

    Attributes
    ----------
    balance
        Face outstanding as it is repaid on ends of periods; None: all of it at the end.
    """

    rate: float
    day_count: DayCount
    schedule: ScheduleTerms
    payment: PaymentTerms = NOT_ADJUSTED
    balance: BalanceProfile | None = None

    @cached_property
    def periods(self) -> tuple[CouponPeriod, ...]:
        """Coupon periods, first to last."""
        return coupon_periods(self.schedule, self.payment)

    def coupon(self, period: CouponPeriod) -> float:
        """Return the interest of a whole period on the face outstanding in it."""
        return self._interest(period, period.end)

    def repayment(self, period: CouponPeriod) -> float:
        """Return the face repaid at the end of a period."""
        if self.balance is None:
            return 1.0 if period == self.periods[-1] else 0.0
        return self.balance.repaid_on(period.end)

    def outstanding(self, on: date) -> float:
        """Return the face that is left at the end of the day `on`; it is repaid when it is paid."""
        return sum((self.repayment(period) for period in self.periods if period.payment_date > on), start=0.0)

    def coupons(self) -> tuple[CashFlow, ...]:
        """Return every coupon, first to last."""
        return tuple(CashFlow(period.payment_date, self.coupon(period)) for period in self.periods)

    def bond_flows(self, after: date) -> tuple[CashFlow, ...]:
        """Return coupons and redemption paid after the day `after`; the last flow holds both.

        A payment on that day is past: its holder of the day before has it. A coupon of 0 is no flow.
        """
        due = [period for period in self.periods if period.payment_date > after]
        flows = [
            CashFlow(period.payment_date, self.coupon(period) + self.repayment(period)) for period in due
        ]
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
            period.end,
        )
        interest = self.rate * year_fraction(self.day_count, period.start, until, terms)
        return interest if self.balance is None else interest * self.balance.outstanding_before(period.end)


def _total(amounts: Iterable[float]) -> float:
    """Return the sum in the order given."""
    return sum(amounts, start=0.0)

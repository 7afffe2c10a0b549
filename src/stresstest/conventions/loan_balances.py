"""Balance of a floating-rate loan from period to period: draws, scheduled repayments, prepayment, fees.

Amounts are parts of one unit, face or commitment. The balance is stated on the loan's origin, the market's
date; what was drawn and repaid before it does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum
from typing import NamedTuple

from stresstest.conventions.floating_legs import FloatingLeg, FloatingPeriod


class Draw(NamedTuple):
    """Part of the commitment lent on a day, for `cash`: less where an original-issue discount is kept."""

    day: date
    amount: float
    cash: float


class LoanPeriod(NamedTuple):
    """One interest period of a loan.

    Attributes
    ----------
    period
        Its dates and year fraction.
    balance_years
        Sum of balance times year fraction: what the rate and the margin are paid on.
    principal
        Repaid with the interest, scheduled or before it is due.
    fees
        Commitment fee paid with the interest.
    closing
        Balance after the payment.
    """

    period: FloatingPeriod
    balance_years: float
    principal: float
    fees: float
    closing: float

    @property
    def mean_balance(self) -> float:
        """Mean balance over the period."""
        return self.balance_years / self.period.year_fraction


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a lender has promised beyond the balance.

    Attributes
    ----------
    undrawn
        Part that can still be drawn on the origin.
    fee
        Interest a year on what is undrawn, decimal.
    until
        Last day on which it can be drawn; what is left then lapses. None: to the end.
    """

    undrawn: float = 0.0
    fee: float = 0.0
    until: date | None = None


def _all(_years: float) -> float:
    """Return the part that is kept where nothing is prepaid."""
    return 1.0


@dataclass(frozen=True)
class LoanBalances:
    """A loan's balance over its periods.

    Attributes
    ----------
    leg
        Schedule of the interest.
    origin
        Day on which `drawn` is the balance.
    drawn
        Balance on the origin.
    scheduled
        Principal due at the end of a period, as a part of the balance without prepayments then: `(period,
        balance)` to an amount; whatever it says, the last period repays all.
    draws
        Ascending, after the origin and not after the last period.
    commitment
        What can be drawn.
    kept
        Part of the balance that is not prepaid, beyond what is scheduled, over a time in years.
    """

    leg: FloatingLeg
    origin: date
    drawn: float
    scheduled: Callable[[FloatingPeriod, float], float]
    draws: tuple[Draw, ...] = ()
    commitment: Commitment = Commitment()
    kept: Callable[[float], float] = _all

    @cached_property
    def periods(self) -> tuple[LoanPeriod, ...]:
        """Periods paid after the origin, first to last; one without balance where the loan starts later."""
        unpaid = self.leg.unpaid(self.origin)
        found = self._waiting(unpaid)
        balance = planned = self.drawn
        drawn_to = self.origin
        for period in unpaid:
            draws = [draw for draw in self.draws if drawn_to < draw.day <= period.end]
            drawn_to = max(drawn_to, period.end)
            added = fsum(draw.amount for draw in draws)
            opening, planned = balance, planned + added
            due = planned if period is unpaid[-1] else min(self.scheduled(period, planned), planned)
            days = max((period.end - max(period.start, self.origin)).days, 0)
            kept = self.kept(days / 365.0) * (1.0 - due / planned) if planned > 0.0 else 0.0
            closing = (opening + added) * kept if period is not unpaid[-1] else 0.0
            balance, planned = closing, planned - due
            found.append(
                LoanPeriod(
                    period,
                    self._balance_years(period, opening, draws),
                    opening + added - closing,
                    self._fees(period),
                    closing,
                )
            )
        return tuple(found)

    def _waiting(self, unpaid: tuple[FloatingPeriod, ...]) -> list[LoanPeriod]:
        """Return the time until a loan that starts later than the origin as a period without balance."""
        if not unpaid or unpaid[0].start <= self.origin:
            return []
        first = unpaid[0]
        years = (first.start - self.origin).days / 365.0
        waiting = FloatingPeriod(self.origin, first.start, first.start, years, 1 - first.slot)
        return [LoanPeriod(waiting, 0.0, 0.0, 0.0, 0.0)]

    def outstanding(self, day: date) -> float:
        """Return the balance at the end of `day`, not before the origin, its payments and draws made."""
        paid = fsum(item.principal for item in self.periods if item.period.payment_date <= day)
        added = fsum(draw.amount for draw in self.draws if draw.day <= day)
        final = max((item.period.payment_date for item in self.periods), default=self.origin)
        return self.drawn + added - paid if day < final else 0.0

    def _left(self, period: FloatingPeriod, day: date) -> float:
        """Return the year fraction from `day` to the end of a period, all of it where the day is before."""
        if day <= period.start:
            return period.year_fraction
        return period.year_fraction - self.leg.accrued_fraction(day) if day < period.end else 0.0

    def _balance_years(self, period: FloatingPeriod, opening: float, draws: list[Draw]) -> float:
        return fsum(
            [opening * period.year_fraction, *(draw.amount * self._left(period, draw.day) for draw in draws)]
        )

    def _fees(self, period: FloatingPeriod) -> float:
        """Return the fee on what is undrawn in a period, at the end of which it is paid."""
        terms = self.commitment
        if terms.undrawn == 0.0 or terms.fee == 0.0:
            return 0.0
        lapsed = 0.0 if terms.until is None else self._left(period, terms.until)
        undrawn_years = terms.undrawn * (period.year_fraction - lapsed)
        for draw in self.draws:
            undrawn_years -= draw.amount * max(self._left(period, draw.day) - lapsed, 0.0)
        return terms.fee * undrawn_years


def dated_repayments(
    repayments: tuple[tuple[date, float], ...], origin: date
) -> Callable[[FloatingPeriod, float], float]:
    """Return a schedule of stated amounts, each due at the end of the period that its day lies in."""

    def due(period: FloatingPeriod, _balance: float) -> float:
        first = max(period.start, origin)
        return fsum(amount for day, amount in repayments if first < day <= period.end)

    return due

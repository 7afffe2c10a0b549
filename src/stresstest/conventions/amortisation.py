"""Outstanding balance of a debt as repayments bring it down: sinking funds, equal instalments, annuities.

Balances and repayments are in whatever unit the initial balance has: parts of face for a bond, money for a
loan. Dates are the unmoved dates of the contract; moving money off holidays is the schedule's affair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate, pairwise
from math import fsum
from typing import NamedTuple

ROUNDING = 1e-9
"""Repayments add up to the initial balance within this share of it; the last one takes the rest."""


class Repayment(NamedTuple):
    """Principal due on a day, positive; a further draw is negative."""

    due_date: date
    amount: float


@dataclass(frozen=True, slots=True)
class Instalments:
    """When a loan is repaid: `initial` balance, due dates ascending, years of interest before each.

    Attributes
    ----------
    period_years
        Interest years of the period that ends on each due date (its day count), as many as dates.
    """

    initial: float
    due_dates: tuple[date, ...]
    period_years: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.due_dates) != len(self.period_years) or not self.due_dates:
            raise ValueError("as many interest periods as due dates, at least one")


@dataclass(frozen=True)
class BalanceProfile:
    """Outstanding balance as a step function of the date.

    Attributes
    ----------
    initial
        Balance before the first repayment.
    repayments
        Due dates strictly ascending. What they leave at the end stays outstanding.
    """

    initial: float
    repayments: tuple[Repayment, ...]

    def __post_init__(self) -> None:
        if any(later.due_date <= earlier.due_date for earlier, later in pairwise(self.repayments)):
            raise ValueError("repayments are not in order of their dates")

    @cached_property
    def due_dates(self) -> tuple[date, ...]:
        """Days on which the balance changes."""
        return tuple(repayment.due_date for repayment in self.repayments)

    @cached_property
    def balances(self) -> tuple[float, ...]:
        """Balance before the first date, then after each; one more than dates."""
        changes = (-repayment.amount for repayment in self.repayments)
        return tuple(accumulate(changes, initial=self.initial))

    @property
    def steps(self) -> tuple[tuple[date, float], ...]:
        """Pairs (date, balance after that date's repayment)."""
        return tuple(zip(self.due_dates, self.balances[1:], strict=True))

    def outstanding_after(self, day: date) -> float:
        """Return the balance at the end of `day`, its repayment made."""
        return self.balances[bisect_right(self.due_dates, day)]

    def outstanding_before(self, day: date) -> float:
        """Return the balance at the start of `day`, on which the interest due then has accrued."""
        return self.balances[bisect_left(self.due_dates, day)]

    def repaid_on(self, day: date) -> float:
        """Return what is due on `day`, 0 on other days."""
        index = bisect_left(self.due_dates, day)
        found = index < len(self.repayments) and self.due_dates[index] == day
        return self.repayments[index].amount if found else 0.0

    def average_life_years(self, start: date) -> float:
        """Return the mean time (ACT/365F) from `start` to repayment, weighted with what is repaid later."""
        later = [repayment for repayment in self.repayments if repayment.due_date > start]
        weighted = fsum(item.amount * (item.due_date - start).days for item in later)
        return weighted / (365.0 * fsum(item.amount for item in later))


def bullet(maturity: date, initial: float = 1.0) -> BalanceProfile:
    """Return the profile of a debt repaid at once."""
    return BalanceProfile(initial, (Repayment(maturity, initial),))


def sinking(repayments: Sequence[tuple[date, float]], maturity: date, initial: float = 1.0) -> BalanceProfile:
    """Return the profile of stated repayments, with the rest of `initial` due at `maturity`.

    Raises
    ------
    ValueError
        Repayments are not in order, lie after maturity, or add up to more than `initial`.

    Examples
    --------
    >>> profile = sinking([(date(2027, 6, 1), 0.25), (date(2028, 6, 1), 0.25)], date(2029, 6, 1))
    >>> [(str(day), left) for day, left in profile.steps]
    [('2027-06-01', 0.75), ('2028-06-01', 0.5), ('2029-06-01', 0.0)]
    """
    if any(day > maturity for day, _ in repayments):
        raise ValueError(f"a repayment is due after maturity on {maturity}")
    rest = initial - fsum(amount for day, amount in repayments if day < maturity)
    if rest < -ROUNDING * abs(initial):
        raise ValueError("repayments add up to more than the initial balance")
    stated = [Repayment(day, amount) for day, amount in repayments if day < maturity]
    return BalanceProfile(initial, (*stated, Repayment(maturity, _to_end(initial, stated))))


def equal_repayments(due_dates: Sequence[date], initial: float = 1.0, balloon: float = 0.0) -> BalanceProfile:
    """Return the profile of equal repayments of principal; the last takes `balloon` too."""
    each = (initial - balloon) / len(due_dates)
    stated = [Repayment(day, each) for day in due_dates[:-1]]
    return BalanceProfile(initial, (*stated, Repayment(due_dates[-1], _to_end(initial, stated))))


def annuity(instalments: Instalments, rate: float, balloon: float = 0.0) -> BalanceProfile:
    """Return the profile under level payments of interest and principal together.

    The payment P solves initial = Σ P·q_k + balloon·q_n with q_k = Π_{i≤k} 1/(1 + rate·τ_i); `rate` is a
    decimal a year, simple within each period τ. The last repayment takes the balloon and the rounding.
    """
    factors = list(accumulate((1.0 / (1.0 + rate * years) for years in instalments.period_years), _product))
    payment = (instalments.initial - balloon * factors[-1]) / fsum(factors)
    balance, stated = instalments.initial, []
    for day, years in zip(instalments.due_dates[:-1], instalments.period_years[:-1], strict=True):
        stated.append(Repayment(day, payment - balance * rate * years))
        balance -= stated[-1].amount
    last = Repayment(instalments.due_dates[-1], _to_end(instalments.initial, stated))
    return BalanceProfile(instalments.initial, (*stated, last))


def _to_end(initial: float, stated: Sequence[Repayment]) -> float:
    """Return what repayments leave, subtracted one by one: the balance then ends at exactly 0."""
    balance = initial
    for repayment in stated:
        balance -= repayment.amount
    return balance


def _product(first: float, second: float) -> float:
    return first * second

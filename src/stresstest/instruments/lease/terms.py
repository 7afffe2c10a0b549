"""From the terms of a lease to its payments: periods, weights of renewals, ends."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.conventions.schedules import add_months
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

_MONTHS = 12


class Stretch(NamedTuple):
    """The term, or a renewal: months from the lease's start, chance that it comes, rent on its first day.

    `rent` leaves out the escalator, which counts full years from the lease's start. `guaranteed` is the value
    guaranteed at its end, 0 without a guarantee.
    """

    first_month: int
    last_month: int
    chance: float
    rent: float
    guaranteed: float


class Rent(NamedTuple):
    """A payment: day, expected amount, number of its stretch."""

    day: date
    amount: float
    stretch: int


class Ending(NamedTuple):
    """A day on which the lease may end, the chance of it, its last stretch's number, the value guaranteed."""

    day: date
    chance: float
    stretch: int
    guaranteed: float


def stretches(spec: LeaseSpec) -> list[Stretch]:
    """Return the term and the renewals, first to last; the chances of renewals multiply."""
    guaranteed = 0.0 if spec.guarantee is None else spec.guarantee.amount
    found = [Stretch(0, spec.term_months, 1.0, spec.rent, guaranteed)]
    for renewal in spec.renewals:
        before = found[-1]
        found.append(
            Stretch(
                before.last_month,
                before.last_month + renewal.months,
                before.chance * renewal.probability,
                before.rent * (1.0 + renewal.rent_change),
                before.guaranteed if renewal.guaranteed is None else renewal.guaranteed,
            )
        )
    return found


def rents(spec: LeaseSpec) -> list[Rent]:
    """Return every payment, first to last, renewals weighted by their chance."""
    period = _MONTHS // spec.frequency
    late = period if spec.timing == "arrears" else 0
    found = []
    for number, stretch in enumerate(stretches(spec)):
        for month in range(stretch.first_month, stretch.last_month, period):
            amount = stretch.chance * stretch.rent * _power(1.0 + spec.escalator, month // _MONTHS)
            found.append(Rent(add_months(spec.start, month + late), amount, number))
    return found


def endings(spec: LeaseSpec) -> list[Ending]:
    """Return the days on which the lease may end, first to last; their chances add to 1."""
    parts = stretches(spec)
    later = [*(part.chance for part in parts[1:]), 0.0]
    return [
        Ending(add_months(spec.start, part.last_month), part.chance - after, number, part.guaranteed)
        for number, (part, after) in enumerate(zip(parts, later, strict=True))
    ]


def begins(spec: LeaseSpec, stretch: int) -> date:
    """Return the first day of a stretch."""
    return add_months(spec.start, stretches(spec)[stretch].first_month)


def last_day(spec: LeaseSpec) -> date:
    """Return the last day on which something may be paid."""
    return add_months(spec.start, stretches(spec)[-1].last_month)


def asset_value(spec: LeaseSpec, today: date, day: date) -> float:
    """Return the asset's value on `day` by age alone, from its value `today`; 0 without a guarantee."""
    if spec.guarantee is None:
        return 0.0
    years = (day - today).days / DAYS_PER_YEAR
    return spec.guarantee.asset_value * float(exp(float(log(1.0 - spec.guarantee.depreciation)) * years))


def _power(base: float, count: int) -> float:
    """Return base^count by multiplication, the same bits on every machine."""
    value = 1.0
    for _ in range(count):
        value *= base
    return value

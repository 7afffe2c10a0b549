"""Moves that spread evenly over a horizon: the dates on the way, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.schedules import add_months
from stresstest.quantity import Tenor

MOST_STEPS = 24
"""Steps of one linear scenario: a run has 63 later dates, and several scenarios share them."""

MONTHS = (1, 2, 3, 6, 12)
"""Lengths of a step in months, for horizons of more than one; then whole years."""

DAYS = (1, 7, 14, 28)
"""Lengths of a step in days, for horizons in days and weeks and of a month; then more weeks by fours."""


class LinearStep(NamedTuple):
    """A date, and the part of the whole move that has happened by then, 1 on the last date."""

    day: date
    fraction: float


def linear_steps(horizon: Tenor, as_of: date) -> tuple[LinearStep, ...]:
    """Return the dates of a linear scenario that begins on `as_of`.

    Steps are of one length, the shortest that makes no more than `MOST_STEPS` of them: months for horizons of
    more than one, weeks for one month and horizons in weeks, days for horizons in days. Where the length does
    not divide the horizon, the last step is shorter. The fraction counts in months, or in days.

    Examples
    --------
    >>> from stresstest.quantity import parse_horizon
    >>> [step.day.isoformat() for step in linear_steps(parse_horizon("3m"), date(2025, 10, 3))]
    ['2025-11-03', '2025-12-03', '2026-01-03']
    """
    if horizon.months > 1:
        months = _marks(horizon.months, MONTHS)
        return tuple(LinearStep(add_months(as_of, count), count / horizon.months) for count in months)
    days = horizon.days or (add_months(as_of, horizon.months) - as_of).days
    lengths = DAYS if horizon.text.endswith("d") else DAYS[1:]
    return tuple(LinearStep(as_of + timedelta(days=count), count / days) for count in _marks(days, lengths))


def fraction_on(steps: tuple[LinearStep, ...], day: date) -> float:
    """Return how far the last of `steps` up to `day` has come; 0 before the first."""
    return max((step.fraction for step in steps if step.day <= day), default=0.0)


def _marks(total: int, lengths: tuple[int, ...]) -> Iterator[int]:
    """Yield the multiples of the step's length up to `total`, and `total`."""
    most = lengths[-1] * MOST_STEPS
    length = next((one for one in lengths if one * MOST_STEPS >= total), lengths[-1] * -(-total // most))
    yield from range(length, total, length)
    yield total

"""Draws of a generator whose stream is the same on every version of numpy: uniform numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.schedules import add_months

T = TypeVar("T")

_AHEAD = 4096
_FRIDAY = 4


class Draws:
    """Uniform numbers of PCG64, one after the other, and what is made of them.

    numpy keeps the raw stream of a bit generator, and that of `random`, from version to version; other
    distributions may change (NEP 19). So everything here is made of `random`.

    Examples
    --------
    >>> draws = Draws(7)
    >>> draws.whole(1, 6) in range(1, 7), draws.one_of(("a",))
    (True, 'a')
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._ahead: list[float] = []

    def uniform(self) -> float:
        """Return a number from 0 to 1 (exclusive)."""
        if not self._ahead:
            self._ahead = self._generator.random(_AHEAD).tolist()[::-1]
        return self._ahead.pop()

    def uniforms(self, count: int) -> FloatArray:
        """Return `count` numbers from 0 to 1 (exclusive), drawn at once."""
        return self._generator.random(count)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of `choices`, each as likely as the others."""
        return choices[int(self.uniform() * len(choices))]

    def chance(self, probability: float) -> bool:
        """Tell whether something of this probability happens."""
        return self.uniform() < probability

    def percent(self, low: float, high: float, step: float) -> str:
        """Return a percentage as documents write it, a whole number of steps above `low`."""
        return f"{low + step * self.whole(0, round((high - low) / step)):g}%"

    def basis_points(self, low: int, high: int, step: int = 5) -> str:
        """Return a spread as documents write it, `120bp`."""
        return f"{low + step * self.whole(0, (high - low) // step)}bp"

    def price(self, level: float, low: float, high: float) -> float:
        """Return a price from `low` to `high` times a level, on the steps of `strike_step`."""
        step = strike_step(level)
        return max(1, round(level * (low + (high - low) * self.uniform()) / step)) * step


def strike_step(level: float) -> float:
    """Return the step between strikes at a price: the least of 0.25, 0.5, 1, 2.5, 5, 10, … from 1 % of it on.

    Examples
    --------
    >>> strike_step(12.0), strike_step(187.6), strike_step(750_583.0)
    (0.25, 2.5, 10000.0)
    """
    if level < 1.0:
        return 1.0 / 64.0
    sizes = (unit * 10.0**power for power in range(12) for unit in (0.25, 0.5, 1.0))
    return next(size for size in sizes if size >= level / 100.0)


def month_ahead(day: date, months: int, of_month: int) -> date:
    """Return a day of the month `months` ahead; `of_month` is at most 28."""
    return add_months(day.replace(day=1), months).replace(day=of_month)


def third_friday(day: date, months: int) -> date:
    """Return the third Friday of the month `months` ahead, on which listed options expire.

    Examples
    --------
    >>> third_friday(date(2025, 10, 3), 2)
    datetime.date(2025, 12, 19)
    """
    first = add_months(day.replace(day=1), months)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)

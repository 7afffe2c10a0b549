"""GPU rental forwards: hours counted day by day, in 40 digits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import mpmath as mp
from tests.oracle.forwards import discount, in_digits, price_for, years_between

SIZE_TOLERANCE = 4e-15


def months(start: date, end: date) -> dict[date, int]:
    """Days of each month by its last day, walking day by day; months begin on the start's day."""
    found: dict[date, int] = {}
    day, open_days = start, 0
    while day <= end:
        open_days += 1
        after = day + timedelta(days=1)
        last_of_month = (after.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        begins = after.day == start.day or (after == last_of_month and after.day < start.day)
        if begins or after > end:
            found[day], open_days = open_days, 0
        day = after
    return found


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value for one GPU, and the size that its tolerance is relative to."""
    curve = spec.curve or market.discount_curves[spec.currency or market.currency]
    value = size = mp.mpf(0)
    for day, days in months(spec.start, spec.end).items():
        if day < market.as_of:
            continue
        years = years_between(market.as_of, day)
        hours = 24 * days * mp.mpf(spec.utilisation)
        rate = price_for(market, level, ("rental_rate", spec.gpu), years)
        value += discount(market, level, curve, years) * hours * (rate - spec.rate)
        size += hours * max(rate, spec.rate)
    return value, size

"""Delayed-draw loans: commitment, draws on stated days, fee on what is undrawn, repayment afterwards."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from tests.oracle.floating_credit import Balance, alive_value, credit, refuse_holidays, with_default
from tests.oracle.forwards import in_digits

SIZE_TOLERANCE = 5e-14


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of commitment 1, and the size that its tolerance is relative to."""
    refuse_holidays(spec)
    draws = {item.date: mp.mpf(item.part) for item in spec.draws}
    until = spec.available_until or max(draws, default=None)
    total = mp.mpf(spec.drawn) + sum(draws.values())

    def planned(start: Any, end: Any) -> Any:
        over = until is None or start >= until
        return total * mp.mpf(spec.amortisation) / spec.frequency if over else 0

    undrawn = 0 if until is None else 1 - mp.mpf(spec.drawn)
    terms = Balance(
        mp.mpf(spec.drawn), draws, planned, undrawn, mp.mpf(spec.commitment_fee), until, spec.prepayment
    )
    lent = {day: part * (1 - mp.mpf(spec.oid)) for day, part in draws.items()}
    alive = alive_value(spec, market, level, terms, lent)
    recovery = credit(spec, market, level)[1]
    return with_default(spec, market, level, alive, recovery * mp.mpf(spec.drawn)), 1

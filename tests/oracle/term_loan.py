"""Term loans: repayments by rule, an original-issue discount where the loan is still to be paid out."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from tests.oracle.floating_credit import Balance, alive_value, credit, refuse_holidays, with_default
from tests.oracle.forwards import in_digits

SIZE_TOLERANCE = 5e-14


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of face 1, and the size that its tolerance is relative to."""
    refuse_holidays(spec)
    today = market.as_of
    later = spec.start is not None and spec.start > today

    def planned(start: Any, end: Any) -> Any:
        if spec.repayments:
            return sum(mp.mpf(item.part) for item in spec.repayments if max(start, today) < item.date <= end)
        return mp.mpf(spec.amortisation) / spec.frequency

    terms = Balance(
        mp.mpf(0 if later else 1),
        {spec.start: mp.mpf(1)} if later else {},
        planned,
        prepayment=spec.prepayment,
    )
    lent = {spec.start: 1 - mp.mpf(spec.oid)} if later else {}
    alive = alive_value(spec, market, level, terms, lent)
    recovery = credit(spec, market, level)[1]
    return with_default(spec, market, level, alive, recovery * terms.drawn), 1

"""Revolvers: today's drawing, and what is drawn beyond it as the spread widens."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from tests.oracle.floating_credit import (
    DAYS,
    Balance,
    alive_value,
    credit,
    curve_name,
    growth,
    payments,
    public,
    refuse_holidays,
)
from tests.oracle.forwards import in_digits

from stresstest.market.keys import RiskFactorKey

SIZE_TOLERANCE = 5e-14


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of commitment 1, and the size that its tolerance is relative to."""
    refuse_holidays(spec)
    drawn, fee = mp.mpf(spec.drawn), mp.mpf(spec.commitment_fee)
    issuer = public(spec.issuer)
    has_state = RiskFactorKey("default_state", issuer) in market.levels
    state = mp.mpf(level("default_state", issuer)) if has_state else mp.mpf(0)
    spread = mp.mpf(level("credit_spread", issuer))
    start = mp.mpf(market.levels[RiskFactorKey("credit_spread", issuer)])
    width = mp.mpf(spec.distress_spread) - start
    share = min(max((spread - start) / width, 0), 1) if width > 0 else mp.mpf(0)
    most = (1 - drawn) * mp.mpf(spec.credit_conversion)
    further = most * (share + state * (1 - share))
    today = Balance(drawn, undrawn=1 - drawn, fee=fee)
    unit = Balance(mp.mpf(1), undrawn=mp.mpf(-1), fee=fee)
    alive = alive_value(spec, market, level, today, {})
    alive += further * alive_value(spec, market, level, unit, {})
    recovery = credit(spec, market, level)[1]
    lent = further * (1 + accrued(spec, market))
    return (1 - state) * alive + state * recovery * (drawn + further) - lent, 1


def accrued(spec: Any, market: Any) -> mp.mpf:
    """Interest of the running period on one unit until today, at the rate known on the market's date."""

    def base(kind: str, name: str, tenor: str = "") -> float:
        return market.levels[RiskFactorKey(kind, name, tenor)]

    item = payments(spec, Balance(mp.mpf(1)), market.as_of)[0]
    length, elapsed = DAYS[spec.day_count], (market.as_of - item.start).days
    if elapsed <= 0 or spec.rate_setting != "in_advance":
        if elapsed <= 0:
            return mp.mpf(0)
        raise NotImplementedError("accrued interest of a rate in arrears")
    rate = (growth(spec, market, base, curve_name(spec, market), item) - 1) * length
    rate /= (item.end - item.start).days
    floor = mp.mpf("-inf") if spec.floor is None else mp.mpf(spec.floor)
    return (max(rate, floor) + mp.mpf(spec.margin)) * elapsed / length

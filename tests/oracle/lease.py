"""Leases: every month walked one by one, in 40 digits; shares no code with the package.

The chance that the lessee is still there is carried from month to month: at the end of a stretch the next
renewal takes its part, and the rest ends there, where the guarantee is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import mpmath as mp
from tests.oracle.forwards import discount, in_digits, price_for, years_between

SIZE_TOLERANCE = 1e-14


def month_after(start: date, months: int) -> date:
    """Same day of a later month, or that month's last day."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    for day in (start.day, 30, 29, 28):
        try:
            return date(year, month, min(day, start.day))
        except ValueError:
            continue
    raise AssertionError("no such month")


def schedule(spec: Any) -> Iterator[tuple[date, Any, Any, Any]]:
    """Day, expected rent, chance that the lease ends that day, value guaranteed then."""
    period, month, rent = 12 // spec.frequency, 0, mp.mpf(spec.rent)
    promised = mp.mpf(spec.guarantee.amount) if spec.guarantee else mp.mpf(0)
    chance, options = mp.mpf(1), list(spec.renewals)
    left = spec.term_months
    while chance > 0:
        risen = rent * (1 + mp.mpf(spec.escalator)) ** (month // 12)
        due = month if spec.timing == "advance" else month + period
        yield month_after(spec.start, due), chance * risen, mp.mpf(0), promised
        month, left = month + period, left - period
        if left == 0:
            stays = mp.mpf(options[0].probability) if options else mp.mpf(0)
            yield month_after(spec.start, month), mp.mpf(0), chance * (1 - stays), promised
            chance *= stays
            if options:
                option = options.pop(0)
                rent, left = rent * (1 + mp.mpf(option.rent_change)), option.months
                promised = promised if option.guaranteed is None else mp.mpf(option.guaranteed)


def asset(spec: Any, market: Any, level: Any, day: date) -> Any:
    """Value of the asset on a day, by age and by what it follows."""
    years = years_between(market.as_of, day)
    value = mp.mpf(spec.guarantee.asset_value) * (1 - mp.mpf(spec.guarantee.depreciation)) ** years
    base = {str(key): number for key, number in market.levels.items()}
    if spec.rental is not None:
        now = price_for(
            market, lambda *key: base["/".join(filter(None, key))], ("rental_rate", spec.rental), 0
        )
        return value * price_for(market, level, ("rental_rate", spec.rental), years) / now
    if spec.asset_issuer is not None:
        return value * mp.mpf(level("spot", spec.asset_issuer)) / base[f"spot/{spec.asset_issuer}"]
    return value


def expected_shortfall(guarantee: Any, promised: Any, forward: Any, years: Any) -> Any:
    """Mean of what is paid: over a lognormal value by integration, where it has a volatility."""

    def paid(value: Any) -> Any:
        short = max(promised - value, mp.mpf(0))
        return min(short, guarantee.cap) if guarantee.cap else short

    deviation = mp.mpf(guarantee.volatility) * mp.sqrt(years)
    if deviation == 0 or forward <= 0:
        return paid(forward)

    def at(z: Any) -> Any:
        return forward * mp.exp(deviation * z - deviation**2 / 2)

    edges = [promised, promised - guarantee.cap if guarantee.cap else mp.mpf(0)]
    breaks = [(mp.log(edge / forward) + deviation**2 / 2) / deviation for edge in edges if edge > 0]
    places = [mp.mpf(-14), *sorted(place for place in breaks if -14 < place < 14), mp.mpf(14)]
    return mp.quad(lambda z: paid(at(z)) * mp.npdf(z), places)


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one lease whose lessee pays, and the payments that its tolerance is relative to."""
    issuer = market.issuers[spec.issuer]
    curve = spec.curve or market.discount_curves[spec.currency or issuer.currency]
    known = {str(key) for key in market.levels}
    riskless = issuer.kind == "sovereign" and f"credit_spread/{spec.issuer}" not in known
    spread = mp.mpf(0) if riskless else mp.mpf(level("credit_spread", spec.issuer))
    value = size = mp.mpf(0)
    for day, rent, ends, promised in schedule(spec):
        if day <= market.as_of:
            continue
        years = years_between(market.as_of, day)
        amount = rent
        if ends and spec.guarantee is not None:
            value_then = asset(spec, market, level, day)
            amount += ends * expected_shortfall(spec.guarantee, promised, value_then, years)
            size += ends * promised
        value += amount * discount(market, level, curve, years) * mp.exp(-spread * years)
        size += rent
    return (value if spec.side == "receivable" else -value), size

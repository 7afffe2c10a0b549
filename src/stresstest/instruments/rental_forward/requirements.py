"""What a GPU rental-rate forward depends on in a market, and when it settles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.schedules import add_months
from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.rental_forward.spec import RentalForwardSpec
from stresstest.market.forward_lookups import find_price_curve
from stresstest.market.lookups import check_levels, find_curve, nodes_used, years_until
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import MarketSnapshot

HOURS_A_DAY = 24


class Settlement(NamedTuple):
    """Last day of a month of the period, and the hours of that month that count."""

    day: date
    hours: float


def settlements(spec: RentalForwardSpec) -> list[Settlement]:
    """Return the settlements of a forward, first to last; the last month may be shorter."""
    found = []
    first, month = spec.start, 1
    while first <= spec.end:
        after = add_months(spec.start, month)
        last = min(after - timedelta(days=1), spec.end)
        found.append(Settlement(last, HOURS_A_DAY * ((last - first).days + 1) * spec.utilisation))
        first, month = after, month + 1
    return found


def price_curve(spec: RentalForwardSpec, market: MarketSnapshot) -> PriceCurve:
    """Return the forward curve of the rental rate; raise `InputError` (ST363) where there is none."""
    return find_price_curve(market, ("rental_rate",), spec.gpu, "gpu")


def requirements(spec: RentalForwardSpec, market: MarketSnapshot) -> Requirements:
    """Return the rental rates and the zero rates around the settlements that are left.

    What settles on the valuation date counts: the step that leaves that day behind pays it.

    Raises
    ------
    InputError
        The period is over (ST360), the market has no rental rate (ST363), or all of: there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    prices = price_curve(spec, market)
    years_until(spec.end, market.as_of, f"rental forward on {spec.gpu}", "end")
    left = [(day - market.as_of).days / 365 for day, _ in settlements(spec) if day >= market.as_of]
    problems = ProblemList()
    currency = spec.currency or market.currency
    factors = list(prices.keys_used(left))
    curve = find_curve(market, currency, spec.curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [years for years in left if years > 0.0])
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors))

"""What a lease depends on in a market."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.instruments.lease.terms import endings, last_day, rents
from stresstest.market.forward_lookups import find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: LeaseSpec, market: MarketSnapshot) -> Requirements:
    """Return the rates around the payments, the lessee's spread, what the asset follows, the default.

    Raises
    ------
    InputError
        The lessee is unknown (ST355), there is no such rental curve (ST363), or all of: the lease is over
        (ST381), there is no curve (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    lessee = find_issuer(market, spec.issuer)
    problems = ProblemList()
    if last_day(spec) <= market.as_of:
        problems.add(ended(spec, market.as_of))
    currency = spec.currency or lessee.currency
    factors: list[RiskFactorKey] = []
    curve = find_curve(market, currency, spec.curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [years for years, _ in _times(spec, market.as_of)])
    spread = spread_key(market, lessee)
    factors += [] if spread is None else [spread]
    state = default_keys(market, lessee.id, spec.seniority)
    factors += state or ()
    factors += _asset_factors(spec, market, relets=state is not None and spec.reletting > 0.0)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(dict.fromkeys(factors)))


def ended(spec: LeaseSpec, today: date) -> Problem:
    """Return the problem of a lease that is over."""
    got = f"lease to {spec.issuer} that ended on {last_day(spec)}"
    return Problem("ST381", got, f"a term with renewals beyond {today}", field="term_months")


def _times(spec: LeaseSpec, today: date) -> Iterator[tuple[float, bool]]:
    """Yield the years to all that may be paid after today, and whether the asset's value decides it."""
    for rent in rents(spec):
        if rent.day > today and rent.amount > 0.0:
            yield act_365f_years(today, rent.day), False
    for end in endings(spec):
        if end.guaranteed > 0.0 and end.day > today and end.chance > 0.0:
            yield act_365f_years(today, end.day), True


def _asset_factors(spec: LeaseSpec, market: MarketSnapshot, *, relets: bool) -> list[RiskFactorKey]:
    """Return what moves the asset at its ends, and where the lessee may default at every payment."""
    if spec.asset_issuer is not None:
        find_issuer(market, spec.asset_issuer, "asset_issuer")
    times = [years for years, decides in _times(spec, market.as_of) if decides or relets]
    if not times:
        return []
    if spec.asset_issuer is not None:
        return [RiskFactorKey("spot", spec.asset_issuer)]
    if spec.rental is None:
        return []
    curve = find_price_curve(market, ("rental_rate",), spec.rental, "rental")
    return list(curve.keys_used(times))

"""What a swaption depends on in a market."""

from __future__ import annotations

from datetime import date

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.swaption.spec import SwaptionSpec
from stresstest.instruments.swaption.terms import underlying
from stresstest.market.floating_lookups import find_floating_curve
from stresstest.market.lookups import check_levels, nodes_used, years_until
from stresstest.market.snapshot import Curve, MarketSnapshot
from stresstest.market.swaption_vols import find_rate_vol_factors


def years_to_expiry(spec: SwaptionSpec, today: date) -> float:
    """Return the time to expiry in years of 365 days; raise `InputError` (ST360) after it."""
    return years_until(spec.expiry, today, f"swaption on {spec.maturity}", "expiry")


def swap_curve(spec: SwaptionSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that projects and discounts; raise `InputError` where none fits."""
    problems = ProblemList()
    curve = find_floating_curve(market, spec.currency, spec.curve, "curve", problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve


def requirements(spec: SwaptionSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the swap's dates and the vols around the expiry.

    On the day of expiry no vol matters, though there must be one.

    Raises
    ------
    InputError
        The swaption has expired (ST360), or all of: there are no vols of that name (ST361), there is no such
        curve (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    years = years_to_expiry(spec, market.as_of)
    problems = ProblemList()
    curve = find_floating_curve(market, spec.currency, spec.curve, "curve", problems)
    swap = underlying(spec, market.as_of)
    rates = nodes_used(curve, [time for time, _ in (*swap.annuity, *swap.floating)]) if curve else ()
    vols = find_rate_vol_factors(
        market, spec.surface, years, is_normal=spec.model == "bachelier", problems=problems
    )
    check_levels(market, (*rates, *vols), problems)
    problems.raise_if_any()
    return Requirements(spec.currency, (*rates, *vols) if years > 0.0 else rates)

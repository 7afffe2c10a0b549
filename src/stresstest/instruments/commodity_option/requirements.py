"""What an option on a commodity future depends on in a market."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.commodity_option.spec import CommodityOptionSpec
from stresstest.market.forward_lookups import find_price_curve, price_currency
from stresstest.market.lookups import check_levels, curve_name, find_curve, nodes_used, years_until
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors


class Times(NamedTuple):
    """Times in years of 365 days from a valuation date: of exercise, and of the future's delivery."""

    expiry: float
    delivery: float


def times(spec: CommodityOptionSpec, today: date) -> Times:
    """Return the times of an option; raise `InputError` (ST360) after its expiry."""
    years = years_until(spec.expiry, today, f"option on {spec.commodity}", "expiry")
    return Times(years, years_until(spec.delivery or spec.expiry, today, "future", "delivery"))


def price_curve(spec: CommodityOptionSpec, market: MarketSnapshot) -> PriceCurve:
    """Return the forward curve of the commodity; raise `InputError` (ST363) where there is none."""
    return find_price_curve(market, ("commodity_forward", "power_price"), spec.commodity, "commodity")


def discount_curve_name(spec: CommodityOptionSpec, market: MarketSnapshot) -> str:
    """Return the curve that discounts the payoff; empty where the currency has none."""
    return curve_name(market, spec.currency or price_currency(market, spec.commodity), spec.curve)


def requirements(spec: CommodityOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return the forward prices around the delivery, the zero rates and the surface around the expiry.

    On the day of expiry only the prices matter, though the rest must be there.

    Raises
    ------
    InputError
        The option has expired (ST360), the market has no forward curve (ST363), or all of: it has no surface
        (ST361), there is no such curve (ST362), it is of another currency (ST372), a level lacks (ST357).
    """
    prices = price_curve(spec, market)
    expiry, delivery = times(spec, market.as_of)
    problems = ProblemList()
    currency = spec.currency or price_currency(market, spec.commodity)
    of_price = prices.keys_used([delivery])
    factors = list(of_price)
    curve = find_curve(market, currency, spec.curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [expiry])
    factors += find_surface_factors(market, spec.commodity, expiry, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors) if expiry > 0.0 else of_price)

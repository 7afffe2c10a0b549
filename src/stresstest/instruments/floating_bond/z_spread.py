"""The z-spread that a price implies, and overrides that give a bond a spread of its own."""

from __future__ import annotations

from datetime import date

from stresstest.conventions.floating_legs import ValuationDates
from stresstest.errors import InputError, Problem
from stresstest.instrument_type import Override, stated_override
from stresstest.instruments.floating_bond.requirements import bond_curves
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.instruments.floating_bond.terms import bond_flows, bond_rates, check_alive
from stresstest.kernels.exponential import exp
from stresstest.market.floating_lookups import FloatingRates, base_log_discount, base_log_growth
from stresstest.market.root_search import NoRootError
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.z_spreads import Payments


def solve_z_spread(
    spec: FloatingBondSpec, market: MarketSnapshot, valuation_date: date, clean_price: float
) -> float:
    """Return the spread, continuously compounded, over the bond's curve at which it has a clean price.

    Parameters
    ----------
    clean_price
        Per 100 of face, without accrued interest.

    Raises
    ------
    InputError
        No spread between −100 % and 10,000 % gives the price (ST373); the bond or curve is refused as by
        `requirements`.
    """
    curves = bond_curves(spec, market)
    rates = bond_rates(spec, curves, market, ValuationDates(valuation_date, None, valuation_date))
    check_alive(spec, rates.leg, valuation_date)
    flows = bond_flows(spec, rates, curves)
    growths = [base_log_growth(market, curves.projection, flow.part) for flow in flows]
    payments = Payments(
        [flow.years for flow in flows],
        [flow.known + (float(exp(growth)) - 1.0) for flow, growth in zip(flows, growths, strict=True)],
        [base_log_discount(market, curves.discount, flow.years) for flow in flows],
    )
    try:
        return payments.spread_at(clean_price / 100.0 + accrued_interest(spec, rates))
    except NoRootError:
        got = f"clean price {clean_price:g} of the bond of {spec.issuer} that matures on {spec.maturity}"
        raise InputError(
            [Problem("ST373", got, "a price that some z-spread gives", field="clean_price")]
        ) from None


def accrued_interest(spec: FloatingBondSpec, rates: FloatingRates) -> float:
    """Return the interest earned and not yet paid on the valuation date, for one unit of face."""
    today = rates.dates.valuation
    fraction = rates.leg.accrued_fraction(today)
    running = [period for period in rates.leg.unpaid(today) if period.start < today < period.end]
    if not running:
        return 0.0
    earned = float(exp(rates.part(running[0]).known_log)) - 1.0
    if rates.setting == "in_advance":
        earned *= fraction / running[0].year_fraction
    return earned + spec.margin * fraction


def override(
    spec: FloatingBondSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the bond with a credit spread of its own where its holder states a spread or a price.

    Raises
    ------
    InputError
        As `solve_z_spread` does.
    """
    return stated_override(
        spec, private_issuer, lambda price: solve_z_spread(spec, market, valuation_date, price)
    )

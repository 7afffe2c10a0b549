"""What a floating-rate bond depends on in a market."""

from __future__ import annotations

from stresstest.conventions.floating_legs import ValuationDates
from stresstest.errors import ProblemList
from stresstest.instrument_type import Requirements
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.instruments.floating_bond.terms import bond_flows, bond_rates, check_alive
from stresstest.market.floating_lookups import RateCurves, find_rate_curves
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, default_keys, find_issuer, nodes_used, spread_key
from stresstest.market.snapshot import MarketSnapshot


def bond_curves(spec: FloatingBondSpec, market: MarketSnapshot) -> RateCurves:
    """Return the curves that project and discount a bond; raise `InputError` where none fits."""
    problems = ProblemList()
    currency = spec.currency or find_issuer(market, spec.issuer).currency
    curves = find_rate_curves(market, currency, (spec.curve, spec.projection_curve), problems)
    problems.raise_if_any()
    if curves is None:
        raise ValueError(f"no curves for {spec!r}")
    return curves


def requirements(spec: FloatingBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates of projection and payments, and the issuer's credit spread.

    Where the market states a default state of the issuer, that and the recovery of the bond's seniority too.
    A sovereign has a spread where the market states one; everybody else must have one.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), the bond is repaid (ST370) or not yet issued (ST371), there is no such
        curve (ST362), it is of another currency (ST372), or a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    curves = bond_curves(spec, market)
    dates = ValuationDates(market.as_of, None, market.as_of)
    rates = bond_rates(spec, curves, market, dates)
    check_alive(spec, rates.leg, market.as_of)
    factors = list(_rate_factors(spec, curves, market))
    spread = spread_key(market, issuer)
    if spread is not None:
        factors.append(spread)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    problems = ProblemList()
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.currency or issuer.currency, tuple(factors))


def _rate_factors(
    spec: FloatingBondSpec, curves: RateCurves, market: MarketSnapshot
) -> tuple[RiskFactorKey, ...]:
    """Return the zero rates that move the value today.

    Without a spread one curve's rates telescope up to the margin: only payments with a known part count.
    """
    dates = ValuationDates(market.as_of, None, market.as_of)
    flows = bond_flows(spec, bond_rates(spec, curves, market, dates), curves)
    paid = [flow.years for flow in flows]
    ends = [flow.part.growth for flow in flows if flow.part.growth.start_years != flow.part.growth.end_years]
    projected = [years for ends_of in ends for years in (ends_of.start_years, ends_of.end_years) if years]
    if curves.projection.name == curves.discount.name:
        return nodes_used(curves.discount, [*paid, *projected])
    return (*nodes_used(curves.discount, paid), *nodes_used(curves.projection, projected))

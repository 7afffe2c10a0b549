"""The z-spread that a price implies, and overrides that give a bond a spread of its own."""

from __future__ import annotations

from datetime import date
from typing import Literal

from stresstest.errors import InputError, Problem, ProblemList
from stresstest.instrument_type import Override, stated_override
from stresstest.instruments.fixed_bond.requirements import discount_curve
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import accrued_interest, outstanding_face, remaining_flows
from stresstest.market.curves import zero_rate
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels
from stresstest.market.root_search import NoRootError
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.z_spreads import Payments


def solve_z_spread(
    spec: FixedBondSpec,
    market: MarketSnapshot,
    valuation_date: date,
    price: float,
    quote: Literal["clean", "dirty"] = "clean",
) -> float:
    """Return the spread, continuously compounded, over the bond's curve at which it is worth `price`.

    Parameters
    ----------
    price
        Per 100 of face outstanding; without accrued interest where `quote` is `clean`.

    Raises
    ------
    InputError
        No spread between −100 % and 10,000 % gives the price (ST373); the bond or curve is refused as by
        `requirements`, and a curve that lacks a level (ST357).
    """
    curve = discount_curve(spec, market)
    problems = ProblemList()
    check_levels(market, curve.keys(), problems)
    problems.raise_if_any()
    node_years = curve.years.tolist()
    rates = [market.levels[RiskFactorKey("zero_rate", curve.name, tenor)] for tenor in curve.tenors]
    flows = remaining_flows(spec, valuation_date)
    payments = Payments(
        [flow.years for flow in flows],
        [flow.amount for flow in flows],
        [-flow.years * zero_rate(node_years, rates, flow.years) for flow in flows],
    )
    dirty = price / 100.0 * outstanding_face(spec, valuation_date)
    if quote == "clean":
        dirty += accrued_interest(spec, valuation_date)
    try:
        return payments.spread_at(dirty)
    except NoRootError:
        got = f"{quote} price {price:g} of the bond of {spec.issuer} that matures on {spec.maturity}"
        raise InputError(
            [Problem("ST373", got, "a price that some z-spread gives", field="clean_price")]
        ) from None


def override(
    spec: FixedBondSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
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

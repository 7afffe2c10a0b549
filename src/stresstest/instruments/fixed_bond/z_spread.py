"""The z-spread that a price implies, and overrides that give a bond a spread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from stresstest.errors import InputError, Problem
from stresstest.instrument_type import Override
from stresstest.instruments.fixed_bond.requirements import discount_curve
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import accrued_interest, remaining_flows
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.curves import zero_rate
from stresstest.market.keys import RiskFactorKey
from stresstest.market.root_search import NoRootError, decreasing_root
from stresstest.market.snapshot import MarketSnapshot

# From a spread that doubles the face in a year to one that leaves nothing of it within a month.
_BOUNDS = (-1.0, 100.0)


class _Payments(NamedTuple):
    years: Sequence[float]
    amounts: Sequence[float]
    log_discounts: Sequence[float]

    def log_value_over(self, log_price: float, spread: float) -> tuple[float, float]:
        """Return ln(value ÷ price) and its slope in the spread: nearly a straight line, so Newton is fast."""
        value = slope = 0.0
        for years, amount, log_discount in zip(*self, strict=True):
            discounted = amount * float(exp(log_discount - years * spread))
            value += discounted
            slope -= years * discounted
        if value == 0.0:
            return float("-inf"), float("nan")
        return float(log(value)) - log_price, slope / value


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
        Per 100 of face; without accrued interest where `quote` is `clean`.

    Raises
    ------
    InputError
        No spread between −100 % and 10,000 % gives the price (ST373); the bond or curve is refused as by
        `requirements`.
    """
    curve = discount_curve(spec, market)
    node_years = curve.years.tolist()
    rates = [market.levels[RiskFactorKey("zero_rate", curve.name, tenor)] for tenor in curve.tenors]
    flows = remaining_flows(spec, valuation_date)
    payments = _Payments(
        [flow.years for flow in flows],
        [flow.amount for flow in flows],
        [-flow.years * zero_rate(node_years, rates, flow.years) for flow in flows],
    )
    dirty = price / 100.0 + (accrued_interest(spec, valuation_date) if quote == "clean" else 0.0)
    log_price = float(log(dirty))
    try:
        return decreasing_root(lambda spread: payments.log_value_over(log_price, spread), 0.0, _BOUNDS)
    except NoRootError:
        got = f"{quote} price {price:g} of the bond of {spec.issuer} that matures on {spec.maturity}"
        raise InputError([Problem("ST373", got, "a price that some z-spread gives")]) from None


def override(
    spec: FixedBondSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the bond with a credit spread of its own where its holder states a spread or a price.

    Raises
    ------
    InputError
        As `solve_z_spread` does.
    """
    if spec.clean_price is not None:
        spread = solve_z_spread(spec, market, valuation_date, spec.clean_price)
    elif spec.z_spread is not None:
        spread = spec.z_spread
    else:
        return None
    terms = spec.model_copy(update={"issuer": private_issuer, "z_spread": None, "clean_price": None})
    return Override(terms, {RiskFactorKey("credit_spread", private_issuer): spread})

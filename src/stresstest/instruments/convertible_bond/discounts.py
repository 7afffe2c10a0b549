"""Dates and payments of a convertible bond as they are discounted, with its multiple of the spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen
from stresstest.instrument_type import CompileContext
from stresstest.instruments.convertible_bond.requirements import discount_curve_name
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.kernels.dated_flows import DiscountColumns
from stresstest.market.dated_flows import DatedFlow, discount_columns
from stresstest.market.keys import RowOf
from stresstest.market.lookups import find_issuer, spread_key
from stresstest.market.snapshot import Curve


class RiskyTime(NamedTuple):
    """A time on a curve, and the multiple of the issuer's spread that discounts it."""

    curve: Curve
    years: float
    spread_factor: float


class Discounting(NamedTuple):
    """How a bond's payments are discounted: curve, and multiple of the issuer's spread, 0 without one."""

    curve: Curve
    spread_factor: float

    def time(self, years: float) -> RiskyTime:
        """Return a time as it is discounted."""
        return RiskyTime(self.curve, years, self.spread_factor)


def discounting(spec: ConvertibleBondSpec, context: CompileContext) -> Discounting:
    """Return how the payments of a bond are discounted."""
    market = context.market
    has_spread = spread_key(market, find_issuer(market, spec.issuer)) is not None
    return Discounting(market.curves[discount_curve_name(spec, market)], spec.spread_factor * has_spread)


def risky_columns(times: Sequence[RiskyTime], row_of: RowOf) -> DiscountColumns:
    """Return how times are discounted, in their order."""
    flows = [DatedFlow(time.curve, time.years, has_spread=True) for time in times]
    spread_years = frozen([time.spread_factor * time.years for time in times])
    return discount_columns(flows, row_of)._replace(spread_years=spread_years)

"""A commodity future against a market: what it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.commodity_future.columns import CommodityFutureColumns
from stresstest.instruments.commodity_future.spec import CommodityFutureSpec
from stresstest.kernels.lives import ALIVE
from stresstest.market.forward_lookups import base_forward_price, find_price_curve, price_currency
from stresstest.market.lookups import check_levels, check_listed, years_until
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: CommodityFutureSpec, market: MarketSnapshot) -> Requirements:
    """Return the forward prices around the expiry.

    Raises
    ------
    InputError
        The future has expired (ST360), the market has no forward curve of the commodity (ST363), or both
        of: no exchange lists it so far ahead (ST367), a level is missing (ST357).
    """
    problems = ProblemList()
    check_listed(spec.expiry, market.as_of, f"future on {spec.commodity}", problems)
    factors = _curve(spec, market).keys_used([_years(spec, market.as_of)])
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.currency or price_currency(market, spec.commodity), factors)


def compile_columns(specs: Sequence[CommodityFutureSpec], context: CompileContext) -> CommodityFutureColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a future that has expired is compiled as on its last day, for its settlement.

    Raises
    ------
    InputError
        A future expired before the valuation date (ST360), without a step before.
    """
    lives = [context.life(spec.expiry) for spec in specs]
    prices = [
        context.rows.forward_price(
            _curve(spec, context.market), _years(spec, context.valuation_date) if life == ALIVE else 0.0
        )
        for spec, life in zip(specs, lives, strict=True)
    ]
    return CommodityFutureColumns(
        entry_price=frozen([_entry_price(spec, context.market) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        price_row=frozen_int(prices),
        life=frozen_int(lives),
    )


def _entry_price(spec: CommodityFutureSpec, market: MarketSnapshot) -> float:
    """Return the price that gains are counted from: the stated one, or that of the market on its own date."""
    if spec.entry_price is not None:
        return spec.entry_price
    return base_forward_price(market, _curve(spec, market), _years(spec, market.as_of))


def _curve(spec: CommodityFutureSpec, market: MarketSnapshot) -> PriceCurve:
    return find_price_curve(market, ("commodity_forward", "power_price"), spec.commodity, "commodity")


def _years(spec: CommodityFutureSpec, today: date) -> float:
    return years_until(spec.expiry, today, f"future on {spec.commodity}", "expiry")

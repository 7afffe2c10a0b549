"""An equity future against a market: what it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.equity_future.columns import EquityFutureColumns
from stresstest.instruments.equity_future.spec import EquityFutureSpec
from stresstest.kernels.lives import ALIVE
from stresstest.market.forward_lookups import base_futures_price, share_forward_factors
from stresstest.market.lookups import check_listed, curve_name, find_issuer, years_until
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: EquityFutureSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield and the zero rates around the expiry.

    On the day of expiry only the spot matters, though the rest must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), the future has expired (ST360), or all of: no exchange
        lists it so far ahead (ST367), there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = _years(spec, market.as_of)
    problems = ProblemList()
    check_listed(spec.expiry, market.as_of, f"future on {spec.underlying}", problems)
    factors = share_forward_factors(market, spec.underlying, spec.curve, years, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, factors)


def compile_columns(specs: Sequence[EquityFutureSpec], context: CompileContext) -> EquityFutureColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a future that has expired is compiled as on its last day, for its settlement.

    Raises
    ------
    InputError
        A future expired before the valuation date (ST360), without a step before.
    """
    market, rows = context.market, context.rows
    lives = [context.life(spec.expiry) for spec in specs]
    years = [
        _years(spec, context.valuation_date) if life == ALIVE else 0.0
        for spec, life in zip(specs, lives, strict=True)
    ]
    curves = [curve_name(market, market.issuers[spec.underlying].currency, spec.curve) for spec in specs]
    return EquityFutureColumns(
        entry_price=frozen([_entry_price(spec, market) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        carry_spot_row=frozen_int(
            [rows.carry_spot(spec.underlying, time) for spec, time in zip(specs, years, strict=True)]
        ),
        discount_row=frozen_int(
            [rows.discount(curve, time) for curve, time in zip(curves, years, strict=True)]
        ),
        life=frozen_int(lives),
    )


def _entry_price(spec: EquityFutureSpec, market: MarketSnapshot) -> float:
    """Return the price that gains are counted from: the stated one, or that of the market on its own date."""
    if spec.entry_price is not None:
        return spec.entry_price
    name = curve_name(market, market.issuers[spec.underlying].currency, spec.curve)
    return base_futures_price(market, spec.underlying, market.curves[name], _years(spec, market.as_of))


def _years(spec: EquityFutureSpec, today: date) -> float:
    return years_until(spec.expiry, today, f"future on {spec.underlying}", "expiry")

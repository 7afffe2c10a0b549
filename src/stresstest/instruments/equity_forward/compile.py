"""An equity forward against a market: what it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.equity_forward.columns import EquityForwardColumns
from stresstest.instruments.equity_forward.spec import EquityForwardSpec
from stresstest.kernels.forwards import ForwardColumns
from stresstest.kernels.lives import ALIVE
from stresstest.market.forward_lookups import share_forward_factors
from stresstest.market.lookups import curve_name, find_issuer, years_until
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: EquityForwardSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield and the zero rates around the delivery.

    On the day of delivery only the spot matters, though the rest must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), it has been delivered (ST360), or all of: there is no such curve
        (ST362), it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = _years(spec, market.as_of)
    problems = ProblemList()
    factors = share_forward_factors(market, spec.underlying, spec.curve, years, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, factors)


def compile_columns(specs: Sequence[EquityForwardSpec], context: CompileContext) -> EquityForwardColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a forward that has been delivered is compiled as on that day, for its gain.

    Raises
    ------
    InputError
        A forward was delivered before the valuation date (ST360), without a step before.
    """
    market, rows = context.market, context.rows
    lives = [context.life(spec.delivery) for spec in specs]
    years = [
        _years(spec, context.valuation_date) if life == ALIVE else 0.0
        for spec, life in zip(specs, lives, strict=True)
    ]
    curves = [curve_name(market, market.issuers[spec.underlying].currency, spec.curve) for spec in specs]
    carried = [rows.carry_spot(spec.underlying, time) for spec, time in zip(specs, years, strict=True)]
    discounts = [rows.discount(curve, time) for curve, time in zip(curves, years, strict=True)]
    return EquityForwardColumns(
        ForwardColumns(
            price=frozen([spec.price for spec in specs]),
            carried_row=frozen_int(carried),
            discount_row=frozen_int(discounts),
            life=frozen_int(lives),
        )
    )


def _years(spec: EquityForwardSpec, today: date) -> float:
    return years_until(spec.delivery, today, f"forward on {spec.underlying}", "delivery")

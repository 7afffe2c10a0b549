"""A currency forward against a market: what it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.fx_forward.columns import FxForwardColumns
from stresstest.instruments.fx_forward.spec import FxForwardSpec
from stresstest.kernels.forwards import ForwardColumns
from stresstest.kernels.lives import ALIVE
from stresstest.market.forward_lookups import currency_curve_name, find_currency_curve, rate_factors
from stresstest.market.lookups import check_levels, nodes_used, years_until
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: FxForwardSpec, market: MarketSnapshot) -> Requirements:
    """Return the exchange rate and the zero rates of both currencies around the delivery.

    On the day of delivery only the exchange rate matters, though the rest must be there.

    Raises
    ------
    InputError
        It has been delivered (ST360), or all of: both currencies are one (ST364), the market cannot convert
        them (ST218), a currency has no curve (ST362) or one of another currency (ST372).
    """
    years = _years(spec, market.as_of)
    problems = ProblemList()
    rate = rate_factors(market, spec.pair, problems)
    factors = list(rate)
    sides = ((spec.pair[:3], spec.base_curve, "base_curve"), (spec.pair[3:], spec.quote_curve, "quote_curve"))
    for currency, stated, field in sides:
        curve = find_currency_curve(market, currency, stated, field, problems)
        if curve is not None:
            factors += nodes_used(curve, [years])
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(spec.pair[3:], tuple(factors) if years > 0.0 else rate)


def compile_columns(specs: Sequence[FxForwardSpec], context: CompileContext) -> FxForwardColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a forward that has been delivered is compiled as on that day, for its gain.

    Raises
    ------
    InputError
        A forward was delivered before the valuation date (ST360), without a step before.
    """
    lives = [context.life(spec.delivery) for spec in specs]
    years = [
        _years(spec, context.valuation_date) if life == ALIVE else 0.0
        for spec, life in zip(specs, lives, strict=True)
    ]
    return FxForwardColumns(
        ForwardColumns(
            price=frozen([spec.rate for spec in specs]),
            carried_row=frozen_int(
                [_carried_row(spec, time, context) for spec, time in zip(specs, years, strict=True)]
            ),
            discount_row=frozen_int(
                [_discount_row(spec, time, context) for spec, time in zip(specs, years, strict=True)]
            ),
            life=frozen_int(lives),
        )
    )


def _carried_row(spec: FxForwardSpec, years: float, context: CompileContext) -> int:
    """Return the row of today's worth, in quote currency, of one unit of base currency on delivery."""
    base, quote, rows = spec.pair[:3], spec.pair[3:], context.rows
    curve = currency_curve_name(context.market, base, spec.base_curve)
    return rows.product(rows.exchange_rate(base, quote), rows.discount(curve, years))


def _discount_row(spec: FxForwardSpec, years: float, context: CompileContext) -> int:
    curve = currency_curve_name(context.market, spec.pair[3:], spec.quote_curve)
    return context.rows.discount(curve, years)


def _years(spec: FxForwardSpec, today: date) -> float:
    return years_until(spec.delivery, today, f"currency forward on {spec.pair}", "delivery")

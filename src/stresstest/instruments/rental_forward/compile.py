"""GPU rental-rate forwards as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.instrument_type import CompileContext
from stresstest.instruments.rental_forward.columns import RentalForwardColumns, SettlementColumns
from stresstest.instruments.rental_forward.requirements import price_curve, settlements
from stresstest.instruments.rental_forward.spec import RentalForwardSpec
from stresstest.kernels.lives import SETTLED
from stresstest.market.lookups import curve_name, years_until


def compile_columns(specs: Sequence[RentalForwardSpec], context: CompileContext) -> RentalForwardColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a forward whose period is over has no settlements left, and is worth 0.

    Raises
    ------
    InputError
        A period is over before the valuation date (ST360), without a step before.
    """
    left = [_left(spec, context) for spec in specs]
    rows = [row for settlements_left in left for row in settlements_left]
    return RentalForwardColumns(
        offsets=offsets(map(len, left)),
        rate=frozen([spec.rate for spec in specs]),
        settlements=SettlementColumns(
            frozen([hours for hours, _, _ in rows]),
            frozen_int([price for _, price, _ in rows]),
            frozen_int([discount for _, _, discount in rows]),
        ),
        due_hours=frozen([_due_hours(spec, context) for spec in specs]),
        due_price_row=frozen_int(
            [context.rows.forward_price(price_curve(spec, context.market), 0.0) for spec in specs]
        ),
    )


def _left(spec: RentalForwardSpec, context: CompileContext) -> list[tuple[float, int, int]]:
    """Return hours, price row and discount row of each settlement on or after the valuation date."""
    market, rows, today = context.market, context.rows, context.valuation_date
    if context.previous_date is None:
        years_until(spec.end, today, f"rental forward on {spec.gpu}", "end")
    prices = price_curve(spec, market)
    curve = curve_name(market, spec.currency or market.currency, spec.curve)
    found = []
    for day, hours in settlements(spec):
        if day >= today:
            years = (day - today).days / 365
            found.append((hours, rows.forward_price(prices, years), rows.discount(curve, years)))
    return found


def _due_hours(spec: RentalForwardSpec, context: CompileContext) -> float:
    """Return the hours whose settlement day has been left behind since the step before."""
    return fsum(hours for day, hours in settlements(spec) if context.life(day) == SETTLED)

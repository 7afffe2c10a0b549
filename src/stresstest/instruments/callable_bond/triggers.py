"""What may flip in a bond with rights of redemption: whether its next call, and its next put, pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.day_counts import act_365f_years
from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.callable_bond.columns import NO_ROW, RightColumns
from stresstest.instruments.callable_bond.requirements import discount_curve
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import (
    CALL,
    PUT,
    Right,
    claims_of,
    flows_after,
    rights_between,
)
from stresstest.kernels.gauges import Gauges
from stresstest.market.lookups import find_issuer, spread_key


def compile_rights(specs: Sequence[CallableBondSpec], context: CompileContext) -> Gauges:
    """Return the gauges of the next call and the next put of each bond.

    They compare prices as if no later right were there, as the market speaks of calls in the money.
    """
    places, kinds, details, columns = [], [], [], []
    for place, spec in enumerate(specs):
        for right in _next_rights(spec, context):
            places.append(place)
            kinds.append(0 if right.sign == CALL else 1)
            word = "call" if right.sign == CALL else "put"
            details.append(f"{word} of {right.redemption} at {100.0 * right.price:.6g}")
            columns.append(_columns(spec, right, context))
    return Gauges(frozen_int(places), frozen_int(kinds), tuple(details), tuple(columns))


def _next_rights(spec: CallableBondSpec, context: CompileContext) -> Iterator[Right]:
    if not flows_after(spec, context.valuation_date):
        return
    rights = rights_between(spec, context.valuation_date, spec.maturity)
    for sign in (CALL, PUT):
        own = [right for right in rights if right.sign == sign]
        yield from own[:1]


def _columns(spec: CallableBondSpec, right: Right, context: CompileContext) -> RightColumns:
    curve = discount_curve(spec, context.market).name
    kept = [(flow.payment_date, flow.amount) for flow in flows_after(spec, right.decision)]
    used = [(flow.payment_date, -flow.amount) for flow in claims_of(spec, right)]
    years = [act_365f_years(context.valuation_date, day) for day, _ in (*kept, *used)]
    spread = spread_key(context.market, find_issuer(context.market, spec.issuer))
    return RightColumns(
        frozen([right.sign * amount for _, amount in (*kept, *used)]),
        frozen(years),
        frozen_int([context.rows.discount(curve, time) for time in years]),
        NO_ROW if spread is None else context.rows.factor(spread),
    )


TRIGGERS = (
    Triggers(
        (
            Trigger(
                "call", "has its next call in the money", "has its next call out of the money", bends=False
            ),
            Trigger("put", "has its next put in the money", "has its next put out of the money", bends=False),
        ),
        compile_rights,
        "rights:measure_rights",
    ),
)

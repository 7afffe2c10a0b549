"""Rights that could be exercised since the step before, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.instrument_type import CompileContext
from stresstest.instruments.convertible_bond.columns import ElapsedColumns
from stresstest.instruments.convertible_bond.discounts import RiskyTime, discounting, risky_columns
from stresstest.instruments.convertible_bond.lattice import NO_CALL
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import (
    call_windows,
    has_share,
    last_conversion,
    leg_of,
    paid_between,
    put_amount,
)


class ElapsedRight(NamedTuple):
    """A right on a day that has passed; prices are dirty, for one unit of face."""

    day: date
    call_price: float = NO_CALL
    call_trigger: float = 0.0
    put_price: float = 0.0
    converts: bool = False


class _Row(NamedTuple):
    """Row of `ElapsedColumns`."""

    right: ElapsedRight
    paid_before: float
    paid_after: float
    wait: RiskyTime


def elapsed_rights(spec: ConvertibleBondSpec, first: date, before: date) -> list[ElapsedRight]:
    """Return the rights from `first` on and before `before`, by day.

    Of a call that lasts, the first of its days that lies between; of the right to convert, the last.
    """
    found = []
    for window in call_windows(spec):
        day = max(window.first, first)
        if day <= window.last and day < before:
            price = window.price + leg_of(spec, day).accrued_interest(day)
            found.append(ElapsedRight(day, price, window.trigger))
    found += [
        ElapsedRight(put.date, put_price=put_amount(spec, put.date, put.price))
        for put in spec.puts
        if first <= put.date < before
    ]
    if has_share(spec, first) and first <= last_conversion(spec) < before:
        found.append(ElapsedRight(last_conversion(spec), converts=True))
    return sorted(found, key=lambda right: right.day)


def elapsed_columns(specs: Sequence[ConvertibleBondSpec], context: CompileContext) -> ElapsedColumns:
    """Return the rights whose day lies from the step before to the valuation date."""
    found = [_rows(spec, context) for spec in specs]
    rows = [row for own in found for row in own]
    rights = [row.right for row in rows]
    return ElapsedColumns(
        offsets=offsets(len(own) for own in found),
        call_price=frozen([right.call_price for right in rights]),
        call_trigger=frozen([right.call_trigger for right in rights]),
        put_price=frozen([right.put_price for right in rights]),
        converts=frozen_int([right.converts for right in rights]),
        paid_before=frozen([row.paid_before for row in rows]),
        paid_after=frozen([row.paid_after for row in rows]),
        wait=risky_columns([row.wait for row in rows], context.rows.factor),
    )


def _rows(spec: ConvertibleBondSpec, context: CompileContext) -> list[_Row]:
    before, today = context.previous_date, context.valuation_date
    if before is None:
        return []
    rights, discount = elapsed_rights(spec, before, today), discounting(spec, context)
    days = [*(_last_paid(right) for right in rights), today]
    return [
        _Row(
            right,
            paid_between(spec, before, own),
            paid_between(spec, own, following),
            discount.time(act_365f_years(own, following)),
        )
        for right, (own, following) in zip(rights, pairwise(days), strict=True)
    ]


def _last_paid(right: ElapsedRight) -> date:
    """Return the last day whose payments its holder keeps: who converts gives up those of the day."""
    return right.day - timedelta(days=1) if right.converts else right.day

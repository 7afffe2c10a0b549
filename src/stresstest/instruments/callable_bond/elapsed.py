"""Rights that could be exercised since the step before, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from stresstest.arrays import frozen, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.instrument_type import CompileContext
from stresstest.instruments.callable_bond.columns import ElapsedColumns
from stresstest.instruments.callable_bond.lattice_columns import ClaimRow, claim_columns
from stresstest.instruments.callable_bond.requirements import discount_curve
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import (
    Right,
    claims_of,
    coupons_between,
    paid_between,
    rights_between,
)
from stresstest.market.dated_flows import DatedFlow, discount_columns
from stresstest.market.lookups import find_issuer, spread_key
from stresstest.market.snapshot import Curve


class _Elapsed(NamedTuple):
    """Row of `ElapsedColumns`."""

    sign: float
    claims: list[ClaimRow]
    paid_before: float
    paid_after: float
    wait: DatedFlow


class _Bond(NamedTuple):
    """A bond, the step before, and how its payments are discounted."""

    spec: CallableBondSpec
    before: date
    curve: Curve
    has_spread: bool

    def flow(self, start: date, end: date) -> DatedFlow:
        """Return a payment on one day as another sees it."""
        return DatedFlow(self.curve, act_365f_years(start, end), self.has_spread)

    def row(self, right: Right, following: date) -> _Elapsed:
        """Return a right that has passed, with the day of the next right or of valuation."""
        spec, day = self.spec, right.decision
        claims = [
            ClaimRow(flow.amount, 0.0, 0.0, self.flow(day, flow.payment_date))
            for flow in claims_of(spec, right)
        ]
        paid_before, paid_after = coupons_between(spec, self.before, day), paid_between(spec, day, following)
        return _Elapsed(right.sign, claims, paid_before, paid_after, self.flow(day, following))


def elapsed_columns(specs: Sequence[CallableBondSpec], context: CompileContext) -> ElapsedColumns:
    """Return the rights whose day of decision lies from the step before to the valuation date."""
    found = [_rows(spec, context) for spec in specs]
    rows = [row for own in found for row in own]
    return ElapsedColumns(
        offsets=offsets(len(own) for own in found),
        sign=frozen([row.sign for row in rows]),
        claim_offsets=offsets(len(row.claims) for row in rows),
        claims=claim_columns([claim for row in rows for claim in row.claims], context.rows.factor),
        paid_before=frozen([row.paid_before for row in rows]),
        paid_after=frozen([row.paid_after for row in rows]),
        wait=discount_columns([row.wait for row in rows], context.rows.factor),
    )


def _rows(spec: CallableBondSpec, context: CompileContext) -> list[_Elapsed]:
    before, today = context.previous_date, context.valuation_date
    if before is None:
        return []
    rights = rights_between(spec, before, today)
    days = [*(right.decision for right in rights), today]
    has_spread = spread_key(context.market, find_issuer(context.market, spec.issuer)) is not None
    bond = _Bond(spec, before, discount_curve(spec, context.market), has_spread)
    return [bond.row(right, following) for right, (_, following) in zip(rights, pairwise(days), strict=True)]

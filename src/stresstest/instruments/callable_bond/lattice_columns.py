"""Dates of lattices as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.instruments.callable_bond.lattice import (
    LatticeDate,
    LatticeRight,
    NodeRow,
    node_table,
    stretch,
)
from stresstest.kernels.short_rate_lattice import ClaimColumns, ExerciseColumns, LatticeColumns, TimeColumns
from stresstest.market.dated_flows import DatedFlow, discount_columns
from stresstest.market.keys import RowOf
from stresstest.market.snapshot import Curve


class LatticeTerms(NamedTuple):
    """One lattice: its dates, none where nothing is left to pay, mean reversion, curve, spread or none."""

    dates: Sequence[LatticeDate]
    mean_reversion: float
    curve: Curve
    has_spread: bool

    def flow(self, years: float) -> DatedFlow:
        """Return a payment at a time, as it is discounted."""
        return DatedFlow(self.curve, years, self.has_spread)


class ClaimRow(NamedTuple):
    """Row of `ClaimColumns`."""

    amount: float
    stretch: float
    convexity: float
    flow: DatedFlow


def lattice_columns(lattices: Sequence[LatticeTerms], row_of: RowOf) -> LatticeColumns:
    """Return the columns of lattices, in their order."""
    nodes = [row for lattice in lattices for row in _nodes(lattice)]
    dated = [(lattice, day) for lattice in lattices for day in lattice.dates]
    rights = [(lattice, day, right) for lattice, day in dated for right in day.rights]
    times = TimeColumns(
        amount=frozen([day.amount for _, day in dated]),
        step_years=frozen([row.step_years for row in nodes]),
        decay=frozen([row.decay for row in nodes]),
        spacing=frozen([row.spacing for row in nodes]),
        std_dev=frozen([row.std_dev for row in nodes]),
        reach=frozen_int([row.reach for row in nodes]),
        discount=discount_columns([_payment(lattice, day) for lattice, day in dated], row_of),
        exercise_offsets=offsets(len(day.rights) for _, day in dated),
    )
    exercises = ExerciseColumns(
        sign=frozen([right.sign for _, _, right in rights]),
        claim_offsets=offsets(len(right.claims) for _, _, right in rights),
    )
    claims = claim_columns([row for found in rights for row in _claim_rows(*found)], row_of)
    return LatticeColumns(offsets(len(lattice.dates) for lattice in lattices), times, exercises, claims)


def claim_columns(rows: Sequence[ClaimRow], row_of: RowOf) -> ClaimColumns:
    """Return the columns of what exercises leave their holders."""
    return ClaimColumns(
        amount=frozen([row.amount for row in rows]),
        stretch=frozen([row.stretch for row in rows]),
        convexity=frozen([row.convexity for row in rows]),
        discount=discount_columns([row.flow for row in rows], row_of),
    )


def _nodes(lattice: LatticeTerms) -> list[NodeRow]:
    """Return the nodes of each date; one node a date where no right is left to be valued."""
    rows = node_table([day.years for day in lattice.dates], lattice.mean_reversion)
    if any(day.rights for day in lattice.dates):
        return rows
    return [row._replace(reach=0) for row in rows]


def _payment(lattice: LatticeTerms, day: LatticeDate) -> DatedFlow:
    """Return how a date discounts; one without a payment, which nothing reads, as the last date does."""
    return lattice.flow(day.years if day.amount != 0.0 else lattice.dates[-1].years)


def _claim_rows(lattice: LatticeTerms, day: LatticeDate, right: LatticeRight) -> list[ClaimRow]:
    reversion = lattice.mean_reversion
    own, variance = stretch(reversion, day.years), stretch(2.0 * reversion, day.years)
    rows = []
    for claim in right.claims:
        notice = stretch(reversion, claim.years - day.years)
        convexity = 0.5 * notice * (own * own + notice * variance)
        rows.append(ClaimRow(claim.amount, notice, convexity, lattice.flow(claim.years)))
    return rows

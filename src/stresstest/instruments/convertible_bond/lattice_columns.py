"""Dates, payments and rights of laid-out lattices as the columns that the kernel reads."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.instruments.convertible_bond.lattice import CallDay, Event, LatticeStep
from stresstest.kernels.convertible_columns import NO_CALL, CallDayColumns, EventColumns, StepColumns


class Laid(NamedTuple):
    """Dates of one lattice, knots of its curve in years, the first 0, and its multiple of the spread."""

    steps: Sequence[LatticeStep]
    knots: Sequence[float]
    spread_factor: float


class _Place(NamedTuple):
    """Knots around a time, and the weight of the later."""

    left: int
    right: int
    weight: float

    @classmethod
    def of(cls, years: float, knots: Sequence[float]) -> _Place:
        right = bisect_left(knots, years)
        if knots[right] == years:
            return cls(right, right, 0.0)
        start, end = knots[right - 1], knots[right]
        return cls(right - 1, right, (years - start) / (end - start))


def step_columns(lattices: Sequence[Laid]) -> StepColumns:
    """Return the dates of lattices, one lattice after the other."""
    dated = [(laid, step) for laid in lattices for step in laid.steps]
    places = [_Place.of(step.years, laid.knots) for laid, step in dated]
    starts = offsets(len(step.late) + len(step.due) for _, step in dated)
    due_from = [start + len(step.late) for start, (_, step) in zip(starts[:-1], dated, strict=True)]
    return StepColumns(
        years=frozen([step.years for _, step in dated]),
        spread_years=frozen([laid.spread_factor * step.years for laid, step in dated]),
        left=frozen_int([place.left for place in places]),
        right=frozen_int([place.right for place in places]),
        weight=frozen([place.weight for place in places]),
        converts=frozen_int([step.converts for _, step in dated]),
        call_price=frozen([step.call_price for _, step in dated]),
        call_trigger=frozen([step.call_trigger for _, step in dated]),
        call_day=frozen_int(_numbers(step.call_day is not None for _, step in dated)),
        event_offsets=starts,
        due_from=frozen_int(due_from),
    )


def event_columns(lattices: Sequence[Laid]) -> EventColumns:
    """Return coupons and puts of lattices, in the order of their dates."""
    found: list[tuple[Laid, Event]] = [
        (laid, event) for laid in lattices for step in laid.steps for event in (*step.late, *step.due)
    ]
    return EventColumns(
        amount=frozen([event.amount for _, event in found]),
        is_put=frozen_int([event.is_put for _, event in found]),
        knot=frozen_int([_Place.of(event.years, laid.knots).left for laid, event in found]),
        spread_years=frozen([laid.spread_factor * event.years for laid, event in found]),
    )


def call_day_columns(lattices: Sequence[Laid]) -> CallDayColumns:
    """Return the first and last days of calls, in the order of their dates."""
    found: list[tuple[Laid, LatticeStep, CallDay]] = [
        (laid, step, step.call_day) for laid in lattices for step in laid.steps if step.call_day is not None
    ]
    return CallDayColumns(
        price=frozen([call.price for _, _, call in found]),
        trigger=frozen([call.trigger for _, _, call in found]),
        lasts=frozen_int([call.lasts for _, _, call in found]),
        part=frozen([call.part for _, _, call in found]),
        years=frozen([call.years for _, _, call in found]),
        knot=frozen_int([_Place.of(call.years, laid.knots).left for laid, _, call in found]),
        spread_years=frozen([laid.spread_factor * call.years for laid, _, call in found]),
        n_after=frozen_int([sum(event.years > call.years for event in step.late) for _, step, call in found]),
    )


def _numbers(are: Iterable[bool]) -> list[int]:
    """Return for each of those that are its number among them, from 0, and −1 for the others."""
    found, count = [], 0
    for is_one in are:
        found.append(count if is_one else NO_CALL)
        count += is_one
    return found

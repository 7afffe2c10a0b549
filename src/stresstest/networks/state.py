"""Where a network stands in every column: what has been lost, cut and not paid so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray

_PARTS = ("purchases_cut", "revenue_fall", "funding", "expected", "paid", "failed", "doubt")
_ABSENT = {"losses": 0.0, "prices": 1.0, "reported": np.nan}
"""What holds in columns that know nothing of a cause, a generation or a report that others have."""

CHIPS_SOLD = "chips_sold"
"""Reported: the part of pledged chips that lenders sell."""

DIRECT = "direct"
"""Cause of losses that lines state."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Arrays `(n_columns, n_firms)`; column 0 is the network without a shock.

    Attributes
    ----------
    losses
        Money that each firm's business has lost, by what took it: `direct` or a mechanism. At least 0.
    purchases_cut
        Part of its purchases from firms of the network that a firm has cut, in [0, 1].
    order_cuts
        `(n_columns, n_orders)` part that is cancelled of each order of `orders_of`, in [0, 1].
    revenue_fall
        Part of its revenue that a firm has lost, in [0, 1].
    funding
        Part of the new money that it counts on which arrives, in [0, 1].
    expected, paid
        What one unit of its debt is worth by expectation, and what is paid on it, in [0, 1].
    failed, month
        1 where it has run out of money, and the month of that; NaN where it has not.
    doubt
        Probability that its money ends, beyond that without a shock, in [0, 1]; 1 where it has.
    stakes_marked
        Whether stakes are valued at what the firms are worth now, or as before the shock.
    prices
        By generation of chips `(n_columns,)`: rental price over its base.
    reported
        What mechanisms tell beside: by name, `(n_columns, n_firms)` or `(n_columns,)`.
    """

    losses: Mapping[str, FloatArray]
    purchases_cut: FloatArray
    order_cuts: FloatArray
    revenue_fall: FloatArray
    funding: FloatArray
    expected: FloatArray
    paid: FloatArray
    failed: FloatArray
    month: FloatArray
    doubt: FloatArray
    stakes_marked: bool = False
    prices: Mapping[str, FloatArray] = field(default_factory=dict)
    reported: Mapping[str, FloatArray] = field(default_factory=dict)

    @classmethod
    def unshocked(cls, n_columns: int, n_firms: int, n_orders: int) -> State:
        """Return that nothing has happened."""
        shape = n_columns, n_firms
        return cls(
            losses={},
            purchases_cut=np.zeros(shape),
            order_cuts=np.zeros((n_columns, n_orders)),
            revenue_fall=np.zeros(shape),
            funding=np.ones(shape),
            expected=np.ones(shape),
            paid=np.ones(shape),
            failed=np.zeros(shape),
            month=np.full(shape, np.nan),
            doubt=np.zeros(shape),
        )

    @classmethod
    def joined(cls, pieces: Sequence[State]) -> State:
        """Return the columns of the pieces, all of one network, after each other."""
        return cls(**dict(_field_by_field(pieces, np.concatenate)), stakes_marked=pieces[0].stakes_marked)

    @property
    def n_columns(self) -> int:
        """Number of columns, the unshocked one included."""
        return len(self.paid)

    @property
    def total_loss(self) -> FloatArray:
        """Money that each business has lost to everything."""
        total = np.zeros(self.paid.shape)
        for loss in self.losses.values():
            total += loss
        return total

    def with_loss(self, cause: str, loss: FloatArray) -> Mapping[str, FloatArray]:
        """Return the losses with that of a cause in place of what it was."""
        return {**self.losses, cause: loss}

    def columns(self, chosen: IntArray | slice) -> State:
        """Return some columns, as arrays of their own or, of a slice, as views."""
        return replace(self, **dict(_field_by_field([self], lambda arrays: arrays[0][chosen])))

    def with_columns(self, chosen: IntArray, part: State, places: IntArray, before: State) -> State:
        """Return this state with those of `part` at `places` as its columns `chosen`; they were `before`."""

        def put(arrays: Sequence[FloatArray]) -> FloatArray:
            whole, new, old = arrays
            if new is old:
                return whole
            whole = whole.copy()
            whole[chosen] = new[places]
            return whole

        found = dict(_field_by_field([self, part, before], put))
        return replace(self, **found, stakes_marked=part.stakes_marked)

    def distance(self, other: State, scale: FloatArray) -> FloatArray:
        """Return `(n_columns,)` the largest difference: of losses over `scale` `(n_firms,)`, else of parts.

        NaN where one of them has become NaN; months are not compared, as they follow from what is.
        """
        largest = np.zeros(self.n_columns)
        for difference in self._differences(other, scale):
            np.maximum(largest, np.max(np.abs(difference), axis=1, initial=0.0), out=largest)
        if self.order_cuts is not other.order_cuts:
            cuts = np.abs(self.order_cuts - other.order_cuts)
            np.maximum(largest, np.max(cuts, axis=1, initial=0.0), out=largest)
        for name, price in self.prices.items():
            np.maximum(largest, np.abs(price - other.prices.get(name, 1.0)), out=largest)
        return largest

    def stirred(self, other: State, scale: FloatArray, tolerance: float) -> BoolArray:
        """Return `(n_columns, n_firms)` whether a firm differs by more than the tolerance, or is NaN."""
        found = np.zeros(self.paid.shape, dtype=np.bool_)
        for difference in self._differences(other, scale):
            found |= ~(np.abs(difference) <= tolerance)
        return found

    def _differences(self, other: State, scale: FloatArray) -> Iterator[FloatArray]:
        """Yield differences `(n_columns, n_firms)` of all arrays that are not the same object."""
        zero = np.zeros((1, 1))
        lost = [
            self.losses.get(cause, zero) - other.losses.get(cause, zero)
            for cause in {**self.losses, **other.losses}
            if self.losses.get(cause) is not other.losses.get(cause)
        ]
        if lost:
            yield sum(lost[1:], lost[0]) / scale
        for name in _PARTS:
            new, old = getattr(self, name), getattr(other, name)
            if new is not old:
                yield new - old


def _field_by_field(
    states: Sequence[State], combine: Callable[[Sequence[FloatArray]], FloatArray]
) -> Iterator[tuple[str, Any]]:
    """Yield each field of arrays by name, with the states' arrays combined."""
    for name in (item.name for item in fields(State)):
        found = [getattr(state, name) for state in states]
        if name in _ABSENT:
            keys = dict.fromkeys(key for mapping in found for key in mapping)
            lengths = [state.n_columns for state in states]
            yield (
                name,
                {
                    key: combine(_filled([item.get(key) for item in found], lengths, _ABSENT[name]))
                    for key in keys
                },
            )
        elif not isinstance(found[0], bool):
            yield name, combine(found)


def _filled(found: Sequence[FloatArray | None], lengths: Sequence[int], absent: float) -> list[FloatArray]:
    """Return arrays of so many columns, with `absent` throughout in place of those that are missing."""
    known = next(array for array in found if array is not None)
    return [
        np.full((length, *known.shape[1:]), absent) if array is None else array
        for array, length in zip(found, lengths, strict=True)
    ]

"""Where a network stands in every column: what has been lost, cut and not paid so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from stresstest.arrays import FloatArray

_ABSENT = 0.0


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
    stakes_marked
        Whether stakes are valued at what the firms are worth now, or as before the shock.
    prices
        By generation of chips `(n_columns,)`: rental price over its base.
    reported
        What mechanisms tell beside: by name, `(n_columns, n_firms)`.
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
        )

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

    def distance(self, other: State, scale: FloatArray) -> FloatArray:
        """Return `(n_columns,)` the largest difference: of losses over `scale` `(n_firms,)`, of parts as such.

        Bits of NaN, the months of firms that have not failed, are alike.
        """
        parts = [
            (self.total_loss - other.total_loss) / scale,
            self.purchases_cut - other.purchases_cut,
            self.revenue_fall - other.revenue_fall,
            self.funding - other.funding,
            self.expected - other.expected,
            self.paid - other.paid,
            self.failed - other.failed,
        ]
        largest = np.max(np.abs(np.stack(parts)), axis=(0, 2))
        cuts = np.abs(self.order_cuts - other.order_cuts)
        np.maximum(largest, np.max(cuts, axis=1, initial=0.0), out=largest)
        for name, price in self.prices.items():
            np.maximum(largest, np.abs(price - other.prices.get(name, _ABSENT)), out=largest)
        return largest

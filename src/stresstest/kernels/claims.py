"""What firms owe and own of one another, as clearing reads it."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray

SOLVENCY_TOLERANCE = 1e-12
"""A firm that lacks no more than this part of its obligations is solvent: it is rounding that it lacks."""


class Claims(NamedTuple):
    """Who owns what of whom; firm i's claims are those from `claim_offsets[i]` to `claim_offsets[i + 1]`.

    Attributes
    ----------
    obligations
        `(n_firms,)` money that each owes in all, at least 0.
    claim_offsets, claim_debtors, claim_shares
        `(n_firms + 1,)`, `(n_claims,)`, `(n_claims,)`: share of the debtor's obligations owed to the owner.
        Those of one debtor add up to at most 1; the rest is owed to others than these firms.
    stake_offsets, stake_firms, stake_shares
        The same of equity: share of the firm that the owner holds. Those of one firm add up to under 1.
    """

    obligations: FloatArray
    claim_offsets: IntArray
    claim_debtors: IntArray
    claim_shares: FloatArray
    stake_offsets: IntArray
    stake_firms: IntArray
    stake_shares: FloatArray


class Means(NamedTuple):
    """What firms have to pay with.

    Attributes
    ----------
    external
        `(n_columns, n_firms)` money outside these firms.
    most_paid
        `(n_columns, n_firms)`, or one row for all columns: money beyond which a firm's debts are not paid
        whatever it owns, as where pledged collateral alone answers for them.
    """

    external: FloatArray
    most_paid: FloatArray


class DefaultCosts(NamedTuple):
    """Parts in [0, 1] of external assets (α), and of claims and stakes (β), that a firm in default brings."""

    external: float
    internal: float


class Cleared(NamedTuple):
    """A solution, each `(n_columns, n_firms)`.

    Attributes
    ----------
    payments, equity
        Money.
    defaulted
        1.0 where a firm does not pay in full, else 0.0.
    """

    payments: FloatArray
    equity: FloatArray
    defaulted: FloatArray


class Lanes(NamedTuple):
    """Columns that are being solved side by side, one a lane; arrays `(n_firms, n_lanes)`, written in place.

    Attributes
    ----------
    external, most_paid, payments, equity, defaulted
        As in `Means` and `Cleared`, firms first.
    owned
        `(n_lanes,)` scratch: claims and stakes of one firm.
    moved, switched
        `(n_lanes,)`: 1.0 where the last sweep changed a value, and where it changed who is in default.
    """

    external: FloatArray
    most_paid: FloatArray
    payments: FloatArray
    equity: FloatArray
    defaulted: FloatArray
    owned: FloatArray
    moved: FloatArray
    switched: FloatArray

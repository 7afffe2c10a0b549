"""Columns of leases."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray

DEFAULTED, N_STATE = 0, 1
"""State of a path: 0 while the lessee pays, 1 + years since its default afterwards."""


class RentColumns(NamedTuple):
    """Payments of all leases, lease after lease; each array `(n_payments,)`.

    Attributes
    ----------
    amount
        Expected payment.
    begins_years
        Time to the first day of its stretch, far back for the term: a later default ends it no more.
    years
        Time to the payment in years of 365 days; of one that is over, minus the time since.
    discount_row
        Row in `market.derived` of the discount factor.
    price_row
        Row in `market.derived` of what the rent after a default follows, at the payment.
    """

    amount: FloatArray
    begins_years: FloatArray
    years: FloatArray
    discount_row: IntArray
    price_row: IntArray


class GuaranteeColumns(NamedTuple):
    """Guarantees at each day that a lease may end on; each array `(n_endings,)`.

    Attributes
    ----------
    chance, reached
        Of that end, and of the stretch before it: with a default no renewal follows.
    begins_years
        As of payments.
    guaranteed, asset, cap
        Money: what is guaranteed, the asset by age alone, the most that is paid.
    std_dev
        Volatility of the asset × √years; 0 where a guarantee counts at intrinsic value, or is due.
    years, discount_row, price_row
        As of payments.
    """

    chance: FloatArray
    reached: FloatArray
    begins_years: FloatArray
    guaranteed: FloatArray
    asset: FloatArray
    cap: FloatArray
    std_dev: FloatArray
    years: FloatArray
    discount_row: IntArray
    price_row: IntArray


class LeaseColumns(NamedTuple):
    """Compiled leases; arrays `(n_instruments,)`, offsets `(n_instruments + 1,)`.

    Attributes
    ----------
    sign
        1 for a lessor, −1 for a lessee.
    offsets, end_offsets
        Lease i has the payments and ends from `offsets[i]` to `offsets[i + 1]`.
    paid_offsets, paid_end_offsets
        And since the step before those of these; they lie behind all that are to come.
    rents, guarantees
        As above.
    spread_row
        Row in `market.factors` of the lessee's credit spread, `NO_ROW` without one.
    spot_row
        Row in `market.factors` of the spot that the asset follows; `NO_ROW` where it follows rows of prices.
    price_scale
        One over the level today of what the asset follows.
    reletting, vacancy_years
        Part of the rent that the next tenant pays, and from when.
    default_row, recovery_row
        Rows in `market.factors`, `NO_ROW` where the market states none.
    gap_years
        Time since the step before.
    """

    sign: FloatArray
    offsets: IntArray
    end_offsets: IntArray
    paid_offsets: IntArray
    paid_end_offsets: IntArray
    rents: RentColumns
    guarantees: GuaranteeColumns
    spread_row: IntArray
    spot_row: IntArray
    price_scale: FloatArray
    reletting: FloatArray
    vacancy_years: FloatArray
    default_row: IntArray
    recovery_row: IntArray
    gap_years: FloatArray

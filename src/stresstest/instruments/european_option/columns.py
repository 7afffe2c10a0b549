"""Columns of European options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray

ALIVE, SETTLED, GONE = 0, 1, 2


class ContractColumns(NamedTuple):
    """Terms and the derived rows that they read; each array `(n_instruments,)`.

    Attributes
    ----------
    sign
        1 for a call, −1 for a put.
    strike, log_strike
        Strike in the underlying's currency and its natural log.
    multiplier
        Shares a contract.
    sqrt_years
        √T of the time to expiry.
    carry_spot_row, discount_row, log_forward_row
        Rows in `market.derived` of S·e^{−qT}, D(T) and ln F(T).
    life
        `ALIVE`; `SETTLED`: expired since the step before, pays its intrinsic value; `GONE`: before that.
    """

    sign: FloatArray
    strike: FloatArray
    log_strike: FloatArray
    multiplier: FloatArray
    sqrt_years: FloatArray
    carry_spot_row: IntArray
    discount_row: IntArray
    log_forward_row: IntArray
    life: IntArray


class PillarColumns(NamedTuple):
    """One expiry pillar of each option's surface; each array `(n_instruments,)`.

    Attributes
    ----------
    vol_row, skew_row, curvature_row
        Rows in `market.factors` of a, b, c in vol = a + b·x + c·x².
    inverse_sqrt_years
        1/√T of the pillar's time, which turns ln(K/F) into x.
    weight_years
        Share of the pillar's variance in the option's: (1 − λ)·T₁ or λ·T₂.
    """

    vol_row: IntArray
    skew_row: IntArray
    curvature_row: IntArray
    inverse_sqrt_years: FloatArray
    weight_years: FloatArray


class SmileColumns(NamedTuple):
    """Surfaces of the underlyings; each array `(n_instruments,)`.

    Attributes
    ----------
    is_flat
        1 where no moneyness matters and one pillar's vol is the option's.
    lower, upper
        Limits of x.
    log_forward_row
        Row in `market.derived` of the log forward that moneyness is measured from.
    near, far
        The pillars around the expiry; outside the pillars the nearest one with its whole weight on `near`.
    """

    is_flat: IntArray
    lower: FloatArray
    upper: FloatArray
    log_forward_row: IntArray
    near: PillarColumns
    far: PillarColumns


class EuropeanOptionColumns(NamedTuple):
    """Compiled European options: contracts and their surfaces."""

    contract: ContractColumns
    smile: SmileColumns

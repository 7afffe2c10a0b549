"""Columns of stakes in private companies."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray

LAST_ROUND, COMPARABLE, MULTIPLE = 0, 1, 2
"""What the equity follows."""

SPENT, GAP, LOG_REPORTED, ENDED, N_STATE = 0, 1, 2, 3, 4
"""State of a path: cash burned without new money, billions; funding gap in force since the last date; ln of
the reported over today's equity; 1 once the cash was gone."""


class EquityColumns(NamedTuple):
    """Value of all equity, billions; each array `(n_instruments,)`.

    Attributes
    ----------
    method
        `LAST_ROUND`, `COMPARABLE` or `MULTIPLE`.
    source_row
        Row in `market.factors` of the mark or the multiple; in `market.derived` of ln(spot) of a comparable.
    base
        Equity today.
    base_log_spot, beta
        ln(spot) of the comparable today, and what multiplies its change.
    revenue, net_debt
        Of a multiple.
    catch_up
        Part of the gap between equity and reported equity that closes in this step; 1 without a lag or a
        step.
    """

    method: IntArray
    source_row: IntArray
    base: FloatArray
    base_log_spot: FloatArray
    beta: FloatArray
    revenue: FloatArray
    net_debt: FloatArray
    catch_up: FloatArray


class RunwayColumns(NamedTuple):
    """How long the cash lasts; each array `(n_instruments,)`.

    Attributes
    ----------
    gap_row
        Row in `market.factors` of the funding gap; `NO_ROW` where a stake has no runway.
    cash
        Billions today.
    burn, step_burn
        Costs less revenue, at least 0: a year at the valuation date; in all since the step before.
    reopening_years
        Time in which new money is found with even odds.
    after_scale
        Equity after the cash is gone, as a part of the equity before.
    after_share
        Part of the payoff that is left after dilution.
    """

    gap_row: IntArray
    cash: FloatArray
    burn: FloatArray
    step_burn: FloatArray
    reopening_years: FloatArray
    after_scale: FloatArray
    after_share: FloatArray


class TrancheColumns(NamedTuple):
    """Payoffs as sums of calls on the equity, stake after stake; each array `(n_tranches,)`.

    Attributes
    ----------
    strike, log_strike
        Billions; the log of a strike 0 is not read.
    slope
        Change of the class's part of a further unit of equity.
    """

    strike: FloatArray
    log_strike: FloatArray
    slope: FloatArray


class PrivateStakeColumns(NamedTuple):
    """Compiled stakes.

    Attributes
    ----------
    unit
        Money of one unit for a billion paid to the class `(n_instruments,)`.
    equity, runway
        As above.
    offsets, after_offsets
        Stake i has the tranches `offsets[i]` to `offsets[i + 1]`, and once its cash is gone those of
        `after_offsets`; `(n_instruments + 1,)`.
    tranches
        All of both.
    std_dev, after_std_dev
        vol·√T until the exit; 0 where the payoff is that of a sale today `(n_instruments,)`.
    discount_row, log_discount_row
        Rows in `market.derived` to the exit; of today where there is none.
    default_row
        Row in `market.factors` of the issuer's default state, or `NO_ROW`.
    default_recovery
        Part of the equity that shareholders get then.
    """

    unit: FloatArray
    equity: EquityColumns
    runway: RunwayColumns
    offsets: IntArray
    after_offsets: IntArray
    tranches: TrancheColumns
    std_dev: FloatArray
    after_std_dev: FloatArray
    discount_row: IntArray
    log_discount_row: IntArray
    default_row: IntArray
    default_recovery: FloatArray

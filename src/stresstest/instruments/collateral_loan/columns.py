"""Columns of loans against GPUs."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.collateral import Schedule
from stresstest.kernels.floating import GrowthColumns


class PointColumns(NamedTuple):
    """Payments and the valuation date in order, loan after loan; each array `(n_points,)`, one unit of face.

    Attributes
    ----------
    schedule
        What no column changes.
    growth
        Where the rate of the period that ends here comes from.
    discount_row, middle_row, sale_discount_row, late_discount_row
        Rows in `market.derived` of discount factors to the payment, to the middle of the time before it, and
        to the middles of both sales.
    lots
        Point p has the lots `lots[p]` to `lots[p + 1]` `(n_points + 1,)`.
    """

    schedule: Schedule
    growth: GrowthColumns
    discount_row: IntArray
    middle_row: IntArray
    sale_discount_row: IntArray
    late_discount_row: IntArray
    lots: IntArray


class LotColumns(NamedTuple):
    """GPUs of one generation at one point; each array `(n_lots,)`, one unit of face.

    Attributes
    ----------
    contract_hours, market_hours
        Hours of the period under the contract and after it.
    chips, sale, late_sale
        Chips' worth for one unit of rental rate: at the point, and in sales that begin there or when the
        contract ends, haircut taken.
    price_row, sale_row, late_row
        Rows in `market.derived` of the rental rates that go with them.
    """

    contract_hours: FloatArray
    market_hours: FloatArray
    chips: FloatArray
    sale: FloatArray
    late_sale: FloatArray
    price_row: IntArray
    sale_row: IntArray
    late_row: IntArray


class TermColumns(NamedTuple):
    """What holds for a whole loan; each array `(n_instruments,)`.

    Attributes
    ----------
    floor
        Lowest rate before the margin, −∞ for none.
    utilisation, contract_kept, step_in_years, advance_rate, min_dscr, max_ltv, sweep
        As in the terms; `max_ltv` is ∞ where there is none.
    standing_row, standing_years
        Row in `market.derived` of ln D to the term of the rate in force, and that term.
    """

    floor: FloatArray
    utilisation: FloatArray
    contract_kept: FloatArray
    step_in_years: FloatArray
    advance_rate: FloatArray
    min_dscr: FloatArray
    max_ltv: FloatArray
    sweep: FloatArray
    standing_row: IntArray
    standing_years: FloatArray


class PartyColumns(NamedTuple):
    """Credit of sponsor and customer; each array `(n_instruments,)`.

    Attributes
    ----------
    sponsor_spread_row, customer_spread_row, basis_row
        Rows in `market.factors`; `NO_ROW` without a basis.
    sponsor_state_row, customer_state_row, recovery_row
        Rows in `market.factors` of default states and of what unsecured claims on the customer recover;
        `NO_ROW` where the market states none.
    usual_recovery, inverse_loss
        Conventional recovery; 1 ÷ the loss that credit spreads pay for.
    """

    sponsor_spread_row: IntArray
    customer_spread_row: IntArray
    basis_row: IntArray
    sponsor_state_row: IntArray
    customer_state_row: IntArray
    recovery_row: IntArray
    usual_recovery: FloatArray
    inverse_loss: FloatArray


class CollateralLoanColumns(NamedTuple):
    """Compiled loans: loan i has the points `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`."""

    offsets: IntArray
    points: PointColumns
    lots: LotColumns
    terms: TermColumns
    parties: PartyColumns

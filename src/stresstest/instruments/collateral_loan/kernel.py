"""Value of loans against GPUs, one loan after the other over all columns, and what they remember."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.collateral_loan.columns import CollateralLoanColumns, PartyColumns, TermColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.collateral import (
    Credit,
    Deal,
    Levels,
    Resources,
    Schedule,
    Standing,
    Valuation,
    fill_resources,
    value_loan,
)
from stresstest.kernels.floating import fill_log_growth, keep_standing_rate
from stresstest.kernels.loans import hazard_rate
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW

_STANDING_RATE = 2
_REPAID, _SWEPT, _OVER, _PENDING = 3, 4, 5, 6
"""Places in the state, after those of the rates: principal repaid; whether the sweep runs; whether the loan
is over; what a default left on the last date, which is cash on the next."""


@kernel
def loan_deal(terms: TermColumns, i: int) -> Deal:
    """Return the terms of loan i."""
    return Deal(
        terms.floor[i],
        terms.utilisation[i],
        terms.contract_kept[i],
        terms.step_in_years[i],
        terms.advance_rate[i],
        terms.min_dscr[i],
        terms.max_ltv[i],
        terms.sweep[i],
    )


@kernel
def loan_schedule(columns: CollateralLoanColumns, i: int) -> Schedule:
    """Return the points of loan i."""
    whole, first, last = columns.points.schedule, columns.offsets[i], columns.offsets[i + 1]
    return Schedule(
        whole.kind[first:last],
        whole.year_fraction[first:last],
        whole.margin[first:last],
        whole.planned[first:last],
        whole.matures[first:last],
        whole.contract[first:last],
        whole.contract_cost[first:last],
        whole.market_cost[first:last],
        whole.damages[first:last],
        whole.years[first:last],
        whole.length_years[first:last],
        whole.period_years[first:last],
        whole.sale_years[first:last],
        whole.late_years[first:last],
    )


@kernel
def _optional(row: int, j: int, market: MarketRows) -> float:
    return 0.0 if row == NO_ROW else market.factors[row, j]


@kernel
def _credit(parties: PartyColumns, i: int, j: int, market: MarketRows) -> Credit:
    stated = parties.recovery_row[i] != NO_ROW
    recovery = market.factors[parties.recovery_row[i], j] if stated else parties.usual_recovery[i]
    loss = parties.inverse_loss[i]
    return Credit(
        hazard_rate(market.factors[parties.sponsor_spread_row[i], j], loss),
        hazard_rate(market.factors[parties.customer_spread_row[i], j], loss),
        _optional(parties.basis_row[i], j, market),
        recovery,
    )


@kernel
def fill_loan_levels(
    columns: CollateralLoanColumns,
    place: tuple[int, int],
    market: MarketRows,
    growth: FloatArray,
    out: Levels,
) -> None:
    """Write what a column gives the points of a loan; `place`: loan, column."""
    i, j = place
    points, lots, derived = columns.points, columns.lots, market.derived
    for p in range(columns.offsets[i], columns.offsets[i + 1]):
        k = p - columns.offsets[i]
        out.log_growth[k] = growth[k, j]
        out.discount[k] = derived[points.discount_row[p], j]
        out.middle[k] = derived[points.middle_row[p], j]
        out.sale_discount[k] = derived[points.sale_discount_row[p], j]
        out.late_discount[k] = derived[points.late_discount_row[p], j]
        contract, let, chips, sale, late = 0.0, 0.0, 0.0, 0.0, 0.0
        for lot in range(points.lots[p], points.lots[p + 1]):
            price = derived[lots.price_row[lot], j]
            contract = fma(lots.contract_hours[lot], price, contract)
            let = fma(lots.market_hours[lot], price, let)
            chips = fma(lots.chips[lot], price, chips)
            sale = fma(lots.sale[lot], derived[lots.sale_row[lot], j], sale)
            late = fma(lots.late_sale[lot], derived[lots.late_row[lot], j], late)
        out.contract_market[k], out.market[k], out.chips[k] = contract, let, chips
        out.sale[k], out.late_sale[k] = sale, late


@kernel
def level_rows(room: FloatArray, count: int) -> Levels:
    """Return rows for what a column gives the `count` points of a loan, out of `room` `(≥ 10, ≥ count)`."""
    return Levels(
        room[0, :count], room[1, :count], room[2, :count], room[3, :count], room[4, :count],
        room[5, :count], room[6, :count], room[7, :count], room[8, :count], room[9, :count],
    )  # fmt: skip


@kernel
def _settle(
    defaults: tuple[float, float], found: Valuation, value: float, j: int, state: FloatArray
) -> float:
    """Return the value with defaults of both parties: they end the loan, what they leave is cash next."""
    sponsor, customer = defaults
    if (sponsor == 0.0 and customer == 0.0) or state[_OVER, j] != 0.0:
        return value
    left = fma(customer, found.if_customer, (1.0 - customer) * sponsor * found.if_sponsor)
    state[_OVER, j] = 1.0
    state[_PENDING, j] = fma((1.0 - customer) * (1.0 - sponsor), value, left)
    pending: float = state[_PENDING, j]
    return pending


@kernel
def revalue(columns: CollateralLoanColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of face of every loan, with accrued interest, and its cash into `paid`."""
    width, most = out.value.shape[1], 1
    for i in range(columns.offsets.shape[0] - 1):
        most = max(most, columns.offsets[i + 1] - columns.offsets[i])
    growth, room = np.zeros((most, width)), np.zeros((13, most))
    for i in range(columns.offsets.shape[0] - 1):
        first, count = columns.offsets[i], columns.offsets[i + 1] - columns.offsets[i]
        for k in range(count):
            fill_log_growth(columns.points.growth, first + k, market, state[i], growth[k])
        standing = market.derived[columns.terms.standing_row[i]]
        keep_standing_rate(standing, columns.terms.standing_years[i], state[i, _STANDING_RATE])
        schedule, deal = loan_schedule(columns, i), loan_deal(columns.terms, i)
        levels = level_rows(room, count)
        resources = Resources(room[10, :count], room[11, :count], room[12, :count])
        for j in range(width):
            fill_loan_levels(columns, (i, j), market, growth, levels)
            credit = _credit(columns.parties, i, j, market)
            fill_resources(schedule, levels, deal, credit, resources)
            start = Standing(1.0 - state[i, _REPAID, j], state[i, _SWEPT, j], 1.0 - state[i, _OVER, j])
            found = value_loan(schedule, levels, (deal, credit), resources, start)
            out.paid[i, j] = found.paid + state[i, _PENDING, j]
            state[i, _PENDING, j] = 0.0
            state[i, _REPAID, j] = 1.0 - found.standing.balance
            state[i, _SWEPT, j] = found.standing.swept
            state[i, _OVER, j] = 1.0 - found.standing.is_open
            defaults = (
                _optional(columns.parties.sponsor_state_row[i], j, market),
                _optional(columns.parties.customer_state_row[i], j, market),
            )
            out.value[i, j] = _settle(defaults, found, found.value, j, state[i])

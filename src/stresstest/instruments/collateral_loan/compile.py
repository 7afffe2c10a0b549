"""Loans against GPUs as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import Growth, ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.collateral_loan.columns import (
    CollateralLoanColumns,
    LotColumns,
    PartyColumns,
    PointColumns,
    TermColumns,
)
from stresstest.instruments.collateral_loan.requirements import (
    CUSTOMER_RANK,
    rental_curve,
    sponsor_of,
)
from stresstest.instruments.collateral_loan.spec import CollateralLoanSpec
from stresstest.instruments.collateral_loan.terms import Lot, Point, loan, points
from stresstest.kernels.collateral import AHEAD, NOW, Schedule
from stresstest.kernels.rows import NO_ROW
from stresstest.market.floating_lookups import FloatingPart, growth_columns
from stresstest.market.forward_lookups import base_forward_price
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loan_terms import loan_curve
from stresstest.market.loans import Loan, floor_of
from stresstest.market.lookups import default_keys
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY, SPREAD_LOSS

_NOTHING = Growth(False, False, 0, 0.0, 0.0, 0)
_MONTHS_A_YEAR = 12.0


class _Placed(NamedTuple):
    """A point of a loan with the time of the one before it, in years."""

    spec: CollateralLoanSpec
    loan: Loan
    point: Point
    before: float
    years: float


def compile_columns(specs: Sequence[CollateralLoanSpec], context: CompileContext) -> CollateralLoanColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a loan whose last payment is over has nothing left, and is worth 0.
    """
    market = context.market
    dates = ValuationDates(market.as_of, context.previous_date, context.valuation_date)
    loans = [loan(spec, loan_curve(spec, market), market.as_of) for spec in specs]
    placed = [_placed(spec, found, dates) for spec, found in zip(specs, loans, strict=True)]
    flat = [item for of_loan in placed for item in of_loan]
    return CollateralLoanColumns(
        offsets=offsets(map(len, placed)),
        points=_points(flat, dates, context),
        lots=_lots(flat, context),
        terms=_terms(specs, loans, dates, context),
        parties=_parties(specs, context),
    )


def _placed(spec: CollateralLoanSpec, found: Loan, dates: ValuationDates) -> list[_Placed]:
    items, before = [], 0.0
    for point in points(spec, found, dates):
        years = act_365f_years(dates.valuation, point.day) if point.kind == AHEAD else 0.0
        items.append(_Placed(spec, found, point, before, years))
        before = years
    return items


def _points(flat: Sequence[_Placed], dates: ValuationDates, context: CompileContext) -> PointColumns:
    def discount(item: _Placed, years: float) -> int:
        rows = context.rows
        return rows.discount(item.loan.curve.name, years) if years > 0.0 else rows.constant(1.0)

    return PointColumns(
        schedule=_schedule(flat, dates),
        growth=growth_columns([_part(item, dates, context) for item in flat], context.rows),
        discount_row=frozen_int([discount(item, item.years) for item in flat]),
        middle_row=frozen_int([discount(item, 0.5 * (item.before + item.years)) for item in flat]),
        sale_discount_row=frozen_int([discount(item, _from(dates, item.point.sale_day)) for item in flat]),
        late_discount_row=frozen_int([discount(item, _from(dates, item.point.late_day)) for item in flat]),
        lots=offsets(len(item.point.lots) for item in flat),
    )


def _from(dates: ValuationDates, day: date) -> float:
    """Return the time to a day, 0 for one that is past."""
    return max(act_365f_years(dates.valuation, day), 0.0)


def _part(item: _Placed, dates: ValuationDates, context: CompileContext) -> FloatingPart:
    if item.point.period is None:
        return FloatingPart(item.loan.curve.name, _NOTHING, 0.0, 0)
    return item.loan.rates(context.market, dates).part(item.point.period)


def _schedule(flat: Sequence[_Placed], dates: ValuationDates) -> Schedule:
    def column(of: Callable[[Point], float]) -> list[float]:
        return [of(item.point) for item in flat]

    fractions = [item.point.period.year_fraction if item.point.period else 1.0 for item in flat]
    return Schedule(
        kind=frozen_int([item.point.kind for item in flat]),
        year_fraction=frozen(fractions),
        margin=frozen([item.spec.margin * part for item, part in zip(flat, fractions, strict=True)]),
        planned=frozen(column(lambda point: point.planned)),
        matures=frozen(column(lambda point: float(point.matures))),
        contract=frozen(column(lambda point: point.contract)),
        contract_cost=frozen(column(lambda point: point.contract_cost)),
        market_cost=frozen(column(lambda point: point.market_cost)),
        damages=frozen(column(lambda point: point.damages)),
        years=frozen([item.years for item in flat]),
        length_years=frozen([item.years - item.before for item in flat]),
        period_years=frozen(column(lambda point: 1.0 if point.kind == NOW else point.cash_years)),
        sale_years=frozen(column(lambda point: _from(dates, point.sale_day))),
        late_years=frozen(column(lambda point: _from(dates, point.late_day))),
    )


def _lots(flat: Sequence[_Placed], context: CompileContext) -> LotColumns:
    market, valuation = context.market, context.valuation_date
    pairs = [(item.point, lot) for item in flat for lot in item.point.lots]

    def row(lot: Lot, day: date) -> int:
        years = max(act_365f_years(valuation, day), 0.0)
        return context.rows.forward_price(rental_curve(market, lot.chips.gpu), years)

    # A chip is worth so much for one unit of today's rental rate.
    unit = [1.0 / base_forward_price(market, rental_curve(market, lot.chips.gpu), 0.0) for _, lot in pairs]
    return LotColumns(
        contract_hours=frozen([lot.contract_hours for _, lot in pairs]),
        market_hours=frozen([lot.market_hours for _, lot in pairs]),
        chips=frozen([lot.worth * each for (_, lot), each in zip(pairs, unit, strict=True)]),
        sale=frozen([lot.sale * each for (_, lot), each in zip(pairs, unit, strict=True)]),
        late_sale=frozen([lot.late_sale * each for (_, lot), each in zip(pairs, unit, strict=True)]),
        price_row=frozen_int([row(lot, point.day) for point, lot in pairs]),
        sale_row=frozen_int([row(lot, point.sale_day) for point, lot in pairs]),
        late_row=frozen_int([row(lot, point.late_day) for point, lot in pairs]),
    )


def _terms(
    specs: Sequence[CollateralLoanSpec], loans: Sequence[Loan], dates: ValuationDates, context: CompileContext
) -> TermColumns:
    years = [found.rates(context.market, dates).standing_years() for found in loans]
    return TermColumns(
        floor=frozen([floor_of(spec.floor) for spec in specs]),
        utilisation=frozen([spec.utilisation for spec in specs]),
        contract_kept=frozen([spec.contract_kept for spec in specs]),
        step_in_years=frozen([spec.step_in_months / _MONTHS_A_YEAR for spec in specs]),
        advance_rate=frozen([spec.advance_rate for spec in specs]),
        min_dscr=frozen([spec.min_dscr for spec in specs]),
        max_ltv=frozen([float("inf") if spec.max_ltv is None else spec.max_ltv for spec in specs]),
        sweep=frozen([spec.sweep for spec in specs]),
        standing_row=frozen_int(
            [
                context.rows.log_discount(found.curve.name, term)
                for found, term in zip(loans, years, strict=True)
            ]
        ),
        standing_years=frozen(years),
    )


def _parties(specs: Sequence[CollateralLoanSpec], context: CompileContext) -> PartyColumns:
    market, rows = context.market, context.rows
    sponsors = [sponsor_of(spec) for spec in specs]
    own = [default_keys(market, spec.issuer, CUSTOMER_RANK) for spec in specs]
    theirs = [default_keys(market, spec.customer, CUSTOMER_RANK) for spec in specs]
    return PartyColumns(
        sponsor_spread_row=frozen_int([rows.factor(sponsor.spread) for sponsor in sponsors]),
        customer_spread_row=frozen_int(
            [rows.factor(RiskFactorKey("credit_spread", spec.customer)) for spec in specs]
        ),
        basis_row=frozen_int(
            [rows.factor(sponsor.basis) if sponsor.basis in market.levels else NO_ROW for sponsor in sponsors]
        ),
        sponsor_state_row=frozen_int([NO_ROW if keys is None else rows.factor(keys[0]) for keys in own]),
        customer_state_row=frozen_int([NO_ROW if keys is None else rows.factor(keys[0]) for keys in theirs]),
        recovery_row=frozen_int([NO_ROW if keys is None else rows.factor(keys[1]) for keys in theirs]),
        usual_recovery=frozen([CONVENTIONAL_RECOVERY[CUSTOMER_RANK]] * len(specs)),
        inverse_loss=frozen([1.0 / SPREAD_LOSS] * len(specs)),
    )

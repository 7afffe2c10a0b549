"""Revolvers as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen
from stresstest.conventions.floating_legs import ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.revolver.columns import DrawingColumns, RevolverColumns
from stresstest.instruments.revolver.spec import RevolverSpec
from stresstest.instruments.revolver.terms import further_loan, loan
from stresstest.market.loan_terms import accrued_interest, debtor_of, loan_curve
from stresstest.market.loans import Loan, credit_columns, leg_columns


def compile_columns(specs: Sequence[RevolverSpec], context: CompileContext) -> RevolverColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a facility that has ended has no payments left, and is worth 0.
    """
    market, rows = context.market, context.rows
    dates = ValuationDates(market.as_of, context.previous_date, context.valuation_date)
    curves = [loan_curve(spec, market) for spec in specs]
    loans = [loan(spec, curve, market.as_of) for spec, curve in zip(specs, curves, strict=True)]
    further = [further_loan(spec, curve, market.as_of) for spec, curve in zip(specs, curves, strict=True)]
    return RevolverColumns(
        leg_columns(loans, market, dates, rows),
        leg_columns(further, market, dates, rows),
        credit_columns([debtor_of(spec) for spec in specs], loans, market, dates, rows),
        _drawing(specs, further, context),
    )


def _drawing(
    specs: Sequence[RevolverSpec], further: Sequence[Loan], context: CompileContext
) -> DrawingColumns:
    market, today = context.market, context.valuation_date
    starts = [market.levels[debtor_of(spec).spread] for spec in specs]
    widths = [spec.distress_spread - start for spec, start in zip(specs, starts, strict=True)]
    return DrawingColumns(
        most=frozen(
            [(1.0 - spec.drawn) * spec.credit_conversion if today < spec.maturity else 0.0 for spec in specs]
        ),
        start_spread=frozen(starts),
        inverse_width=frozen([1.0 / width if width > 0.0 else 0.0 for width in widths]),
        cost=frozen([1.0 + accrued_interest(unit, market, today) for unit in further]),
    )

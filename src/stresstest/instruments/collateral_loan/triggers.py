"""What may flip in a loan against GPUs: its covenants, a payment that is missed, a balloon not refinanced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stresstest.arrays import frozen_int
from stresstest.conventions.floating_legs import ValuationDates
from stresstest.instrument_type import CompileContext, Trigger, Triggers
from stresstest.instruments.collateral_loan.compile import compile_columns
from stresstest.instruments.collateral_loan.covenants import StrainColumns
from stresstest.instruments.collateral_loan.spec import CollateralLoanSpec
from stresstest.instruments.collateral_loan.terms import loan, points
from stresstest.kernels.gauges import Gauges, threshold_gauges
from stresstest.market.loan_terms import loan_curve

_LOAN_TO_VALUE, _DEBT_SERVICE, _PAYMENT, _BALLOON = range(4)

_KINDS = (
    Trigger(
        "loan_to_value",
        "breaks its loan-to-value covenant, and the sweep begins",
        "keeps its loan-to-value covenant",
    ),
    Trigger(
        "debt_service",
        "breaks its debt-service covenant, and the sweep begins",
        "keeps its debt-service covenant",
    ),
    Trigger("payment_default", "misses a payment", "makes its payments"),
    Trigger("refinancing", "cannot refinance its balloon", "can refinance its balloon"),
)


class _Watched(NamedTuple):
    """A strain of a loan at a point: by loan, strain, number of the point among all, in words."""

    loan: int
    strain: int
    point: int
    detail: str


def compile_strains(specs: Sequence[CollateralLoanSpec], context: CompileContext) -> Gauges:
    """Return the gauges of loans today; along a path what was repaid and swept counts, and there are none.

    One for each covenant and payment to come, since a covenant that breaks at an earlier one begins the sweep
    earlier, and the value jumps.
    """
    if context.previous_date is not None:
        return threshold_gauges([])
    watched = list(_watched(specs, context))
    columns = StrainColumns(
        compile_columns(specs, context),
        frozen_int([item.strain for item in watched]),
        frozen_int([item.point for item in watched]),
    )
    return Gauges(
        frozen_int([item.loan for item in watched]),
        columns.strain,
        tuple(item.detail for item in watched),
        columns,
    )


def _watched(specs: Sequence[CollateralLoanSpec], context: CompileContext) -> Iterator[_Watched]:
    first, market = 0, context.market
    dates = ValuationDates(market.as_of, None, context.valuation_date)
    for number, spec in enumerate(specs):
        found = points(spec, loan(spec, loan_curve(spec, market), market.as_of), dates)
        days = [(first + place, point.day) for place, point in enumerate(found)]
        coming = [(place, day) for place, day in days if day > context.valuation_date]
        for strain in _strains(spec):
            yield from (_Watched(number, strain, place, f"payment of {day}") for place, day in coming)
        yield from (_Watched(number, _BALLOON, place, f"balloon of {day}") for place, day in coming[-1:])
        first += len(found)


def _strains(spec: CollateralLoanSpec) -> tuple[int, ...]:
    """Return what payments of a loan are tested for."""
    loan_to_value = () if spec.max_ltv is None else (_LOAN_TO_VALUE,)
    debt_service = (_DEBT_SERVICE,) if spec.min_dscr > 0.0 else ()
    return (_PAYMENT, *loan_to_value, *debt_service)


TRIGGERS = (Triggers(_KINDS, compile_strains, "covenants:measure_strains"),)

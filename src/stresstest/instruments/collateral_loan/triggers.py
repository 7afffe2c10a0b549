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
    first, today = 0, context.valuation_date
    for number, spec in enumerate(specs):
        found = points(
            spec, loan(spec, loan_curve(spec, context.market), context.market.as_of),
            ValuationDates(context.market.as_of, None, today),
        )  # fmt: skip
        strains = [_PAYMENT]
        strains += [_LOAN_TO_VALUE] if spec.max_ltv is not None else []
        strains += [_DEBT_SERVICE] if spec.min_dscr > 0.0 else []
        for place, point in enumerate(found):
            if point.day > today:
                for strain in strains:
                    yield _Watched(number, strain, first + place, f"payment of {point.day}")
        if found:
            yield _Watched(number, _BALLOON, first + len(found) - 1, f"balloon of {found[-1].day}")
        first += len(found)


TRIGGERS = (Triggers(_KINDS, compile_strains, "covenants:measure_strains"),)

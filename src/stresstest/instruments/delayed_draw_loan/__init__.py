"""Delayed-draw term loan: one unit is one unit of commitment, drawn by a schedule, then repaid."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.delayed_draw_loan.compile import compile_columns
from stresstest.instruments.delayed_draw_loan.spec import DelayedDrawLoanSpec
from stresstest.instruments.delayed_draw_loan.terms import override, requirements

INSTRUMENT_TYPE = InstrumentType(
    tag="delayed_draw_loan",
    summary="term loan drawn by a schedule, with commitment fee; quantity is the commitment",
    spec=DelayedDrawLoanSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=5,
    override=override,
)

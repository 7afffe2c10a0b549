"""Term loan: one unit is one unit of face, at a floating rate and a margin, under its issuer's spread."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.term_loan.compile import compile_columns
from stresstest.instruments.term_loan.spec import TermLoanSpec
from stresstest.instruments.term_loan.terms import override, requirements

INSTRUMENT_TYPE = InstrumentType(
    tag="term_loan",
    summary="floating-rate loan with floor, amortisation, prepayment and recovery; quantity is face",
    spec=TermLoanSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=5,
    override=override,
)

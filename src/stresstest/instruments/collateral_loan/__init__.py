"""Loan against GPUs: one unit is one unit of face of a ring-fenced borrower with a contract and chips."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.collateral_loan.basis import override
from stresstest.instruments.collateral_loan.compile import compile_columns
from stresstest.instruments.collateral_loan.requirements import requirements
from stresstest.instruments.collateral_loan.spec import CollateralLoanSpec
from stresstest.instruments.collateral_loan.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="collateral_loan",
    summary="loan to a ring-fenced owner of GPUs and a customer's contract; quantity is face",
    spec=CollateralLoanSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=7,
    override=override,
    triggers=TRIGGERS,
)

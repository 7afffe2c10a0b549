"""Liability: dated payments owed, such as pensions, valued on a curve; what is owed has a negative value."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.liability.compile import compile_columns
from stresstest.instruments.liability.requirements import requirements
from stresstest.instruments.liability.spec import LiabilitySpec

INSTRUMENT_TYPE = InstrumentType(
    tag="liability",
    summary="dated payments owed, such as pensions; quantity 1 owes them once and has a negative value",
    spec=LiabilitySpec,
    requirements=requirements,
    compile=compile_columns,
    n_state=2,
    is_liability=True,
)

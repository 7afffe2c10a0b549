"""Equity forward: a share bought today, paid for and delivered on one later day."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.equity_forward.compile import compile_columns, requirements
from stresstest.instruments.equity_forward.spec import EquityForwardSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="equity_forward",
    summary="forward purchase of a share, fund or index between two parties; quantity counts shares",
    spec=EquityForwardSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
)

"""Equity: one unit is one share."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.equity.compile import compile_columns, requirements
from stresstest.instruments.equity.spec import EquitySpec

INSTRUMENT_TYPE = InstrumentType(
    tag="equity",
    summary="shares of a company",
    spec=EquitySpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    stated_kind="spot",
)

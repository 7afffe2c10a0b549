"""Fund: one unit is one share of an exchange-traded or open fund."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.fund.compile import compile_columns, requirements
from stresstest.instruments.fund.spec import FundSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="fund",
    summary="shares of a fund",
    spec=FundSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    stated_kind="spot",
)

"""Cash: one unit is one unit of its currency."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.cash.compile import compile_columns, requirements
from stresstest.instruments.cash.spec import CashSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="cash",
    summary="money in one currency",
    spec=CashSpec,
    requirements=requirements,
    compile=compile_columns,
)

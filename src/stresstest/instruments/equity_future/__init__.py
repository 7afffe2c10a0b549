"""Equity or index future: marked to the market day by day, so its value is the gain since it was entered."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.equity_future.compile import compile_columns, requirements
from stresstest.instruments.equity_future.spec import EquityFutureSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="equity_future",
    summary="future on a share, fund or index, marked to the market",
    spec=EquityFutureSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
)

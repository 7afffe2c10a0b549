"""European option on a share, fund or index, with the smile of its underlying."""

from stresstest.instrument_type import STRIKE, InstrumentType, Triggers, share_strikes
from stresstest.instruments.european_option.compile import compile_columns
from stresstest.instruments.european_option.requirements import requirements
from stresstest.instruments.european_option.spec import EuropeanOptionSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="european_option",
    summary="European call or put on a share, with smile and continuous dividend yield",
    spec=EuropeanOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
    triggers=(Triggers((STRIKE,), share_strikes),),
)

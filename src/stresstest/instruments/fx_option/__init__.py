"""European option on an exchange rate."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.fx_option.compile import compile_columns
from stresstest.instruments.fx_option.requirements import requirements
from stresstest.instruments.fx_option.spec import FxOptionSpec
from stresstest.instruments.fx_option.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="fx_option",
    summary="European call or put on an exchange rate, with smile; quantity is the amount of base currency",
    spec=FxOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    triggers=TRIGGERS,
)

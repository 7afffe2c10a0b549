"""American option on a share, fund or index, with the smile of its underlying and every regime of rates."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.american_option.compile import compile_columns
from stresstest.instruments.american_option.requirements import requirements
from stresstest.instruments.american_option.spec import AmericanOptionSpec
from stresstest.instruments.american_option.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="american_option",
    summary="American call or put on a share, with smile, dividend yield or dividends on dates",
    spec=AmericanOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
    triggers=TRIGGERS,
)

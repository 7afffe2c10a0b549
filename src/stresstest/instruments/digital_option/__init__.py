"""Digital option: pays a fixed amount, or a share, where the price ends on one side of the strike."""

from stresstest.instrument_type import STRIKE, InstrumentType, Triggers, share_strikes
from stresstest.instruments.digital_option.compile import compile_columns, requirements
from stresstest.instruments.digital_option.spec import DigitalOptionSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="digital_option",
    summary="European cash-or-nothing or asset-or-nothing option on a share, with smile",
    spec=DigitalOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
    triggers=(Triggers((STRIKE,), share_strikes),),
)

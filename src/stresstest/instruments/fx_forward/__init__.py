"""Currency forward: one currency bought for another on a later day, at a rate agreed today."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.fx_forward.compile import compile_columns, requirements
from stresstest.instruments.fx_forward.spec import FxForwardSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="fx_forward",
    summary="forward purchase of a currency; quantity is the amount of the pair's base currency",
    spec=FxForwardSpec,
    requirements=requirements,
    compile=compile_columns,
)

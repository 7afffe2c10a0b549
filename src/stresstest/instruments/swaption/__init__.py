"""European swaption: right to enter a swap at a fixed rate on one day."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.swaption.compile import compile_columns
from stresstest.instruments.swaption.requirements import requirements
from stresstest.instruments.swaption.spec import SwaptionSpec
from stresstest.instruments.swaption.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="swaption",
    summary="European payer or receiver swaption, by Bachelier or Black; quantity is notional",
    spec=SwaptionSpec,
    requirements=requirements,
    compile=compile_columns,
    triggers=TRIGGERS,
)

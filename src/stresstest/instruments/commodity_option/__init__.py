"""European option on a commodity or power future."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.commodity_option.compile import compile_columns
from stresstest.instruments.commodity_option.requirements import requirements
from stresstest.instruments.commodity_option.spec import CommodityOptionSpec
from stresstest.instruments.commodity_option.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="commodity_option",
    summary="European call or put on a commodity or power future (Black 1976), with smile",
    spec=CommodityOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    triggers=TRIGGERS,
)

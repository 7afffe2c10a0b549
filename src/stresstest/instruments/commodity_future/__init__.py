"""Commodity or power future: marked to the market day by day, its value the gain since it was entered."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.commodity_future.compile import compile_columns, requirements
from stresstest.instruments.commodity_future.spec import CommodityFutureSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="commodity_future",
    summary="future on a commodity or on power, priced off its forward curve, marked to the market",
    spec=CommodityFutureSpec,
    requirements=requirements,
    compile=compile_columns,
)

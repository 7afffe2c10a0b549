"""Credit default swap on an index, off one flat curve."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.cds_index.compile import compile_columns
from stresstest.instruments.cds_index.price import override
from stresstest.instruments.cds_index.spec import CdsIndexSpec
from stresstest.instruments.cds_index.terms import requirements

INSTRUMENT_TYPE = InstrumentType(
    tag="cds_index",
    summary="credit default swap on an index series; quantity is original notional of protection bought",
    spec=CdsIndexSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="index",
    override=override,
)

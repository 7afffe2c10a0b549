"""Credit default swap on one issuer by the ISDA standard model."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.cds.compile import compile_columns
from stresstest.instruments.cds.spec import CdsSpec
from stresstest.instruments.cds.terms import requirements
from stresstest.instruments.cds.upfront import override

INSTRUMENT_TYPE = InstrumentType(
    tag="cds",
    summary="credit default swap on one issuer; quantity is notional of protection bought",
    spec=CdsSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=1,
    override=override,
)

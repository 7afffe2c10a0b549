"""Overnight index swap: fixed against the overnight rate compounded in arrears."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.ois.compile import compile_columns
from stresstest.instruments.ois.requirements import requirements
from stresstest.instruments.ois.spec import OisSpec
from stresstest.market.floating_lookups import RATE_STATE

INSTRUMENT_TYPE = InstrumentType(
    tag="ois",
    summary="fixed against the overnight rate compounded in arrears; quantity is notional",
    spec=OisSpec,
    requirements=requirements,
    compile=compile_columns,
    n_state=RATE_STATE,
)

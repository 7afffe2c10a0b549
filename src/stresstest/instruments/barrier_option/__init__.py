"""Barrier option: a call or put that begins or ends to live when the price touches a barrier."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.barrier_option.compile import compile_columns
from stresstest.instruments.barrier_option.requirements import requirements
from stresstest.instruments.barrier_option.spec import BarrierOptionSpec
from stresstest.instruments.barrier_option.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="barrier_option",
    summary="European knock-in or knock-out option on a share with one barrier and a rebate",
    spec=BarrierOptionSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
    n_state=1,
    triggers=TRIGGERS,
)

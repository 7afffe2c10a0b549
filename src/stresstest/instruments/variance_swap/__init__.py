"""Variance swap: pays the variance that a price realises less a strike, replicated off the vol surface."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.variance_swap.compile import compile_columns
from stresstest.instruments.variance_swap.requirements import requirements
from stresstest.instruments.variance_swap.spec import VarianceSwapSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="variance_swap",
    summary="variance swap on a share, fund or index; quantity is the vega notional, money a vol point",
    spec=VarianceSwapSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="underlying",
    n_state=2,
)

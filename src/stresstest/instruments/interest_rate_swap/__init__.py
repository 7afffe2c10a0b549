"""Interest-rate swap: fixed against a floating rate that is set in advance."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.interest_rate_swap.compile import compile_columns
from stresstest.instruments.interest_rate_swap.requirements import requirements
from stresstest.instruments.interest_rate_swap.spec import InterestRateSwapSpec
from stresstest.market.floating_lookups import RATE_STATE

INSTRUMENT_TYPE = InstrumentType(
    tag="interest_rate_swap",
    summary="fixed against floating interest, the rate set in advance; quantity is notional",
    spec=InterestRateSwapSpec,
    requirements=requirements,
    compile=compile_columns,
    n_state=RATE_STATE,
)

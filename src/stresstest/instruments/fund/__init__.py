"""Fund: one unit is one share of an exchange-traded or open fund."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.fund.columns import N_STATE
from stresstest.instruments.fund.compile import compile_columns, requirements, weights
from stresstest.instruments.fund.spec import FundSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="fund",
    summary="shares of a fund, priced, or moved by its holdings with a daily multiple",
    spec=FundSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=N_STATE,
    stated_kind="spot",
    look_through=weights,
)

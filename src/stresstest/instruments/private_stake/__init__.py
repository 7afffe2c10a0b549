"""Private stake: shares of a company without a listing, valued off its mark through its preference stack."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.private_stake.columns import N_STATE
from stresstest.instruments.private_stake.compile import compile_columns
from stresstest.instruments.private_stake.marks import override
from stresstest.instruments.private_stake.requirements import requirements
from stresstest.instruments.private_stake.spec import PrivateStakeSpec
from stresstest.instruments.private_stake.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="private_stake",
    summary="shares of a private company with preference stack, lagging mark and funding runway",
    spec=PrivateStakeSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=N_STATE,
    override=override,
    triggers=TRIGGERS,
)

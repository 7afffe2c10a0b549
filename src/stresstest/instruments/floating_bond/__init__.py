"""Floating-rate bond: one unit is one unit of face, valued dirty off the overnight curve and a spread."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.floating_bond.compile import compile_columns
from stresstest.instruments.floating_bond.requirements import requirements
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.instruments.floating_bond.z_spread import override
from stresstest.market.floating_lookups import RATE_STATE

INSTRUMENT_TYPE = InstrumentType(
    tag="floating_bond",
    summary="floating-rate bond, in advance or compounded, with margin and z-spread; quantity is face",
    spec=FloatingBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    override=override,
    n_state=RATE_STATE,
)

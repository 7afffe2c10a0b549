"""Fixed-rate bond: one unit is one unit of face, valued dirty off a zero curve and its issuer's spread."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.fixed_bond.compile import compile_columns
from stresstest.instruments.fixed_bond.requirements import requirements
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.z_spread import override

INSTRUMENT_TYPE = InstrumentType(
    tag="fixed_bond",
    summary="fixed-rate bond with schedule, day count and z-spread; quantity is face",
    spec=FixedBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    override=override,
)

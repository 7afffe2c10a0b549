"""Inflation-linked bond: one unit is one unit of real face, valued dirty off nominal rates and inflation."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.inflation_bond.compile import compile_columns
from stresstest.instruments.inflation_bond.requirements import requirements
from stresstest.instruments.inflation_bond.spec import InflationBondSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="inflation_bond",
    summary="inflation-linked bond such as a TIPS, with its deflation floor; quantity is real face",
    spec=InflationBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=2,
)

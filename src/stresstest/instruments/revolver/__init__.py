"""Revolving credit facility: a unit is a unit of commitment; more is drawn as the spread widens."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.revolver.compile import compile_columns
from stresstest.instruments.revolver.spec import RevolverSpec
from stresstest.instruments.revolver.terms import override, requirements
from stresstest.instruments.revolver.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="revolver",
    summary="revolving credit facility, drawn further under stress; quantity is the commitment",
    spec=RevolverSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=10,
    override=override,
    triggers=TRIGGERS,
)

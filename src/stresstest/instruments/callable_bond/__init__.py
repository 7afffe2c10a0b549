"""Callable and puttable fixed-rate bond: rights of redemption valued on a lattice of the short rate."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.callable_bond.compile import compile_columns
from stresstest.instruments.callable_bond.override import override
from stresstest.instruments.callable_bond.requirements import requirements
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="callable_bond",
    summary="fixed-rate bond that its issuer may call, or its holder put, by a schedule; quantity is face",
    spec=CallableBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    override=override,
    n_state=2,
    pays_by_levels=True,
    triggers=TRIGGERS,
)

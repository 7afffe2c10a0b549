"""Convertible bond: share, rates and credit of its issuer in one lattice."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.convertible_bond.compile import compile_columns
from stresstest.instruments.convertible_bond.override import override
from stresstest.instruments.convertible_bond.requirements import requirements
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="convertible_bond",
    summary="bond that its holder may exchange for shares, with calls, triggers and puts; quantity is face",
    spec=ConvertibleBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    override=override,
    n_state=2,
    pays_by_levels=True,
    triggers=TRIGGERS,
)

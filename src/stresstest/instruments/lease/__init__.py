"""Lease: rents that a lessee owes a lessor, with renewals, a residual value guarantee and re-letting."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.lease.columns import N_STATE
from stresstest.instruments.lease.compile import compile_columns
from stresstest.instruments.lease.requirements import requirements
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.instruments.lease.triggers import TRIGGERS

INSTRUMENT_TYPE = InstrumentType(
    tag="lease",
    summary="lease obligation or receivable with renewals, residual value guarantee and re-letting",
    spec=LeaseSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
    n_state=N_STATE,
    triggers=TRIGGERS,
)

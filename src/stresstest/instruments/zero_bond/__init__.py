"""Zero-coupon bond: one unit is one unit of face, discounted off a zero curve and its issuer's spread."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.zero_bond.compile import compile_columns, requirements
from stresstest.instruments.zero_bond.spec import ZeroBondSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="zero_bond",
    summary="zero-coupon bond, bill or strip with its issuer's spread; quantity is face",
    spec=ZeroBondSpec,
    requirements=requirements,
    compile=compile_columns,
    issuer_field="issuer",
)

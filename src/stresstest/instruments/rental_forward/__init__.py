"""Forward on the rental rate of GPUs, settled in cash month by month."""

from stresstest.instrument_type import InstrumentType
from stresstest.instruments.rental_forward.compile import compile_columns
from stresstest.instruments.rental_forward.requirements import requirements
from stresstest.instruments.rental_forward.spec import RentalForwardSpec

INSTRUMENT_TYPE = InstrumentType(
    tag="rental_forward",
    summary="forward on a GPU's rental rate, settled month by month; quantity counts GPUs",
    spec=RentalForwardSpec,
    requirements=requirements,
    compile=compile_columns,
)

"""Contract terms of a revolving credit facility."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stresstest.io.fields import Percentage
from stresstest.io.spreads import Fee, Spread
from stresstest.io.usual import Usual
from stresstest.market.loan_spec import FloatingLoanSpec


class RevolverSpec(FloatingLoanSpec):
    """A commitment that the debtor draws and repays as it likes; the quantity is the commitment.

    The debtor draws more as its spread widens, up to `credit_conversion` of what is undrawn at
    `distress_spread` or in default.
    """

    drawn: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Part of the commitment that is lent on the market's date."""

    commitment_fee: Annotated[Fee, Usual(high=0.03)] = 0.0
    """Interest a year on what is undrawn: `50bp`."""

    credit_conversion: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.4
    """Part of what is undrawn that is drawn by a default; 40 % for commitments in Basel's framework."""

    distress_spread: Annotated[Spread, Field(gt=0.0)] = 0.1
    """Credit spread of the issuer at which that part is drawn without a default: `1000bp`."""

"""Contract terms of a delayed-draw term loan."""

from __future__ import annotations

from math import fsum
from typing import Annotated

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Items, Percentage
from stresstest.io.spreads import Fee
from stresstest.io.usual import Usual
from stresstest.market.loan_spec import FloatingLoanSpec, Instalment


class DelayedDrawLoanSpec(FloatingLoanSpec):
    """A commitment that is drawn by a schedule and then repaid; the quantity of a position is the commitment.

    What is repaid cannot be drawn again. After a default nothing more is drawn, and the fee ends.
    """

    drawn: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Part of the commitment that is lent on the market's date."""

    draws: Items[Instalment] = ()
    """Further parts of the commitment, lent on stated days whatever the spread is by then."""

    available_until: Date | None = None
    """Last day of the draw period; by default that of the last draw. What is not drawn by then lapses."""

    commitment_fee: Annotated[Fee, Usual(high=0.03)] = 0.0
    """Interest a year on what is undrawn and still available: `100bp`."""

    amortisation: Annotated[Percentage, Field(ge=0.0, le=12.0)] = 0.0
    """Part of what has been drawn that is repaid in a year, in equal parts, once the draw period is over."""

    prepayment: Annotated[Percentage, Field(ge=0.0, lt=1.0), Usual(high=0.6)] = 0.0
    """Part of the balance that is prepaid at par in a year beyond what is scheduled (CPR)."""

    oid: Annotated[Percentage, Field(ge=0.0, lt=1.0), Usual(high=0.15)] = 0.0
    """Original-issue discount kept back from each further draw."""

    @model_validator(mode="after")
    def _check_draws(self) -> DelayedDrawLoanSpec:
        if self.drawn + fsum(item.part for item in self.draws) > 1.0 + 1e-9:
            raise ValueError("drawn and draws add up to more than the commitment")
        if any(
            later.date <= earlier.date for earlier, later in zip(self.draws, self.draws[1:], strict=False)
        ):
            raise ValueError("draws are not in order of their dates")
        if self.available_until and self.draws and self.draws[-1].date > self.available_until:
            raise ValueError("a draw lies after available_until")
        if self.price is not None and self.drawn == 0.0:
            raise ValueError("price is given, and nothing is drawn that it could be the price of")
        return self

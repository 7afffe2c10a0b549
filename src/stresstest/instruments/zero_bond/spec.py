"""Contract terms of a zero-coupon bond."""

from __future__ import annotations

from typing import Annotated, Literal

from stresstest.io.fields import Currency, Date, Identifier, Spec
from stresstest.io.usual import UsualTerm


class ZeroBondSpec(Spec):
    """A bond without coupons that repays its face at maturity; the quantity of a position is face."""

    issuer: Identifier
    """Debtor, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    maturity: Annotated[Date, UsualTerm(50)]
    """Day on which the face is paid; one that has moved off a holiday is written as it falls."""

    currency: Currency | None = None
    """Currency of the face; by default the currency of the issuer in the market."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the claim, which decides what is recovered after a default."""

    curve: Identifier | None = None
    """Zero curve that discounts the face; by default the discount curve of the currency."""

"""Contract terms of a single-name credit default swap."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.conventions.cds_dates import PREMIUM_MONTHS, is_premium_date, standard_maturity
from stresstest.io.fields import Currency, Date, Identifier, Percentage, Spec, TenorField
from stresstest.io.spreads import Margin, Spread
from stresstest.io.usual import Usual


class CdsSpec(Spec):
    """Standard credit default swap on one issuer; the quantity is notional of protection bought.

    A negative quantity is protection sold. Premiums fall due on the twentieth of March, June, September and
    December.
    """

    issuer: Identifier
    """Reference entity, by its id in the market, ticker or LEI; its credit spread and attributes apply."""

    maturity: Date | None = None
    """Last day of protection: the twentieth of March, June, September or December."""

    tenor: TenorField | None = None
    """Term of the contract that was on the run on the trade date, like `5Y`, instead of the maturity."""

    trade_date: Date | None = None
    """Day of the trade, which the maturity of a tenor counts from."""

    coupon: Annotated[Margin, Usual(high=0.1)] = 0.01
    """Premium a year; standard contracts pay 100bp or 500bp, and differ from the spread by an upfront."""

    basis: Annotated[Spread, Usual(-0.05, 0.05)] = 0.0
    """Quoted spread of the swap less the credit spread of the issuer; constant in every scenario."""

    upfront: Percentage | None = None
    """Points that a buyer pays beside the coupon, in per cent of notional; the basis is solved from it."""

    recovery: Annotated[Percentage, Field(ge=0.0, lt=1.0)] | None = None
    """Recovery that quotes assume; by default the market's, else 70 %, 40 % or 20 % by seniority."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the debt protected, which decides what is recovered after a default."""

    currency: Currency | None = None
    """Currency of all payments; by default the currency of the issuer in the market."""

    curve: Identifier | None = None
    """Zero curve that discounts; by default that of the currency's overnight rate (`USD_SOFR`)."""

    @property
    def last_day(self) -> date:
        """Return the last day of protection."""
        if self.maturity is not None:
            return self.maturity
        if self.tenor is None or self.trade_date is None:
            raise ValueError("neither maturity nor tenor with trade_date")
        return standard_maturity(self.trade_date, self.tenor.months)

    @model_validator(mode="after")
    def _check_terms(self) -> CdsSpec:
        if (self.maturity is None) == (self.tenor is None):
            raise ValueError("one of maturity and tenor is needed, and the other must not be given")
        if (self.tenor is None) != (self.trade_date is None):
            raise ValueError("tenor and trade_date go together: the maturity counts from the trade date")
        if self.tenor is not None and (self.tenor.months == 0 or self.tenor.months % 3):
            raise ValueError(f"tenor {self.tenor.text} is no whole number of quarters, like 6M or 5Y")
        if self.maturity is not None and not is_premium_date(self.maturity):
            raise ValueError(f"maturity {self.maturity} is not the 20th of {PREMIUM_MONTHS}")
        if self.upfront is not None and self.basis != 0.0:
            raise ValueError("upfront and basis are both given; one fixes the other")
        return self

"""Contract terms of a fund share."""

from __future__ import annotations

from math import fsum
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from stresstest.instruments.fund.look_through import check_funds
from stresstest.io.fields import Currency, Identifier, Items, Percentage, PositiveNumber, Spec, read_number
from stresstest.io.usual import Usual

Multiple = Annotated[float, BeforeValidator(read_number), Field(ge=-5.0, le=5.0)]
"""Daily multiple of a leveraged or inverse fund."""


_FULLY_INVESTED = 1.005
"""Weights above it are no rounding of 100 %."""


class HoldingSpec(Spec):
    """A holding of a fund: an issuer of the market, or another fund of the same position."""

    issuer: Identifier | None = None
    """Share, fund or index, by its id in the market. Or `fund`."""

    fund: Identifier | None = None
    """Name of a fund under `funds`. Or `issuer`."""

    weight: Annotated[Percentage, Field(ge=-5.0, le=5.0)]
    """Share of the fund's net assets, negative for what it has sold short."""

    @model_validator(mode="after")
    def _check_one(self) -> HoldingSpec:
        if (self.issuer is None) == (self.fund is None):
            raise ValueError("a holding has either an issuer or a fund")
        return self


class NestedFundSpec(Spec):
    """A fund that another one of the position holds."""

    name: Identifier
    """Name that holdings use."""

    holdings: Items[HoldingSpec]
    """What it holds; what the weights leave is cash."""


class FundSpec(Spec):
    """A share of a fund: the market's price, or a net asset value that moves with holdings or an index."""

    issuer: Identifier | None = None
    """Fund, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI; the index, where `nav` is given."""

    holdings: Items[HoldingSpec] = ()
    """What the fund holds, instead of `issuer`; what the weights leave keeps its value."""

    funds: Items[NestedFundSpec] = ()
    """Funds that the holdings name; they may hold one another, at most 16 deep."""

    nav: PositiveNumber | None = None
    """Net asset value a share on the market's date, of a fund that the market does not price."""

    multiple: Multiple = 1.0
    """Daily multiple of what the fund holds or follows: 3, or -1 for an inverse fund."""

    expense_ratio: Annotated[Percentage, Field(ge=0.0, le=0.2), Usual(high=0.03)] = 0.0
    """Fees a year that the fund takes out of its assets along a path, like `0.95%`."""

    currency: Currency | None = None
    """Currency of the net asset value; by default that of the issuer, or of the market."""

    @model_validator(mode="after")
    def _check_terms(self) -> FundSpec:
        if (self.issuer is None) != bool(self.holdings):
            raise ValueError("a fund has either an issuer or holdings")
        if self.holdings and self.nav is None:
            raise ValueError("holdings need a nav, which they move")
        if self.nav is None and (self.multiple != 1.0 or self.currency is not None):
            raise ValueError("a multiple or a currency needs a nav, the value of a share today")
        if self.multiple == 0.0:
            raise ValueError("a multiple of 0 follows nothing")
        check_funds(self.holdings, self.funds)
        return self

    def doubts(self) -> tuple[str, ...]:
        """Return the sets of holdings whose weights are more than the fund's net assets."""
        sets = {
            "holdings": self.holdings,
            **{f"holdings of {item.name}": item.holdings for item in self.funds},
        }
        totals = [(name, fsum(item.weight for item in holdings)) for name, holdings in sets.items()]
        return tuple(
            f"{name} add to {100.0 * total:g}%: the fund is taken to have borrowed the rest without interest"
            for name, total in totals
            if total > _FULLY_INVESTED
        )

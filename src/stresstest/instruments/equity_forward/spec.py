"""Contract terms of equity forwards."""

from __future__ import annotations

from typing import Annotated

from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class EquityForwardSpec(Spec):
    """Purchase of shares at a price agreed today; the quantity of a position counts shares, negative: a sale.

    Nothing is paid before delivery, and no margin: the value is the discounted gain. The counterparty is
    taken to pay.
    """

    underlying: Identifier
    """Share, fund or index, by its id in the market, ticker, ISIN, CUSIP, FIGI or LEI."""

    delivery: Annotated[Date, UsualTerm(10)]
    """Day of delivery and payment; on that day the forward is worth spot less price, later it is refused."""

    price: PositiveNumber
    """Price per share agreed, in the underlying's currency."""

    curve: Identifier | None = None
    """Zero curve that discounts the payment; by default the discount curve of the underlying's currency."""

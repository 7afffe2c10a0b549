"""Contract terms of currency forwards."""

from __future__ import annotations

from typing import Annotated

from stresstest.io.currency_pair import CurrencyPair
from stresstest.io.fields import Date, Identifier, PositiveNumber, Spec
from stresstest.io.usual import UsualTerm


class FxForwardSpec(Spec):
    """Purchase of the pair's base currency; the quantity of a position is its amount, negative: a sale.

    `pair: EURUSD, rate: 1.18, quantity: 1_000_000` buys a million euros for 1.18 million dollars.
    """

    pair: CurrencyPair
    """Base currency and the currency that pays, as in `EURUSD`; any two that the market can convert."""

    rate: PositiveNumber
    """Agreed price of one unit of the base currency, in the quote currency."""

    delivery: Annotated[Date, UsualTerm(15)]
    """Day on which both amounts are exchanged; later the forward is refused."""

    base_curve: Identifier | None = None
    """Zero curve of the base currency; by default its discount curve or its only curve."""

    quote_curve: Identifier | None = None
    """Zero curve of the quote currency; by default its discount curve or its only curve."""
